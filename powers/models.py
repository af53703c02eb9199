"""The power list 权力清单 by edition, and the handbook 手册: data, never edited, replaced by a later edition."""

from __future__ import annotations

from decimal import Decimal

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bureau.models.units import Dated, in_local_words
from powers.kinds import (
    Category,
    Confidence,
    Domain,
    FineUnit,
    HandbookKind,
    IssueHint,
    Level,
    LiableParty,
    PenaltyKind,
)
from powers.querysets import EditionQuerySet, HandbookQuerySet, PowerQuerySet

NEVER_EDITED = pgtrigger.Update | pgtrigger.Delete


def amount(yuan: Decimal | None) -> str:
    """`1,000`, `0.5`; nothing where the law sets none."""
    return "" if yuan is None else f"{yuan:,.2f}".rstrip("0").rstrip(".")


class DateRange(Func):
    function = "daterange"
    output_field = DateRangeField()


class Edition(Dated):
    """The list as it was in force from one day to another; only its last day is ever set later."""

    code = models.CharField(_("code"), max_length=20, primary_key=True)
    name_zh = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=120)
    is_reference = models.BooleanField(_("reference list, not officially published"), default=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ["-valid_from"]
        verbose_name = _("edition of the power list")
        verbose_name_plural = _("editions of the power list")
        constraints = [
            models.CheckConstraint(
                name="edition_ends_after_it_begins", condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from"))
            ),
            ExclusionConstraint(
                name="editions_of_the_list_never_overlap",
                expressions=[(DateRange("valid_from", "valid_to", Value("[]")), RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return in_local_words(self.name_zh, self.name_en)


class Power(models.Model):
    """One power 权力事项 as it stands in one edition; a case cites the row, so it cites the edition."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="powers", verbose_name=_("edition"))
    code = models.CharField(_("code"), max_length=20)
    category = models.CharField(_("category"), max_length=12, choices=Category.choices)
    domain = models.CharField(_("field of management"), max_length=20, choices=Domain.choices)
    name_zh = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=300)
    legal_basis_zh = models.CharField(_("legal basis"), max_length=200)
    penalty_kinds = ArrayField(
        models.CharField(max_length=30, choices=PenaltyKind.choices), verbose_name=_("kinds of penalty"), default=list,
        blank=True,
    )  # fmt: skip
    fine_min = models.DecimalField(_("lowest fine"), max_digits=12, decimal_places=2, null=True, blank=True)
    fine_max = models.DecimalField(_("highest fine"), max_digits=12, decimal_places=2, null=True, blank=True)
    fine_unit = models.CharField(_("unit of the fine"), max_length=50, choices=FineUnit.choices, blank=True)
    subject = models.CharField(_("who is liable"), max_length=12, choices=LiableParty.choices)
    issue_type_hint = models.CharField(_("group of issue types"), max_length=24, choices=IssueHint.choices)
    simple_procedure_possible = models.BooleanField(_("on-the-spot procedure possible"))
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence.choices)
    source = models.CharField(_("source"), max_length=300, blank=True)

    objects = PowerQuerySet.as_manager()

    class Meta:
        ordering = ["code", "-edition_id"]
        verbose_name = _("power")
        verbose_name_plural = _("powers")
        constraints = [
            models.UniqueConstraint(name="one_item_of_a_code_in_an_edition", fields=["edition", "code"]),
            models.CheckConstraint(
                name="fine_ceiling_is_not_below_its_floor",
                condition=Q(fine_max=None) | Q(fine_min=None) | Q(fine_max__gte=F("fine_min")),
            ),
            models.CheckConstraint(
                name="a_fine_is_not_negative", condition=Q(fine_min=None) | Q(fine_min__gte=0)
            ),
        ]  # fmt: skip
        triggers = [pgtrigger.Protect(name="power_is_never_edited", operation=NEVER_EDITED)]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def name(self) -> str:
        return in_local_words(self.name_zh, self.name_en)

    @property
    def kinds(self) -> str:
        """The kinds of penalty in words."""
        return in_local_words("、", ", ").join(str(PenaltyKind(kind).label) for kind in self.penalty_kinds)

    @property
    def lowest(self) -> str:
        return amount(self.fine_min)

    @property
    def highest(self) -> str:
        return amount(self.fine_max)

    @property
    def has_bounds(self) -> bool:
        return self.fine_min is not None or self.fine_max is not None

    def get_absolute_url(self) -> str:
        return reverse("powers:detail", args=[self.code])


class HandbookItem(models.Model):
    """An entry of the handbook 手册: who does it and in which steps; management duties cite no power."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="handbook", verbose_name=_("edition"))
    code = models.CharField(_("code"), max_length=20)
    name_zh = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=300)
    kind = models.CharField(_("kind"), max_length=12, choices=HandbookKind.choices)
    power = models.ForeignKey(
        Power, models.PROTECT, null=True, blank=True, related_name="handbook_items", verbose_name=_("power")
    )
    responsible_level = models.CharField(_("responsible level"), max_length=10, choices=Level.choices)
    steps_zh = models.CharField(_("steps"), max_length=400)
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence.choices)

    objects = HandbookQuerySet.as_manager()

    class Meta:
        ordering = ["code", "-edition_id"]
        verbose_name = _("handbook item")
        verbose_name_plural = _("handbook items")
        constraints = [
            models.UniqueConstraint(name="one_handbook_item_of_a_code_in_an_edition", fields=["edition", "code"])
        ]
        triggers = [pgtrigger.Protect(name="handbook_is_never_edited", operation=NEVER_EDITED)]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def name(self) -> str:
        return in_local_words(self.name_zh, self.name_en)

    def get_absolute_url(self) -> str:
        """Its power's page, or its line in the handbook."""
        return self.power.get_absolute_url() if self.power else f"{reverse('powers:handbook')}?q={self.code}"

    @property
    def steps(self) -> list[str]:
        return self.steps_zh.split("→")
