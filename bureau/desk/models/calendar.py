"""The rows behind the working calendar: days that differ from their weekday, loaded years, working periods by date."""

from __future__ import annotations

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class CalendarYear(models.Model):
    """A year whose notice was loaded; a date that reaches any other year is provisional."""

    year = models.PositiveSmallIntegerField(_("year"), primary_key=True)
    loaded_at = models.DateTimeField(_("loaded at"), null=True)  # null: it came with the reference data
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("loaded by")
    )
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        ordering = ["year"]
        verbose_name = _("loaded year")
        verbose_name_plural = _("loaded years")
        constraints = [
            models.CheckConstraint(name="loaded_year_can_be_computed", condition=Q(year__gte=1950, year__lte=2099))
        ]

    def __str__(self) -> str:
        return str(self.year)


class CalendarDay(models.Model):
    """A day that differs from its weekday, or that has a name; all other days are what their weekday says."""

    on = models.DateField(_("day"), unique=True)
    is_working = models.BooleanField(_("worked"))
    name = models.CharField(_("name of the day"), max_length=60)
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        ordering = ["on"]
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")

    def __str__(self) -> str:
        return f"{self.on} {self.name}"


class WorkPeriod(models.Model):
    """One working period of the day; the periods that share the latest `valid_from` are those in force."""

    valid_from = models.DateField(_("valid from"))
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    class Meta:
        ordering = ["valid_from", "opens"]
        verbose_name = _("working period")
        verbose_name_plural = _("working periods")
        constraints = [
            models.UniqueConstraint(name="one_period_opens_at_a_time", fields=["valid_from", "opens"]),
            models.CheckConstraint(name="period_opens_before_it_closes", condition=Q(opens__lt=F("closes"))),
        ]

    def __str__(self) -> str:
        return f"{self.valid_from} {self.opens:%H:%M}-{self.closes:%H:%M}"


class CalendarVersion(models.Model):
    """One row that changes with any change of the calendar, so that every process can see that its copy is old.

    A random token, not a counter: a number taken by a transaction that was rolled back would come again.
    """

    ROW = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ROW)
    token = models.UUIDField(_("version"), default=uuid.uuid4)

    class Meta:
        verbose_name = _("version of the calendar")
        verbose_name_plural = _("versions of the calendar")
        constraints = [models.CheckConstraint(name="calendar_has_one_version", condition=Q(id=1))]

    def __str__(self) -> str:
        return str(self.token)


class CalendarEdition(models.Model):
    """The whole calendar as it stood under one token: by it the clocks of that time still explain their dates (R15)."""

    token = models.UUIDField(_("version"), primary_key=True)
    days = models.JSONField(_("days"))  # [[date, is worked, name], ...]
    years = models.JSONField(_("loaded years"))
    periods = models.JSONField(_("working periods"))  # [[valid from, opens, closes], ...]

    class Meta:
        verbose_name = _("edition of the calendar")
        verbose_name_plural = _("editions of the calendar")
        triggers = [pgtrigger.Protect(name="edition_is_never_changed", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return str(self.token)
