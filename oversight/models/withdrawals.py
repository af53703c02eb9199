"""Taking a paper back: one person proposes it with a reason, another one of the issuing body decides."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as p_

from bureau.desk.ids import uuid7
from bureau.models import Officer
from oversight.models.papers import Paper, stands
from oversight.querysets import OfPaperQuerySet


class PaperWithdrawal(models.Model):
    """A proposal to withdraw a paper. Granted, the paper keeps its number and its place, marked as withdrawn."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", p_("withdrawal", "proposed")
        GRANTED = "granted", p_("withdrawal", "granted")
        REFUSED = "refused", p_("withdrawal", "refused")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="withdrawals", verbose_name=_("paper"))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.PROPOSED)
    words = models.TextField(_("reason"))
    proposed_by = models.ForeignKey(
        Officer, models.PROTECT, related_name="+", verbose_name=_("proposed by"), db_index=False
    )
    proposed_at = models.DateTimeField(_("proposed at"))
    decided_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by"), db_index=False
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    remark = models.TextField(_("remarks"), blank=True)

    objects = OfPaperQuerySet.as_manager()

    class Meta:
        ordering = ["paper", "proposed_at"]
        verbose_name = _("withdrawal of a paper")
        verbose_name_plural = _("withdrawals of papers")
        constraints = [
            models.UniqueConstraint(
                name="one_open_withdrawal_of_a_paper", fields=["paper"], condition=Q(status="proposed")
            ),
            models.UniqueConstraint(
                name="one_granted_withdrawal_of_a_paper", fields=["paper"], condition=Q(status="granted")
            ),
            models.CheckConstraint(
                name="a_decided_withdrawal_names_a_second_person",
                condition=Q(status="proposed", decided_by=None, decided_at=None)
                | ~Q(status="proposed")
                & Q(decided_by__isnull=False, decided_at__isnull=False)
                & ~Q(decided_by=F("proposed_by")),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="withdrawal_is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="decided_withdrawal_is_never_changed", operation=pgtrigger.Update, condition=stands("decided_at")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paper} {self.status}"

    @property
    def unit_id(self) -> Any:
        return self.paper.unit_id

    @property
    def handled_by_id(self) -> Any:
        return self.paper.owed_by_id

    @property
    def owed_by_id(self) -> Any:
        return self.paper.owed_by_id
