"""The red-light bulletin 红灯超时案件通报: frozen when it is published, never changed after."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bureau.desk.ids import uuid7
from bureau.models import Officer
from oversight.querysets import BulletinQuerySet


class Bulletin(models.Model):
    """All reds at one instant by unit with rank, suspended ones apart (grid.md R14).

    `content` is what it says, `sha256` its hash in canonical form. `due_at` is the first working instant of its week,
    None for one that was ordered for a meeting; `frozen_at` the instant of which its figures are.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(_("number of the paper"), max_length=40, unique=True)
    week = models.DateField(_("week of this Monday"), null=True, unique=True)
    due_at = models.DateTimeField(_("due at"), null=True)
    frozen_at = models.DateTimeField(_("frozen at"))
    ordered_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, related_name="+", verbose_name=_("ordered by"), db_index=False
    )
    content = models.JSONField(_("what it says"))
    sha256 = models.CharField(_("hash of what it says"), max_length=64)

    objects = BulletinQuerySet.as_manager()

    class Meta:
        ordering = ["-frozen_at", "-id"]
        verbose_name = _("red-light bulletin")
        verbose_name_plural = _("red-light bulletins")
        constraints = [
            models.CheckConstraint(
                name="a_bulletin_is_of_a_week_or_was_ordered",
                condition=Q(week__isnull=False, due_at__isnull=False, ordered_by=None)
                | Q(week=None, due_at=None, ordered_by__isnull=False),
            )
        ]
        indexes = [models.Index(name="bulletin_newest", fields=["-frozen_at", "-id"])]
        triggers = [pgtrigger.Protect(name="bulletin_is_frozen", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("oversight:bulletin", args=[self.pk])
