"""I07: every limit ends where a count by hand ends, over twelve years with their holidays and make-up days."""

from __future__ import annotations

import csv
from bisect import bisect_left, bisect_right
from datetime import date, datetime, time, timedelta
from functools import cache
from random import Random

import pytest

from bureau.desk.calendar import SHANGHAI
from bureau.desk.clockwork import Limit, project
from tests.bureau.calendars import REFERENCE, at, reference_calendar

pytestmark = [pytest.mark.fault, pytest.mark.slow]
FIRST, LAST = date(2015, 1, 1), date(2026, 12, 31)
MINUTES_OF_A_DAY = 8 * 60
BEGIN = at("2015-01-01 00:00")
PERIOD = (at("2025-12-31 23:59") - BEGIN) // timedelta(minutes=1)
RULES = [Limit(days, "working_days") for days in (2, 3, 5, 7, 15)]


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


def by_hand(start: datetime, limit: Limit) -> datetime:
    hours = int(limit.amount) * (8 if limit.unit == "working_days" else 1)
    return minute_at(minutes_before(start) + hours * 60)


def any_limit(chance: Random) -> Limit:
    days, hours = Limit(chance.randint(1, 60), "working_days"), Limit(chance.randint(1, 200), "working_hours")
    return chance.choice([*RULES, days, days, hours, hours])


@pytest.mark.invariant("I07")
def test_a_limit_ends_where_a_count_by_hand_ends_and_a_longer_one_never_earlier(chance):
    calendar = reference_calendar()

    for _ in range(10_000):
        start = BEGIN + timedelta(minutes=chance.randrange(PERIOD))
        limit = any_limit(chance)
        due = project(start, limit, calendar).due_at
        longer = project(start, Limit(limit.amount + 1, limit.unit), calendar).due_at

        assert due == by_hand(start, limit), f"{limit} from {start}"
        assert longer > due, f"{limit} from {start}"


@pytest.mark.invariant("I07")
def test_a_period_in_dates_ends_on_the_worked_day_that_a_list_gives(chance):
    calendar = reference_calendar()

    for _ in range(2_000):
        start, days = FIRST + timedelta(days=chance.randrange(4000)), chance.randint(1, 60)
        last = worked_days()[bisect_right(worked_days(), start) + days - 1]
        rolled = worked_days()[bisect_left(worked_days(), start + timedelta(days=days))]

        assert project(start, Limit(days, "working_days"), calendar).due_on == last, f"{days} from {start}"
        assert project(start, Limit(days, "natural_days"), calendar, roll="forward").due_on == rolled
