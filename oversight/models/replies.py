"""Answers to papers: each a row of its own, so that a later one, or a later paper, overwrites none."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as p_

from bureau.desk.ids import uuid7
from bureau.desk.models import Document
from bureau.desk.models.document import DocumentQuerySet
from bureau.models import Officer
from oversight.models.papers import Paper, changes, stands
from oversight.querysets import OfPaperQuerySet

SAID = ("paper", "serial", "text", "by", "at")
JUDGED = ("verdict", "reason", "days", "judged_by", "judged_at")


class PaperReply(models.Model):
    """What the unit answered, and what the issuing body made of it: judged once, by somebody else."""

    class Verdict(models.TextChoices):
        ACCEPTED = "accepted", p_("reply", "accepted")
        REJECTED = "rejected", p_("reply", "rejected")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="replies", verbose_name=_("paper"))
    serial = models.PositiveSmallIntegerField(_("number of the reply"))
    text = models.TextField(_("reply"))
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+", verbose_name=_("replied by"), db_index=False)
    at = models.DateTimeField(_("replied at"))
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict.choices, blank=True)
    reason = models.TextField(_("reason of the verdict"), blank=True)
    days = models.PositiveSmallIntegerField(_("working days for the next answer"), null=True)
    judged_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, related_name="+", verbose_name=_("judged by"), db_index=False
    )
    judged_at = models.DateTimeField(_("judged at"), null=True)

    objects = OfPaperQuerySet.as_manager()

    class Meta:
        ordering = ["paper", "serial"]
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        constraints = [
            models.UniqueConstraint(name="one_reply_of_a_number_to_a_paper", fields=["paper", "serial"]),
            models.CheckConstraint(name="a_reply_says_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="a_verdict_names_who_and_when",
                condition=Q(verdict="", judged_at=None, judged_by=None, reason="", days=None)
                | ~Q(verdict="") & Q(judged_at__isnull=False, judged_by__isnull=False),
            ),
            models.CheckConstraint(
                name="a_rejection_says_why_and_until_when",
                condition=~Q(verdict="rejected") | ~Q(reason="") & Q(days__gt=0),
            ),
            models.CheckConstraint(
                name="nobody_judges_the_own_reply", condition=Q(judged_by=None) | ~Q(judged_by=F("by"))
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="reply_is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="reply_says_what_it_said", operation=pgtrigger.Update, condition=pgtrigger.AnyChange(*SAID)
            ),
            pgtrigger.Protect(
                name="reply_is_judged_once",
                operation=pgtrigger.Update,
                condition=stands("judged_at")
                & (
                    changes("verdict")
                    | changes("reason")
                    | changes("days")
                    | changes("judged_by")
                    | changes("judged_at")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paper} {self.serial}"

    @property
    def unit_id(self) -> Any:
        return self.paper.unit_id

    @property
    def handled_by_id(self) -> Any:
        return self.paper.owed_by_id

    @property
    def attachments(self) -> DocumentQuerySet:
        return Document.objects.about(self)
