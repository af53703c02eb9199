"""An enforcement case 执法案件 and its party 当事人: a lead under verification, then filed."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bureau.desk.ids import uuid7
from bureau.desk.models import Clock, Entry
from bureau.desk.models.clock import ClockQuerySet
from bureau.models import Officer, Organisation, Role, Unit
from cases.querysets import CaseQuerySet
from cases.statuses import BEFORE_FILING, NEVER_FILED, OPEN, Status
from grid.models import Issue
from powers.models import Power

NEWEST = ["-opened_at", "-id"]
LISTED = """
    IF NOT EXISTS (
        SELECT 1 FROM powers_power AS power JOIN powers_edition AS edition ON edition.code = power.edition_id
        WHERE power.id = NEW.power_id AND power.category = 'penalty' AND edition.valid_from <= NEW.act_on
          AND (edition.valid_to IS NULL OR edition.valid_to >= NEW.act_on)
    ) THEN
        RAISE EXCEPTION 'no penalty power of the list in force on % has the id %', NEW.act_on, NEW.power_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'power_is_a_penalty_listed_on_the_day_of_the_act';
    END IF;
    RETURN NEW;
"""
SEES_EVERY_PARTY = (Role.SQUAD_LEADER, Role.DEPUTY, Role.DIRECTOR, Role.SUPERVISION)


class Case(models.Model):
    """One act of one party under one power of the list, pursued by two officers of a squad (law.md section 6).

    It is a lead with `lead_number` until it is filed, and has `filing_number` and `filed_on` from then on. The two
    officers, the endorser and the filer are different persons (security.md D2); the table refuses anything else.
    """

    Status = Status

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    lead_number = models.CharField(_("number of the lead"), max_length=14, unique=True)
    filing_number = models.CharField(_("filing number"), max_length=60, blank=True)
    filed_on = models.DateField(_("filed on"), null=True)
    issue = models.ForeignKey(
        Issue, models.PROTECT, null=True, related_name="cases", verbose_name=_("issue that it comes from")
    )
    power = models.ForeignKey(Power, models.PROTECT, related_name="cases", verbose_name=_("power"))
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="cases", verbose_name=pgettext_lazy("territory", "unit"), db_index=False
    )
    handled_by = models.ForeignKey(
        Organisation, models.PROTECT, related_name="cases", verbose_name=_("handled by"), db_index=False
    )
    status = models.CharField(_("status"), max_length=12, choices=Status.choices)
    place = models.CharField(_("place of the act"), max_length=200)
    act_on = models.DateField(_("day of the act"))
    discovered_on = models.DateField(_("discovered on"))
    is_continuing = models.BooleanField(_("the act goes on"), default=False)
    continuing_reason = models.CharField(_("why the act counts as going on"), max_length=200, blank=True)
    first_officer = models.ForeignKey(
        Officer, models.PROTECT, related_name="cases_led", verbose_name=_("officer in charge")
    )
    second_officer = models.ForeignKey(
        Officer, models.PROTECT, related_name="cases_joined", verbose_name=_("second officer")
    )
    opened_by = models.ForeignKey(
        Officer, models.PROTECT, related_name="+", verbose_name=_("opened by"), db_index=False
    )
    opened_at = models.DateTimeField(_("opened at"))
    requested_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, related_name="+", verbose_name=_("requested by"), db_index=False
    )
    endorsed_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, related_name="+", verbose_name=_("endorsed by"), db_index=False
    )
    filed_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, related_name="+", verbose_name=_("filed by"), db_index=False
    )
    same_act = models.CharField(_("fingerprint of party, power and day"), max_length=64)

    topic = "case"  # the sort of subject that its clocks name

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = NEWEST
        verbose_name = _("enforcement case")
        verbose_name_plural = _("enforcement cases")
        constraints = [
            models.CheckConstraint(name="two_different_officers", condition=~Q(first_officer=F("second_officer"))),
            models.CheckConstraint(
                name="a_filed_case_has_number_day_and_filer",
                condition=Q(status__in=NEVER_FILED, filing_number="", filed_on=None, filed_by=None)
                | (
                    ~Q(status__in=NEVER_FILED)
                    & ~Q(filing_number="")
                    & Q(filed_on__isnull=False, filed_by__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="the_requester_is_one_of_the_two_officers",
                condition=Q(requested_by=None)
                | Q(requested_by=F("first_officer"))
                | Q(requested_by=F("second_officer")),
            ),
            models.CheckConstraint(
                name="the_endorser_is_none_of_the_officers",
                condition=Q(endorsed_by=None)
                | (~Q(endorsed_by=F("first_officer")) & ~Q(endorsed_by=F("second_officer"))),
            ),
            models.CheckConstraint(
                name="the_filer_holds_no_other_step",
                condition=Q(filed_by=None)
                | (
                    ~Q(filed_by=F("first_officer"))
                    & ~Q(filed_by=F("second_officer"))
                    & Q(endorsed_by__isnull=False)
                    & ~Q(filed_by=F("endorsed_by"))
                ),
            ),
            models.CheckConstraint(name="discovered_not_before_the_act", condition=Q(discovered_on__gte=F("act_on"))),
            models.CheckConstraint(
                name="a_continuing_act_says_why", condition=Q(is_continuing=False) | ~Q(continuing_reason="")
            ),
            models.CheckConstraint(name="a_case_has_a_place", condition=~Q(place="")),
            models.UniqueConstraint(
                name="one_case_of_a_filing_number", fields=["filing_number"], condition=~Q(filing_number="")
            ),
            models.UniqueConstraint(
                name="one_open_case_of_a_party_and_act", fields=["same_act"], condition=Q(status__in=OPEN)
            ),
        ]
        indexes = [
            models.Index(name="case_newest", fields=NEWEST),
            models.Index(name="case_of_unit", fields=["unit", *NEWEST]),
            models.Index(name="case_of_handler", fields=["handled_by", *NEWEST]),
            models.Index(name="case_of_status", fields=["status", *NEWEST]),
            models.Index(name="case_filed", fields=["filed_on"], condition=Q(filed_on__isnull=False)),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="power_is_listed",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("power_id", "act_on"),
                func=LISTED,
            ),
            pgtrigger.Protect(name="case_is_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("cases:detail", args=[self.pk])

    @property
    def number(self) -> str:
        """The filing number, or before filing the number of the lead."""
        return self.filing_number or self.lead_number

    @property
    def short_number(self) -> str:
        """`〔2026〕第050031号`: what tells one filed case from another."""
        _prefix, bracket, rest = self.number.partition("〔")
        return f"{bracket}{rest}" if rest else self.number

    @property
    def is_before_filing(self) -> bool:
        return self.status in BEFORE_FILING

    @property
    def officers(self) -> tuple[Officer, Officer]:
        return self.first_officer, self.second_officer

    @property
    def officer_ids(self) -> tuple[Any, Any]:
        return self.first_officer_id, self.second_officer_id

    @property
    def clocks(self) -> ClockQuerySet:
        return Clock.objects.about(self)

    @property
    def entries(self) -> models.QuerySet[Entry]:
        return Entry.objects.about(self).select_related("by", "acting_for").order_by("seq")

    def shows_party_to(self, officer: Any) -> bool:
        """security.md section 3, `case.party_data`: an officer of the case, the squad's leader, the bureau, SUP."""
        return officer.pk in self.officer_ids or officer.holds(*SEES_EVERY_PARTY)


class Party(models.Model):
    """Whom a case is about: personal data of its own table.

    Identity numbers are not kept yet: they wait for the encrypted store.
    """

    class Kind(models.TextChoices):
        PERSON = "person", _("natural person")
        SOLE_TRADER = "sole_trader", _("sole trader")
        ORGANISATION = "organisation", _("legal person or other organisation")

    case = models.OneToOneField(
        Case, models.PROTECT, primary_key=True, related_name="party", verbose_name=_("enforcement case")
    )
    kind = models.CharField(_("kind of party"), max_length=12, choices=Kind.choices)
    name = models.CharField(_("name of the party"), max_length=80)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    address = models.CharField(_("address of the party"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        constraints = [models.CheckConstraint(name="a_party_has_a_name", condition=~Q(name=""))]

    def __str__(self) -> str:
        return self.masked_name

    @property
    def masked_name(self) -> str:
        """张* for a natural person; the name of a business is no secret."""
        return f"{self.name[:1]}*" if self.kind == self.Kind.PERSON else self.name

    def name_for(self, officer: Any) -> str:
        return self.name if self.case.shows_party_to(officer) else self.masked_name
