"""I07: every limit ends where a count by hand ends, over twelve years with their holidays and make-up days."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import timedelta
from random import Random

import pytest

from bureau.desk.clockwork import Limit, project
from tests.bureau.calendars import at, reference_calendar
from tests.faults.by_hand import FIRST, by_hand, worked_days

pytestmark = [pytest.mark.fault, pytest.mark.slow]
BEGIN = at("2015-01-01 00:00")
PERIOD = (at("2025-12-31 23:59") - BEGIN) // timedelta(minutes=1)
RULES = [Limit(days, "working_days") for days in (2, 3, 5, 7, 15)]


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
