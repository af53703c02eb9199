"""What the ladder leaves behind: rungs and numbered papers."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as p_

from bureau.desk.ids import uuid7
from bureau.desk.models.clock import Clock, RungName
from bureau.desk.subject import AboutSubject
from bureau.models import Officer, Organisation
from oversight.querysets import PaperQuerySet

LATE = timedelta(hours=1)  # of working time between the computed and the real instant
ISSUED = (
    "rung", "kind", "number", "subject_type", "subject_id", "unit", "owed_by", "to_organisation", "facts",
    "red_at", "rectify_by", "issued_at", "is_late",
)  # fmt: skip

RECEIVED = ("received_at", "received_by", "receiver_name", "served_by")


def stands(column: str) -> Q:
    return pgtrigger.Q(**{f"old__{column}__isnull": False})


def changes(column: str) -> Q:
    return pgtrigger.Q(**{f"old__{column}__df": pgtrigger.F(f"new__{column}")})


class Rung(models.Model):
    """A step that a clock reached on its ladder: when by computation, and when it was really raised (grid.md R16)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    clock = models.ForeignKey(Clock, models.PROTECT, related_name="rungs", verbose_name=_("clock"), db_index=False)
    round = models.PositiveSmallIntegerField(_("round"))
    name = models.CharField(_("rung"), max_length=10, choices=RungName.choices)
    reached_at = models.DateTimeField(_("reached at"))
    raised_at = models.DateTimeField(_("raised at"))

    class Meta:
        ordering = ["reached_at", "id"]
        verbose_name = _("rung")
        verbose_name_plural = _("rungs")
        constraints = [models.UniqueConstraint(name="each_rung_of_a_round_once", fields=["clock", "round", "name"])]
        indexes = [models.Index(name="rung_turned_red", fields=["reached_at"], condition=Q(name=RungName.URGE))]
        triggers = [pgtrigger.Protect(name="rung_is_never_changed", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.name} {self.reached_at:%m-%d %H:%M}"


class Paper(AboutSubject):
    """A numbered notice 催办通知书 or 督办通知书: it stays as it was issued, whatever becomes of its subject."""

    class Kind(models.TextChoices):
        URGING = "urging", _("Urging notice")
        SUPERVISION = "supervision", _("Supervision notice")
        COMBINED = "combined", _("Urging and supervision notice")

    class Status(models.TextChoices):
        ISSUED = "issued", p_("paper", "not signed for")
        RECEIVED = "received", p_("paper", "signed for")
        ANSWERED = "answered", p_("paper", "answered, to be judged")
        REJECTED = "rejected", p_("paper", "to be answered again")
        ACCEPTED = "accepted", p_("paper", "answer accepted")
        WITHDRAWN = "withdrawn", p_("paper", "withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    rung = models.OneToOneField(Rung, models.PROTECT, null=True, related_name="paper", verbose_name=_("rung"))
    kind = models.CharField(_("kind of paper"), max_length=12, choices=Kind.choices)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.ISSUED)
    number = models.CharField(_("number of the paper"), max_length=40, unique=True)
    to_organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="papers", verbose_name=_("addressed to"), db_index=False
    )
    facts = models.JSONField(_("what it says"))
    red_at = models.DateTimeField(_("red at"), null=True)
    rectify_by = models.DateTimeField(_("to be put right by"), null=True)
    issued_at = models.DateTimeField(_("issued at"))
    is_late = models.BooleanField(_("issued late"), default=False)
    received_at = models.DateTimeField(_("received at"), null=True)
    received_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, related_name="+", verbose_name=_("received by"), db_index=False
    )
    receiver_name = models.CharField(_("received on paper by"), max_length=40, blank=True)
    served_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, related_name="+", verbose_name=_("served on paper by"), db_index=False
    )
    replied_at = models.DateTimeField(_("last answered at"), null=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)

    objects = PaperQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at", "-id"]
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        constraints = [
            models.CheckConstraint(
                name="a_receipt_names_who_and_when", condition=Q(received_at=None, received_by=None, receiver_name="")
                | Q(received_at__isnull=False, received_by__isnull=False, receiver_name="")
                | Q(received_at__isnull=False, received_by=None) & ~Q(receiver_name=""),
            ),
            models.CheckConstraint(
                name="service_on_paper_names_server_and_receiver",
                condition=Q(served_by=None, receiver_name="") | Q(served_by__isnull=False) & ~Q(receiver_name=""),
            ),
            models.CheckConstraint(
                name="a_withdrawn_paper_says_when",
                condition=Q(withdrawn_at=None) & ~Q(status="withdrawn")
                | Q(withdrawn_at__isnull=False, status="withdrawn"),
            ),
            models.CheckConstraint(
                name="what_is_not_signed_for_is_not_answered",
                condition=~Q(status="issued") | Q(received_at=None, replied_at=None),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(name="paper_newest", fields=["-issued_at", "-id"]),
            models.Index(name="paper_of_unit", fields=["unit", "-issued_at", "-id"]),
            models.Index(name="paper_of_subject", fields=["subject_id", "-issued_at"]),
        ]
        triggers = [
            pgtrigger.Protect(name="paper_is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="paper_says_what_it_said", operation=pgtrigger.Update, condition=pgtrigger.AnyChange(*ISSUED)
            ),
            pgtrigger.Protect(
                name="paper_is_withdrawn_for_good",
                operation=pgtrigger.Update,
                condition=stands("withdrawn_at") & (changes("withdrawn_at") | changes("status")),
            ),
            pgtrigger.Protect(
                name="paper_is_received_once",
                operation=pgtrigger.Update,
                condition=stands("received_at") & reduce(or_, map(changes, RECEIVED)),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("oversight:paper", args=[self.pk])

    @property
    def handled_by_id(self) -> Any:
        """The handling organisation, under the name by which moves ask for it."""
        return self.owed_by_id

    @property
    def clock(self) -> Clock | None:
        """The clock that it urges about: of its rung, or the red one that a person named."""
        if self.rung is not None:
            return self.rung.clock
        draft = getattr(self, "draft", None)
        return draft.clock if draft else None

    def is_past(self, at: datetime) -> bool:
        return self.rectify_by is not None and at > self.rectify_by
