"""A count of working time that shares nothing with the portal's: days in a list, minutes in a day."""

from __future__ import annotations

import csv
from bisect import bisect_left
from datetime import date, datetime, time, timedelta
from functools import cache

from bureau.desk.calendar import SHANGHAI
from bureau.desk.clockwork import Limit
from tests.bureau.calendars import REFERENCE

FIRST, LAST = date(2015, 1, 1), date(2026, 12, 31)
MINUTES_OF_A_DAY = 8 * 60


@cache
def worked_days() -> list[date]:
    """From the rows of the calendar and the rule of weekends, without the portal's arithmetic."""
    with REFERENCE.open(encoding="utf-8", newline="") as lines:
        marks = {date.fromisoformat(row["date"]): row["is_working"] == "true" for row in csv.DictReader(lines)}
    every = (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1))
    return [on for on in every if marks.get(on, on.isoweekday() <= 5)]


def minutes_before(moment: datetime) -> int:
    """How many worked minutes, 9 to 12 and 13 to 18, lie between 2015 and this minute."""
    days = worked_days()
    whole = bisect_left(days, moment.date())
    is_worked = whole < len(days) and days[whole] == moment.date()
    clock = moment.hour * 60 + moment.minute
    today = min(max(clock - 9 * 60, 0), 180) + min(max(clock - 13 * 60, 0), 300) if is_worked else 0
    return whole * MINUTES_OF_A_DAY + today


def minute_at(count: int) -> datetime:
    """The end of the `count`-th worked minute."""
    day, rest = divmod(count - 1, MINUTES_OF_A_DAY)
    minute = 9 * 60 + rest + 1 if rest < 180 else 13 * 60 + rest - 180 + 1
    return datetime.combine(worked_days()[day], time(), SHANGHAI) + timedelta(minutes=minute)


def after(start: datetime, minutes: int) -> datetime:
    """The instant at which that many minutes were worked since `start`."""
    return minute_at(minutes_before(start) + minutes)


def by_hand(start: datetime, limit: Limit) -> datetime:
    hours = int(limit.amount) * (8 if limit.unit == "working_days" else 1)
    return minute_at(minutes_before(start) + hours * 60)
