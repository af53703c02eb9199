from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bureau.models import Unit
from bureau.models.units import Dated, DatedQuerySet


class Cell(models.Model):
    """Responsibility grid 责任网格: the smallest piece of ground, keyed by 15 digits (district, unit, 000, number)."""

    code = models.CharField(_("code"), max_length=15, primary_key=True)
    seq = models.PositiveSmallIntegerField(_("number in its unit"))
    longitude = models.FloatField(_("longitude of the centre (WGS-84)"))
    latitude = models.FloatField(_("latitude of the centre (WGS-84)"))
    wkt = models.TextField(_("outline (WKT, WGS-84)"))

    class Meta:
        ordering = ["code"]
        verbose_name = _("cell")
        verbose_name_plural = _("cells")

    def __str__(self) -> str:
        return self.code


class CellUnit(Dated):
    """To which unit a cell belongs, from one day to another; a cell belongs to at most one unit on a day."""

    cell = models.ForeignKey(Cell, models.PROTECT, related_name="units", verbose_name=_("cell"))
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="cells", verbose_name=pgettext_lazy("territory", "unit")
    )

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["cell", "valid_from"]
        verbose_name = _("unit of a cell")
        verbose_name_plural = _("units of cells")
        constraints = [
            models.CheckConstraint(
                name="cell_leaves_a_unit_after_it_came", condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from"))
            ),
            ExclusionConstraint(
                name="a_cell_has_one_unit_on_a_day",
                expressions=[
                    ("cell", RangeOperators.EQUAL),
                    (
                        Func(
                            F("valid_from"),
                            F("valid_to"),
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cell_id} {self.unit_id}"


class AtlasVersion(models.Model):
    """One change of cells or of their units; processes that hold an older atlas read it anew."""

    reason = models.CharField(_("reason"), max_length=200)
    made_at = models.DateTimeField(_("made at"), db_default=Now())

    class Meta:
        ordering = ["-id"]
        verbose_name = _("version of the atlas")
        verbose_name_plural = _("versions of the atlas")

    def __str__(self) -> str:
        return f"{self.pk} {self.reason}"


class UnitShape(models.Model):
    """The ground of a unit as drawn on the map; synthetic, and says so."""

    unit = models.OneToOneField(
        Unit, models.PROTECT, primary_key=True, related_name="shape", verbose_name=pgettext_lazy("territory", "unit")
    )
    wkt = models.TextField(_("outline (WKT, WGS-84)"))
    disclaimer = models.CharField(_("disclaimer"), max_length=120)

    class Meta:
        ordering = ["unit"]
        verbose_name = _("outline of a unit")
        verbose_name_plural = _("outlines of units")

    def __str__(self) -> str:
        return self.unit_id
