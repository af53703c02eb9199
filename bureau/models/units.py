from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from bureau.desk.ids import uuid7

if TYPE_CHECKING:
    from typing import Self


def in_local_words(name_zh: str, name_en: str) -> str:
    """The name in the reader's language; Chinese when there is no English one."""
    return name_en if name_en and (get_language() or "").startswith("en") else name_zh


class DatedQuerySet(models.QuerySet):
    def in_force(self, on: date) -> "Self":
        """Rows valid on that day: first day included, last day included."""
        return self.filter(valid_from__lte=on).filter(Q(valid_to=None) | Q(valid_to__gte=on))


class Dated(models.Model):
    """A row that is true from one day to another, both included; an open end is null."""

    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        abstract = True

    def is_in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


class Unit(Dated):
    """Street- or town-level territory, keyed by its 9-digit statistical code."""

    class Kind(models.TextChoices):
        STREET = "street", _("street")
        TOWN = "town", _("town")
        ZONE = "zone", _("industrial zone")

    code = models.CharField(_("code"), max_length=9, primary_key=True)
    slug = models.SlugField(_("short name"), max_length=20, unique=True)
    name_zh = models.CharField(_("name"), max_length=40)
    name_en = models.CharField(_("English name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    longitude = models.FloatField(_("longitude (WGS-84)"))
    latitude = models.FloatField(_("latitude (WGS-84)"))
    area_km2 = models.DecimalField(_("area, km²"), max_digits=7, decimal_places=2, null=True, blank=True)
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    facts = models.JSONField(_("sources and remarks"), default=dict, blank=True)
    is_pilot = models.BooleanField(_("pilot of October 2014"), default=False)
    cells_stay_with = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("cells stay with")
    )

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = pgettext_lazy("territory", "unit")
        verbose_name_plural = pgettext_lazy("territory", "units")
        constraints = [
            models.CheckConstraint(
                name="unit_ends_after_it_begins", condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from"))
            ),
        ]

    def __str__(self) -> str:
        return in_local_words(self.name_zh, self.name_en)

    def get_absolute_url(self) -> str:
        return reverse("bureau:unit", args=[self.code])


class Organisation(Dated):
    """A body: the bureau, a centre, a squad, a street or town government, a station, a partner."""

    class Kind(models.TextChoices):
        BUREAU = "bureau", _("enforcement bureau")
        BRIGADE = "brigade", _("enforcement brigade")
        GRID_CENTRE = "grid_centre", _("grand-linkage (grid) centre")
        EMERGENCY_OFFICE = "emergency_office", _("emergency office")
        DISTRICT_SUPERVISION = "district_supervision", _("district supervision")
        GOVERNMENT = "government", _("street or town government")
        SQUAD = "squad", _("enforcement squad")
        SUB_CENTRE = "sub_centre", _("grand-linkage sub-centre")
        STATION = "station", _("committee work station")
        LAND_OFFICE = "land_office", _("land and planning office")
        HOUSING_OFFICE = "housing_office", _("housing office")
        MARKET_SUPERVISION = "market_supervision", _("market supervision office")
        PARTNER = "partner", _("partner body")
        SOCIAL = "social", _("social supervisors")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.SlugField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=24, choices=Kind.choices)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="organisations", verbose_name=_("unit")
    )
    name_zh = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=90)
    short_zh = models.CharField(_("short name"), max_length=30, blank=True)
    remark = models.CharField(_("remark"), max_length=200, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["unit_id", "kind", "code"]
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            models.CheckConstraint(
                name="organisation_ends_after_it_begins", condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from"))
            ),
        ]

    def __str__(self) -> str:
        return in_local_words(self.short_zh or self.name_zh, self.name_en)

    @property
    def full_name(self) -> str:
        return in_local_words(self.name_zh, self.name_en)

    def get_absolute_url(self) -> str:
        return reverse("bureau:organisation", args=[self.code])


class OrganisationTie(Dated):
    """Who belongs to whom, by date: a squad is administered by its street or town and guided by the bureau."""

    class Kind(models.TextChoices):
        ADMINISTERED_BY = "administered_by", _("administered by")
        GUIDED_BY = "guided_by", _("guided by")
        SHARES_STAFF_WITH = "shares_staff_with", _("shares one staff with")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="ties", verbose_name=_("organisation"))
    kind = models.CharField(_("tie"), max_length=20, choices=Kind.choices)
    to = models.ForeignKey(Organisation, models.PROTECT, related_name="ties_from", verbose_name=_("to"))
    basis = models.CharField(_("basis"), max_length=200, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["valid_from", "kind"]
        verbose_name = _("tie between organisations")
        verbose_name_plural = _("ties between organisations")
        constraints = [
            models.UniqueConstraint(
                name="one_tie_of_a_kind_begins_on_a_day", fields=["organisation", "kind", "to", "valid_from"]
            ),
            models.CheckConstraint(name="no_organisation_is_tied_to_itself", condition=~Q(organisation=F("to"))),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.get_kind_display()} {self.to}"
