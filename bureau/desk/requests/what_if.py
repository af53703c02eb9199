"""The date that something would give, before it is asked for: by the rules of asking, with nothing stored."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from bureau.desk.clock_changes import preview
from bureau.desk.clockwork import Timing
from bureau.desk.models.clock import Clock
from bureau.desk.requests.rules import Asked, Situation, asked_limit, asked_resumption
from bureau.desk.requests.spec import Kind


def what_if(
    clock: Clock, *, at: datetime, amount: Any = None, unit: str = "", resume_on: date | None = None
) -> Timing:  # fmt: skip
    """The timing with an extension granted at `at`, or a suspension from `at` until a day; raises what asking would."""
    situation = Situation(clock, at)
    if resume_on is not None:
        asked = Asked(Kind.SUSPENSION, resume_on=resume_on)
        return preview(clock, at=at, resumes_at=asked_resumption(asked, situation))
    return preview(clock, at=at, extension=asked_limit(Asked(Kind.EXTENSION, amount=amount, unit=unit), situation))
