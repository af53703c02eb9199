"""What nobody decided in time is refused by the system, at the computed instant (R4, R16)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from bureau.desk.clocks import locked_subject
from bureau.desk.models.request import ClockRequest
from bureau.desk.requests.actions import close, facts_of
from bureau.desk.requests.telling import tell_asker
from bureau.desk.trail import last_entry, write_entry


def lapse_due(*, at: datetime, limit: int = 500) -> int:
    """Refuse every pending request whose time for a decision is over by `at`; how many."""
    due = ClockRequest.objects.newly_lapsed(at).order_by("decide_by").values_list("pk", flat=True)[:limit]
    return sum(lapse_one(pk, at=at) for pk in list(due))


@transaction.atomic
def lapse_one(pk: Any, *, at: datetime) -> bool:
    """The rungs were held until that very instant, so the ladder needs no word from here."""
    subject = locked_subject(ClockRequest.objects.select_related("clock__subject_type").get(pk=pk).clock)
    request = ClockRequest.objects.select_for_update(of=("self",)).select_related("clock").get(pk=pk)
    if not request.is_pending or request.decide_by is None or request.decide_by >= at:
        return False
    close(request, ClockRequest.Status.LAPSED, request.decide_by)
    previous = last_entry(subject)
    written_at = max(previous.at, request.decide_by) if previous else request.decide_by
    write_entry(subject, f"lapse_{request.kind}", by=None, at=written_at, facts=facts_of(request))
    tell_asker(subject, request, at)
    return True
