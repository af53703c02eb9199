from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bureau.desk.clockwork import Limit, Unit
from bureau.models.units import in_local_words


class IssueType(models.Model):
    """One of the 18 types of the catalogue: who leads, how long it may take, when it is filed and when closed."""

    class LimitUnit(models.TextChoices):
        WORKING_HOURS = "working_hours", _("working hours")
        WORKING_DAYS = "working_days", _("working days")
        CLOCK_HOURS = "clock_hours", _("clock hours")

    class Origin(models.TextChoices):
        ARTICLE = "article", _("named in the article")
        FROM_ARTICLE = "from_article", _("follows from the article")
        PROPOSAL = "proposal", _("proposal")

    code = models.CharField(_("code"), max_length=4, primary_key=True)
    category_code = models.CharField(_("category"), max_length=2, db_index=True)
    category_zh = models.CharField(_("category"), max_length=40)
    category_en = models.CharField(_("category in English"), max_length=80)
    name_zh = models.CharField(_("name"), max_length=40)
    name_en = models.CharField(_("English name"), max_length=80)
    origin = models.CharField(_("origin"), max_length=12, choices=Origin.choices)
    lead_kind = models.CharField(_("kind of organisation that leads"), max_length=24)
    cooperating_kinds = ArrayField(
        models.CharField(max_length=24), verbose_name=_("who cooperates"), default=list, blank=True
    )
    response_amount = models.PositiveSmallIntegerField(_("limit to be on site"), null=True, blank=True)
    response_unit = models.CharField(_("counted in"), max_length=16, choices=LimitUnit.choices, blank=True)
    handling_amount = models.PositiveSmallIntegerField(_("limit to deal with it"))
    handling_unit = models.CharField(_("counted in"), max_length=16, choices=LimitUnit.choices)
    filing_condition_zh = models.CharField(_("condition of grid filing"), max_length=200)
    filing_condition_en = models.CharField(_("condition of grid filing in English"), max_length=200)
    closing_condition_zh = models.CharField(_("condition of closing"), max_length=200)
    closing_condition_en = models.CharField(_("condition of closing in English"), max_length=200)
    campaign = models.CharField(_("campaign"), max_length=40, blank=True)
    power_hint = models.CharField(_("group of powers"), max_length=40, blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("issue type")
        verbose_name_plural = _("issue types")
        constraints = [
            models.CheckConstraint(
                name="a_response_limit_has_amount_and_unit",
                condition=Q(response_amount=None, response_unit="")
                | (Q(response_amount__isnull=False) & ~Q(response_unit="")),
            ),
        ]

    def __str__(self) -> str:
        return in_local_words(self.name_zh, self.name_en)

    @property
    def category(self) -> str:
        return in_local_words(self.category_zh, self.category_en)

    @property
    def filing_condition(self) -> str:
        return in_local_words(self.filing_condition_zh, self.filing_condition_en)

    @property
    def closing_condition(self) -> str:
        return in_local_words(self.closing_condition_zh, self.closing_condition_en)

    @property
    def handling_limit(self) -> Limit:
        return Limit(self.handling_amount, Unit(self.handling_unit))

    @property
    def response_limit(self) -> Limit | None:
        return Limit(self.response_amount, Unit(self.response_unit)) if self.response_amount else None
