"""What a clock shows: the time left in the unit in which it is counted."""

from datetime import datetime

from bureau.desk.models import Clock
from bureau.desk.readings import read_clock
from tests import make
from tests.bureau.calendars import CALENDAR

NOON = make.shanghai("2026-06-22 12:00")


def clock(unit: str, due_at: datetime, *, counts_days: bool) -> Clock:
    return Clock(
        limit_amount=15,
        limit_unit=unit,
        counts_days=counts_days,
        warn_at=make.shanghai("2026-07-08 00:00"),
        due_at=due_at,
    )


def test_a_clock_counted_in_dates_reads_in_days_of_24_hours():
    by_date = clock("working_days", make.shanghai("2026-07-13 12:00"), counts_days=True)

    reading = read_clock(by_date, at=NOON, calendar=CALENDAR)

    assert (reading.left, reading.unit) == (21 * 86_400, "natural_days")


def test_a_clock_counted_in_working_time_reads_in_working_time():
    by_time = clock("working_days", make.shanghai("2026-06-23 12:00"), counts_days=False)

    reading = read_clock(by_time, at=NOON, calendar=CALENDAR)

    assert (reading.left, reading.unit) == (8 * 3_600, "working_days")
