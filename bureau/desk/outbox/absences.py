"""Being away: while it lasts, deputy and head are told instead."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bureau.desk.models.absence import Absence
from bureau.desk.refusal import BadValue
from bureau.models.people import Officer

LONGEST: Final = timedelta(days=366)


@transaction.atomic
def go_away(officer: Officer, *, starts_at: datetime, ends_at: datetime, at: datetime) -> Absence:
    """Be away from one instant to another, not in the past and for a year at most; raises BadValue."""
    if ends_at <= max(starts_at, at):
        raise BadValue(_("The end must lie ahead, and after the beginning."), code="too_early", pointer="/ends_at")
    if ends_at - starts_at > LONGEST:
        raise BadValue(_("An absence lasts a year at most."), code="too_late", pointer="/ends_at")
    return Absence.objects.create(officer=officer, starts_at=max(starts_at, at), ends_at=ends_at, entered_at=at)


@transaction.atomic
def come_back(officer: Officer, *, at: datetime) -> None:
    """End what lasts, and take back what lies ahead; what is over stays as it was."""
    for absence in Absence.objects.select_for_update().filter(officer=officer, ends_at__gt=at):
        absence.starts_at = min(absence.starts_at, at - timedelta(microseconds=1))
        absence.ends_at = at
        absence.save(update_fields=["starts_at", "ends_at"])


def absences_of(officer: Officer, *, at: datetime) -> list[Absence]:
    return list(Absence.objects.filter(officer=officer, ends_at__gt=at))
