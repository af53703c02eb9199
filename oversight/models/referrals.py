"""A candidate for a referral 线索移送候选 and its way: decision, approval, hand-over, receipt, outcome."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as p_

from bureau.desk.models.clock import Clock
from bureau.desk.subject import AboutSubject
from bureau.models import Officer
from oversight.models.papers import Rung
from oversight.querysets import ReferralQuerySet


class ReferralCandidate(AboutSubject):
    """A second period ran out: a person of the bureau decides within one working day (grid.md R8).

    What the ladder wrote never changes; the number, once given, stands (security.md I25).
    """

    class Status(models.TextChoices):
        CANDIDATE = "candidate", p_("referral", "waits for a decision")
        PROPOSED = "proposed", p_("referral", "waits for approval")
        ORDERED = "ordered", p_("referral", "ordered once more")
        EXPLAINED = "explained", p_("referral", "explained")
        HANDED_OVER = "handed_over", p_("referral", "handed over")
        RECEIVED = "received", p_("referral", "received")
        CORRECTING = "correcting", p_("referral", "correction ordered")
        CORRECTED = "corrected", p_("referral", "correction reported")
        ACCOUNTABILITY = "accountability", p_("referral", "accountability started")
        CLOSED = "closed", p_("referral", "closed")
        WITHDRAWING = "withdrawing", p_("referral", "withdrawal asked for")
        WITHDRAWN = "withdrawn", p_("referral", "withdrawn")

    class Reason(models.TextChoices):
        UNANSWERED = "unanswered", p_("reason of a referral", "two periods lapsed without feedback")
        REPEATED = "repeated", p_("reason of a referral", "the same unit lapsed repeatedly")
        SERIOUS = "serious", p_("reason of a referral", "serious consequences or public danger")
        PROMISED = "promised", p_("reason of a referral", "the unit gave a firm date")
        UNDER_WAY = "under_way", p_("reason of a referral", "the work is visibly under way")
        HANDLED = "handled", p_("reason of a referral", "handled since")
        NOT_AT_FAULT = "not_at_fault", p_("reason of a referral", "the delay is not the unit's fault")
        OTHER = "other", p_("reason of a referral", "another reason")

    rung = models.OneToOneField(
        Rung, models.PROTECT, primary_key=True, related_name="referral_candidate", verbose_name=_("rung")
    )
    status = models.CharField(_("status"), max_length=16, choices=Status.choices, default=Status.CANDIDATE)
    reached_at = models.DateTimeField(_("reached at"))
    duty_at = models.DateTimeField(_("the duty to decide begins"))
    decide_by = models.DateTimeField(_("to be decided by"))
    reason = models.CharField(_("reason of the decision"), max_length=16, choices=Reason.choices, blank=True)
    words = models.CharField(_("reason in words"), max_length=1000, blank=True)
    decided_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by"), db_index=False
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    digest = models.CharField(_("hash of what was proposed"), max_length=64, blank=True)
    approved_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, related_name="+", verbose_name=_("approved by"), db_index=False
    )
    handed_over_at = models.DateTimeField(_("handed over at"), null=True)
    number = models.CharField(_("number of the letter"), max_length=40, unique=True, null=True)
    year = models.PositiveSmallIntegerField(_("year of the series"), null=True)
    serial = models.PositiveIntegerField(_("number in the series"), null=True)
    tell_again_at = models.DateTimeField(_("to be told again at"), null=True)
    withdrawal_words = models.CharField(_("reason of the withdrawal"), max_length=1000, blank=True)
    withdrawal_asked_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, related_name="+", verbose_name=_("withdrawal asked for by"), db_index=False
    )
    withdrawal_asked_at = models.DateTimeField(_("withdrawal asked for at"), null=True)
    withdrawn_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, related_name="+", verbose_name=_("withdrawn by"), db_index=False
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)
    received_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, related_name="+", verbose_name=_("received by"), db_index=False
    )
    received_at = models.DateTimeField(_("received at"), null=True)
    is_received_on_paper = models.BooleanField(_("receipt entered from paper"), default=False)
    is_outcome_on_paper = models.BooleanField(_("outcome entered from paper"), default=False)
    outcome_words = models.CharField(_("outcome in words"), max_length=1000, blank=True)
    outcome_at = models.DateTimeField(_("outcome at"), null=True)
    correction_days = models.PositiveSmallIntegerField(_("working days for the correction"), null=True)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        ordering = ["duty_at", "pk"]
        verbose_name = _("referral candidate")
        verbose_name_plural = _("referral candidates")
        constraints = [
            models.CheckConstraint(
                name="two_persons_hand_over",
                condition=Q(approved_by=None) | Q(decided_by__isnull=False) & ~Q(approved_by=F("decided_by")),
            ),
            models.CheckConstraint(
                name="a_hand_over_is_approved_and_numbered",
                condition=Q(handed_over_at=None, number=None, serial=None)
                | Q(handed_over_at__isnull=False, approved_by__isnull=False, number__isnull=False, serial__gt=0),
            ),
            models.CheckConstraint(
                name="two_persons_withdraw_with_a_reason",
                condition=Q(withdrawn_by=None, withdrawn_at=None)
                | Q(withdrawn_at__isnull=False, withdrawal_asked_by__isnull=False, serial__isnull=False)
                & ~Q(withdrawn_by=F("withdrawal_asked_by"))
                & ~Q(withdrawal_words=""),
            ),
            models.UniqueConstraint(name="one_hand_over_a_serial", fields=["year", "serial"]),
        ]
        indexes = [
            models.Index(name="referral_by_duty", fields=["decide_by"]),
            models.Index(name="referral_of_subject", fields=["subject_id"]),
            models.Index(
                name="referral_unreceived", fields=["tell_again_at"], condition=Q(tell_again_at__isnull=False)
            ),
            models.Index(name="referral_undecided", fields=["decide_by"], condition=Q(status="candidate")),
        ]
        triggers = [
            pgtrigger.Protect(name="referral_candidate_is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="what_the_ladder_wrote_stands",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("rung", "reached_at", "duty_at", "decide_by", "subject_id"),
            ),
            pgtrigger.Protect(
                name="a_hand_over_is_never_withdrawn_silently",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__serial__isnull=False)
                & (
                    pgtrigger.Q(old__serial__df=pgtrigger.F("new__serial"))
                    | pgtrigger.Q(old__number__df=pgtrigger.F("new__number"))
                    | pgtrigger.Q(old__handed_over_at__df=pgtrigger.F("new__handed_over_at"))
                ),
            ),
            pgtrigger.Protect(
                name="a_withdrawal_stands",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__withdrawn_at__isnull=False)
                & (
                    pgtrigger.Q(old__withdrawn_at__df=pgtrigger.F("new__withdrawn_at"))
                    | pgtrigger.Q(old__withdrawn_by__df=pgtrigger.F("new__withdrawn_by"))
                    | pgtrigger.Q(old__withdrawal_words__df=pgtrigger.F("new__withdrawal_words"))
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"{self.subject_id} {self.reached_at:%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("oversight:referral", args=[self.pk])

    @property
    def id(self) -> Any:
        return self.rung_id

    @property
    def handled_by_id(self) -> Any:
        """The handling organisation, under the name by which moves ask for it."""
        return self.owed_by_id

    @property
    def clock(self) -> Clock:
        """The clock whose second period ran out."""
        return self.rung.clock

    @property
    def handled_at(self) -> datetime | None:
        """When the subject was handled after all, or None while it is not."""
        return self.clock.met_at
