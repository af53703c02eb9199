from __future__ import annotations

from typing import TYPE_CHECKING

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bureau.models.people import Officer

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Self


class AbsenceQuerySet(models.QuerySet):
    def at(self, at: datetime) -> Self:
        return self.filter(starts_at__lte=at, ends_at__gt=at)


class Absence(models.Model):
    """A person is away from one instant to another: what would be told to the person is told to deputy and head."""

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="absences", verbose_name=_("officer"))
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    entered_at = models.DateTimeField(_("entered at"))

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "id"]
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            models.CheckConstraint(name="absence_ends_after_it_begins", condition=Q(ends_at__gt=F("starts_at")))
        ]
        triggers = [pgtrigger.Protect(name="absence_is_never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.officer} {self.starts_at:%m-%d %H:%M}–{self.ends_at:%m-%d %H:%M}"
