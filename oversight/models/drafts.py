"""A notice that a person drafts: it becomes a paper, with its number, only when somebody of the bureau issues it."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as p_

from bureau.desk.ids import uuid7
from bureau.desk.models.clock import Clock
from bureau.desk.subject import AboutSubject
from bureau.models import Officer
from oversight.models.papers import Paper, stands
from oversight.querysets import DraftQuerySet


class PaperDraft(AboutSubject):
    """Why a notice is wanted and by when the matter is to be put right; no number is drawn before it is issued."""

    class Status(models.TextChoices):
        DRAFT = "draft", p_("draft of a paper", "draft")
        ISSUED = "issued", p_("draft of a paper", "issued")
        DISCARDED = "discarded", p_("draft of a paper", "discarded")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(_("kind of paper"), max_length=12, choices=Paper.Kind.choices)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    clock = models.ForeignKey(
        Clock, models.PROTECT, null=True, related_name="+", verbose_name=_("red clock"), db_index=False
    )
    words = models.TextField(_("reason"))
    rectify_by = models.DateTimeField(_("to be put right by"))
    drafted_by = models.ForeignKey(
        Officer, models.PROTECT, related_name="+", verbose_name=_("drafted by"), db_index=False
    )
    drafted_at = models.DateTimeField(_("drafted at"))
    paper = models.OneToOneField(Paper, models.PROTECT, null=True, related_name="draft", verbose_name=_("paper"))

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ["-drafted_at", "-id"]
        verbose_name = _("draft of a paper")
        verbose_name_plural = _("drafts of papers")
        constraints = [
            models.CheckConstraint(
                name="an_issued_draft_has_its_paper",
                condition=Q(status="issued", paper__isnull=False) | ~Q(status="issued") & Q(paper=None),
            ),
            models.UniqueConstraint(
                name="one_open_draft_of_a_kind", fields=["subject_id", "kind"], condition=Q(status="draft")
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="draft_is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="issued_draft_is_never_changed", operation=pgtrigger.Update, condition=stands("paper_id")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.drafted_at:%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("oversight:draft", args=[self.pk])

    @property
    def handled_by_id(self) -> Any:
        return self.owed_by_id
