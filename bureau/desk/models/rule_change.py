from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bureau.desk.ids import uuid7
from bureau.desk.models.figure import Figure
from bureau.desk.scope import Grant, Projection, Reach, ScopedQuerySet
from bureau.models.people import Officer
from bureau.models.roles import Role

READERS = tuple(role for role in Role if role is not Role.SYSADMIN)
CALENDAR = "calendar"  # the name under which a recalculation by the calendar in force is asked for


class RuleChangeQuerySet(ScopedQuerySet):
    """Rules are no secret among those who work by them (security.md section 3, `power, law, calendar, limit`)."""

    access = {role: Grant(Reach.EVERY, Projection.FULL) for role in READERS}


class RuleChange(models.Model):
    """A figure to be changed from a day on, or running clocks to be computed anew: proposed, then enacted by another.

    It touches later work only; with `recalculates` also the clocks that run, each with a line on its trail (R15).
    """

    class Status(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("rule change", "proposed")
        ENACTED = "enacted", pgettext_lazy("rule change", "enacted")
        REFUSED = "refused", pgettext_lazy("rule change", "refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("rule change", "withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("name"), max_length=60)
    value = models.CharField(_("value"), max_length=60, blank=True)
    valid_from = models.DateField(_("valid from"))
    reason = models.CharField(_("reason"), max_length=200)
    recalculates = models.BooleanField(_("computes running clocks anew"), default=False)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices)
    proposed_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", verbose_name=_("proposed by"))
    proposed_at = models.DateTimeField(_("proposed at"))
    decided_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by"))
    decided_at = models.DateTimeField(_("decided at"), null=True)
    moved = models.PositiveIntegerField(_("clocks whose date moved"), null=True)
    figure = models.OneToOneField(Figure, models.PROTECT, null=True, related_name="change", verbose_name=_("figure"))

    objects = RuleChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "-id"]
        verbose_name = _("change of a rule")
        verbose_name_plural = _("changes of rules")
        constraints = [
            models.UniqueConstraint(
                name="one_proposal_of_a_rule_at_a_time", fields=["name"], condition=Q(status="proposed")
            ),
            models.CheckConstraint(
                name="nobody_enacts_their_own_proposal",
                condition=~Q(status__in=["enacted", "refused"])
                | (Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(decided_by=F("proposed_by"))),
            ),
        ]
        triggers = [pgtrigger.Protect(name="rule_change_is_never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.name} = {self.value}" if self.value else self.name

    def get_absolute_url(self) -> str:
        return reverse("bureau:rule-change", args=[self.pk])

    @property
    def is_of_calendar(self) -> bool:
        return self.name == CALENDAR
