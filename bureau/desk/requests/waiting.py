"""What waits for this very person's decision: shown on the desk, beside the clocks that are owed."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.db.models import F, Q

from bureau.desk.fence import fenced
from bureau.desk.models.request import ClockRequest
from bureau.desk.requests.spec import RequestSpec, request_specs, spec_for
from bureau.models.roles import Role

MOST: Final = 100


def waiting_for(officer: Any, *, at: datetime) -> list[ClockRequest]:
    """Pending requests put before a post of this person, nearest end first, at most 100; own ones left out (D5).

    No query for whoever decides none; otherwise two, and one for each noun.
    """
    if officer.roles_now.isdisjoint(deciding_roles()):
        return []
    in_time = Q(decide_by=None) | Q(decide_by__gte=at)
    pending = fenced(ClockRequest.objects.pending().for_list(), officer).filter(in_time).exclude(asked_by=officer)
    rows = pending.prefetch_related("subject").order_by(F("decide_by").asc(nulls_last=True), "pk")[:MOST]
    return [row for row in rows if is_put_before(row, officer)]


def is_put_before(request: ClockRequest, officer: Any) -> bool:
    subject = request.subject
    spec: RequestSpec | None = spec_for(subject, request.kind) if subject else None
    return spec is not None and spec.deciders_at(request.level).posting_of(officer, subject) is not None


def deciding_roles() -> frozenset[Role]:
    return frozenset(
        role
        for noun in request_specs
        for spec in noun.kinds.values()
        for deciders in spec.deciders
        for role in deciders.roles
    )
