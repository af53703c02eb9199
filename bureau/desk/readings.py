"""What a clock shows at an instant, from its stored instants alone: a list of clocks needs no query for each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bureau.desk.almanac import calendar_of
from bureau.desk.calendar import WorkingCalendar
from bureau.desk.models.clock import Clock

TAIL: Final = 5  # yellow comes at 80 %, so the whole is five times what lies between yellow and due (grid.md R5)


@dataclass(frozen=True)
class Reading:
    """Counted seconds: `left` is negative when it is over and None while a pause hides the end."""

    light: str
    left: int | None
    spent: int | None
    whole: int | None
    unit: str


def read_clock(clock: Clock, *, at: datetime, calendar: WorkingCalendar) -> Reading:
    """Light and counted time of a clock, by the calendar it was computed by; `calendar` is the one in force."""
    left = whole = None
    calendar = calendar_of(clock.calendar_token, calendar)
    if clock.due_at is not None:
        left = counted(clock, at, clock.due_at, calendar)
        whole = TAIL * counted(clock, clock.warn_at, clock.due_at, calendar) if clock.warn_at else None
    spent = None if left is None or whole is None else whole - left
    return Reading(clock.light(at), left, spent, whole, clock.shown_unit)


def counted(clock: Clock, start: datetime, end: datetime, calendar: WorkingCalendar) -> int:
    """Seconds from one instant to another as this clock counts them; negative when they stand the other way."""
    if start > end:
        return -counted(clock, end, start, calendar)
    if clock.counts_working_time:
        return round(calendar.working_time_between(start, end).total_seconds())
    return round((end - start).total_seconds())
