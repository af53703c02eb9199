"""What may be asked about the limit of an issue, as its page shows it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bureau.desk.models import ClockRequest
from bureau.desk.requests import choices, lift_posting
from grid.models import Issue


def asking_of(issue: Issue, by: Any, at: datetime) -> dict[str, Any]:
    """What may be asked about the limit and what not, what was asked, and whether the clock may be let go on."""
    opened, closed = choices(issue, by, at=at)
    is_suspended = issue.clocks.suspended().exists()
    past = list(ClockRequest.objects.about(issue)[:6]) if issue.handled_by_id else []
    may_resume = is_suspended and lift_posting(issue, by) is not None
    return {"open": opened, "closed": closed, "past": past, "may_resume": may_resume}
