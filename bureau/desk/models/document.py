from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bureau.desk.ids import uuid7
from bureau.desk.models.root import waits_for_a_root
from bureau.desk.subject import AboutSubject, SubjectQuerySet
from bureau.models.people import Officer


class DocumentQuerySet(SubjectQuerySet):
    def photos(self, stage: str = "") -> Self:
        found = self.filter(kind=Document.Kind.PHOTO)
        return found.filter(stage=stage) if stage else found

    def standing(self) -> Self:
        """Not superseded by another."""
        return self.filter(superseded_by=None)


class Document(AboutSubject):
    """A file as it came in, sealed with its hash, beside the copy that is shown; superseded, never overwritten."""

    class Kind(models.TextChoices):
        PHOTO = "photo", _("photo")
        ATTACHMENT = "attachment", _("attachment")
        PAPER = "paper", _("official paper")
        PACK = "pack", _("hand-over pack")
        SCAN = "scan", _("signed and sealed scan")

    class Stage(models.TextChoices):
        BEFORE = "before", _("before")
        AFTER = "after", _("after")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    stage = models.CharField(_("stage"), max_length=8, choices=Stage.choices, blank=True)
    original = models.CharField(_("place of the original"), max_length=120)
    shown = models.CharField(_("place of the copy shown"), max_length=120, blank=True)
    file_name = models.CharField(_("file name"), max_length=120, blank=True)
    content_type = models.CharField(_("content type"), max_length=60)
    size = models.PositiveIntegerField(_("size, bytes"))
    sha256 = models.CharField(_("SHA-256 of the original"), max_length=64)
    width = models.PositiveIntegerField(_("width, pixels"), null=True)
    height = models.PositiveIntegerField(_("height, pixels"), null=True)
    by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    superseded_by = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="supersedes", verbose_name=_("superseded by")
    )

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        indexes = [models.Index(name="document_of_subject", fields=["subject_id", "kind", "stage"])]
        constraints = [
            models.CheckConstraint(name="a_photo_has_a_stage", condition=~Q(kind="photo") | ~Q(stage="")),
        ]
        triggers = [
            pgtrigger.Protect(name="document_is_never_deleted", operation=pgtrigger.Delete),
            waits_for_a_root(
                "document_waits_for_a_root",
                "SELECT 'file', id::text, NULL::integer, id, 1, sha256 FROM fresh ORDER BY fresh.id",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.sha256[:8]}"

    def get_absolute_url(self) -> str:
        return reverse("bureau:document", args=[self.pk])
