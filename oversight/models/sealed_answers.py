"""What district supervision said on sealed paper: entered by one person with its scan, confirmed by another."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as p_

from bureau.desk.ids import uuid7
from bureau.desk.models import Document
from bureau.models import Officer
from oversight.models.papers import changes, stands
from oversight.models.referrals import ReferralCandidate
from oversight.querysets import SealedAnswerQuerySet

SAID = ("referral", "verb", "number", "on", "words", "days", "scan", "entered_by", "entered_at", "digest")


class SealedAnswer(models.Model):
    """A receipt or an outcome that came on paper; nothing follows from it before a second person confirms it.

    `verb` is the move that it stands for, `on` the day that the paper bears, `digest` what both persons sign.
    """

    class Verdict(models.TextChoices):
        CONFIRMED = "confirmed", p_("sealed answer", "confirmed")
        REJECTED = "rejected", p_("sealed answer", "rejected")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    referral = models.ForeignKey(
        ReferralCandidate, models.PROTECT, related_name="sealed_answers", verbose_name=_("referral")
    )
    verb = models.CharField(p_("sealed answer", "what it says"), max_length=24)
    number = models.CharField(_("number on the paper"), max_length=60)
    on = models.DateField(_("date on the paper"))
    words = models.CharField(_("in words"), max_length=1000, blank=True)
    days = models.PositiveSmallIntegerField(_("working days"), null=True)
    scan = models.ForeignKey(Document, models.PROTECT, related_name="+", verbose_name=_("scan"), db_index=False)
    entered_by = models.ForeignKey(
        Officer, models.PROTECT, related_name="+", verbose_name=_("entered by"), db_index=False
    )
    entered_at = models.DateTimeField(_("entered at"))
    digest = models.CharField(_("hash of what was entered"), max_length=64)
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict.choices, blank=True)
    reason = models.CharField(_("reason of the verdict"), max_length=1000, blank=True)
    judged_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, related_name="+", verbose_name=_("judged by"), db_index=False
    )
    judged_at = models.DateTimeField(_("judged at"), null=True)

    objects = SealedAnswerQuerySet.as_manager()

    class Meta:
        ordering = ["entered_at", "pk"]
        verbose_name = _("answer on sealed paper")
        verbose_name_plural = _("answers on sealed paper")
        constraints = [
            models.UniqueConstraint(
                name="one_sealed_answer_waits_for_a_referral", fields=["referral"], condition=Q(verdict="")
            ),
            models.CheckConstraint(
                name="two_persons_enter_a_sealed_answer",
                condition=Q(verdict="", judged_by=None, judged_at=None)
                | ~Q(verdict="") & Q(judged_by__isnull=False, judged_at__isnull=False) & ~Q(judged_by=F("entered_by")),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="sealed_answer_is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="sealed_answer_says_what_it_said",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(*SAID),
            ),
            pgtrigger.Protect(
                name="sealed_answer_is_judged_once",
                operation=pgtrigger.Update,
                condition=stands("judged_at") & (changes("verdict") | changes("reason") | changes("judged_by")),
            ),
        ]

    def __str__(self) -> str:
        return self.number
