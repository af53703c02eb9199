"""Scans of signed and sealed papers: what came in, and where each page went."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bureau.desk.ids import uuid7
from bureau.desk.models import Document
from bureau.models import Officer
from oversight.models.papers import Paper, stands
from oversight.querysets import ScanQuerySet


class Scan(models.Model):
    """One file from the scanner; the very bytes are kept once, however often they are sent."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, unique=True)
    file_name = models.CharField(_("file name"), max_length=120, blank=True)
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+", verbose_name=_("by"), db_index=False)
    at = models.DateTimeField(_("at"))

    objects = ScanQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("scan")
        verbose_name_plural = _("scans")
        triggers = [pgtrigger.Protect(name="scan_is_never_changed", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.file_name or self.sha256[:8]


class ScanPage(models.Model):
    """A page of a scan: filed to a paper by its QR or by hand, set aside with a reason, or waiting in the tray."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    scan = models.ForeignKey(Scan, models.PROTECT, related_name="pages", verbose_name=_("scan"))
    place = models.PositiveSmallIntegerField(pgettext_lazy("of a scan", "page"))
    code = models.CharField(_("code read"), max_length=24, blank=True)
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="scan_pages", verbose_name=_("paper"))
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+", verbose_name=_("document"))
    set_aside_for = models.CharField(_("set aside because"), max_length=200, blank=True)
    settled_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, related_name="+", verbose_name=_("settled by"), db_index=False
    )
    settled_at = models.DateTimeField(_("settled at"), null=True)

    objects = ScanQuerySet.as_manager()

    class Meta:
        ordering = ["scan", "place"]
        verbose_name = _("page of a scan")
        verbose_name_plural = _("pages of scans")
        constraints = [
            models.UniqueConstraint(name="one_page_of_a_place_in_a_scan", fields=["scan", "place"]),
            models.CheckConstraint(
                name="a_page_is_filed_or_set_aside_or_waits",
                condition=Q(settled_at=None, settled_by=None, paper=None, document=None, set_aside_for="")
                | Q(settled_at__isnull=False, settled_by__isnull=False, paper__isnull=False, document__isnull=False,
                    set_aside_for="")
                | Q(settled_at__isnull=False, settled_by__isnull=False, paper=None, document=None)
                & ~Q(set_aside_for=""),
            ),
        ]  # fmt: skip
        indexes = [models.Index(name="scan_page_waiting", fields=["id"], condition=Q(settled_at=None))]
        triggers = [
            pgtrigger.Protect(name="scan_page_is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="settled_page_is_never_changed", operation=pgtrigger.Update, condition=stands("settled_at")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scan} {self.place}"
