"""The working calendar against a count by hand, minute by minute."""

import time as stopwatch
from array import array
from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import accumulate, chain

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bureau.desk.calendar import (
    SHANGHAI,
    BeyondCalendar,
    DayKind,
    DayMark,
    WorkingCalendar,
    add_months,
    add_years,
)
from tests.bureau.calendars import CALENDAR, at

MINUTE = timedelta(minutes=1)
FIRST, END = at("2015-01-01 00:00"), at("2027-01-01 00:00")
MINUTES = (END - FIRST) // MINUTE
places = st.integers(0, MINUTES)
minutes = st.integers(0, MINUTES - 60 * 24 * 365).map(lambda place: FIRST + place * MINUTE)
days = st.dates(date(2015, 1, 1), date(2026, 9, 1))


def is_worked_on(on: date) -> bool:
    """From the bare rows and the bare rule."""
    mark = CALENDAR.marks.get(on)
    return mark.is_working if mark else on.isoweekday() <= 5


@cache
def worked_before() -> array:
    """The count minute by minute over 2015-2026: how many worked minutes lie before each minute."""
    worked_day = [int(9 * 60 <= minute < 12 * 60 or 13 * 60 <= minute < 18 * 60) for minute in range(24 * 60)]
    rest_day = [0] * (24 * 60)
    first = FIRST.date()
    dates = (first + timedelta(days=n) for n in range((END.date() - first).days))
    each_minute = chain.from_iterable(worked_day if is_worked_on(on) else rest_day for on in dates)
    return array("i", accumulate(each_minute, initial=0))


@settings(max_examples=3000, deadline=None)
@given(places, places)
def test_R1_working_time_equals_the_count_minute_by_minute(one, other):
    start, end = sorted((one, other))

    counted = CALENDAR.working_time_between(FIRST + start * MINUTE, FIRST + end * MINUTE)

    assert counted == (worked_before()[end] - worked_before()[start]) * MINUTE


@settings(max_examples=3000, deadline=None)
@given(places, st.integers(1, 900 * 60))
def test_added_working_time_is_the_first_minute_at_which_it_has_passed(start, amount):
    wanted = worked_before()[start] + amount
    assume(wanted <= worked_before()[-1])

    reached = CALENDAR.add_working_time(FIRST + start * MINUTE, amount * MINUTE)

    assert reached == FIRST + bisect_left(worked_before(), wanted) * MINUTE


@settings(max_examples=300, deadline=None)
@given(minutes, st.timedeltas(timedelta(microseconds=1), timedelta(hours=900)))
def test_adding_and_measuring_are_inverse(start, amount):
    end = CALENDAR.add_working_time(start, amount)

    assert CALENDAR.working_time_between(start, end) == amount


@settings(max_examples=300, deadline=None)
@given(minutes, minutes, st.integers(0, 5000), st.integers(0, 5000))
def test_more_time_or_a_later_start_is_never_due_earlier(one, other, few, many):
    one, other = sorted((one, other))
    few, many = sorted((few, many))

    assert CALENDAR.add_working_time(one, few * MINUTE) <= CALENDAR.add_working_time(one, many * MINUTE)
    assert CALENDAR.add_working_time(one, many * MINUTE) <= CALENDAR.add_working_time(other, many * MINUTE)


@settings(max_examples=300, deadline=None)
@given(minutes, minutes, minutes)
def test_working_time_adds_up_over_a_cut(one, two, three):
    one, two, three = sorted((one, two, three))

    parts = CALENDAR.working_time_between(one, two) + CALENDAR.working_time_between(two, three)

    assert parts == CALENDAR.working_time_between(one, three)


@settings(max_examples=200, deadline=None)
@given(minutes, minutes)
def test_the_spans_of_work_sum_to_the_working_time(one, two):
    start, end = sorted((one, two))[0], min(max(one, two), min(one, two) + timedelta(days=60))

    spans = list(CALENDAR.working_spans(start, end))

    assert sum((b - a for a, b in spans), timedelta()) == CALENDAR.working_time_between(start, end)


@settings(max_examples=500, deadline=None)
@given(days, st.integers(1, 60))
def test_the_nth_working_day_is_worked_and_has_n_working_days_behind_it(start, n):
    end = CALENDAR.add_working_days(start, n)

    assert is_worked_on(end)
    assert sum(is_worked_on(start + timedelta(days=i)) for i in range(1, (end - start).days + 1)) == n


@pytest.mark.parametrize("year", [2025, 2026])
def test_R1_the_year_has_248_working_days(year):
    assert CALENDAR.working_days_between(date(year, 1, 1), date(year + 1, 1, 1)) == 248


def test_R2_dispatch_at_half_past_twelve_starts_at_one():
    assert CALENDAR.next_working_instant(at("2015-09-14 12:30")) == at("2015-09-14 13:00")


def test_R2_work_that_begins_now_starts_now_and_after_the_close_next_morning():
    assert CALENDAR.next_working_instant(at("2015-09-14 09:00")) == at("2015-09-14 09:00")
    assert CALENDAR.next_working_instant(at("2015-09-14 18:00")) == at("2015-09-15 09:00")
    assert CALENDAR.next_working_instant(at("2015-10-09 18:00")) == at("2015-10-10 09:00")  # a make-up Saturday


def test_R5_an_instant_that_ends_a_period_is_written_as_the_end():
    assert CALENDAR.add_working_time(at("2015-09-14 09:00"), timedelta(hours=3)) == at("2015-09-14 12:00")
    assert CALENDAR.add_working_time(at("2015-09-14 09:00"), timedelta(hours=8)) == at("2015-09-14 18:00")


def test_period_at_is_half_open():
    assert CALENDAR.period_at(at("2015-09-14 09:00")) == (at("2015-09-14 09:00"), at("2015-09-14 12:00"))
    assert CALENDAR.period_at(at("2015-09-14 12:00")) is None
    assert CALENDAR.period_at(at("2015-10-03 10:00")) is None


def test_days_are_named_as_loaded():
    assert (CALENDAR.day_kind(date(2015, 10, 3)), CALENDAR.day_name(date(2015, 10, 3))) == (DayKind.HOLIDAY, "国庆节")
    assert CALENDAR.day_kind(date(2015, 10, 10)) is DayKind.MAKE_UP
    assert CALENDAR.day_kind(date(2015, 10, 11)) is DayKind.WEEKEND
    assert CALENDAR.day_kind(date(2015, 10, 12)) is DayKind.WORKING


def test_an_instant_of_another_zone_is_read_in_shanghai():
    morning = datetime(2015, 9, 14, 1, 0, tzinfo=UTC)

    assert CALENDAR.add_working_time(morning, timedelta(hours=4)) == at("2015-09-14 14:00")
    assert CALENDAR.add_working_time(morning, timedelta(hours=4)).tzinfo is SHANGHAI


def test_a_naive_instant_is_refused():
    with pytest.raises(ValueError, match="naive"):
        CALENDAR.next_working_instant(datetime.fromisoformat("2015-09-14T09:00"))


def test_a_missing_day_becomes_the_end_of_the_month():
    assert add_months(date(2025, 1, 31), 1) == date(2025, 2, 28)
    assert add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert add_months(date(2025, 8, 31), 6) == date(2026, 2, 28)
    assert add_months(date(2025, 6, 12), 6) == date(2025, 12, 12)
    assert add_years(date(2024, 2, 29), 1) == date(2025, 2, 28)


def test_an_unloaded_year_knows_weekends_and_statutory_holidays_only():
    assert not CALENDAR.is_working_day(date(2027, 10, 1))
    assert CALENDAR.is_working_day(date(2027, 10, 4))
    assert CALENDAR.day_name(date(2027, 10, 1)) == "国庆节"
    assert CALENDAR.is_provisional(date(2026, 12, 31), date(2027, 1, 1))
    assert not CALENDAR.is_provisional(at("2026-01-01 00:00"), at("2026-12-31 23:59"))


def test_marks_of_an_unloaded_year_are_not_believed():
    half_loaded = WorkingCalendar({date(2027, 10, 4): DayMark(False, "国庆节")}, frozenset({2026}))

    assert half_loaded.is_working_day(date(2027, 10, 4))


def test_years_that_cannot_be_known_are_refused():
    with pytest.raises(BeyondCalendar):
        CALENDAR.roll_forward(date(2100, 1, 1))


def test_working_periods_hold_from_their_date():
    short = ((time(10), time(12)), (time(14), time(16)))
    changed = WorkingCalendar(periods=((date(2015, 9, 15), short),), years=frozenset({2015}))

    assert changed.add_working_time(at("2015-09-14 17:00"), timedelta(hours=3)) == at("2015-09-15 12:00")
    assert changed.working_time_between(at("2015-09-14 00:00"), at("2015-09-16 00:00")) == timedelta(hours=12)


def test_a_period_may_end_at_midnight():
    nights = WorkingCalendar(periods=((date(2015, 1, 1), ((time(22), time(0)),)),), years=frozenset({2015}))

    assert nights.working_time_between(at("2015-09-14 00:00"), at("2015-09-15 00:00")) == timedelta(hours=2)


@pytest.mark.parametrize(("hours", "most"), [(40, 50e-6), (720, 200e-6)])
def test_adding_is_quick_when_the_days_are_warm(hours, most):
    start, amount = at("2015-09-30 14:00"), timedelta(hours=hours)
    CALENDAR.add_working_time(start, amount)

    best = min(_seconds_of(start, amount) for _ in range(50))

    assert best < most


def _seconds_of(start: datetime, amount: timedelta) -> float:
    begun = stopwatch.perf_counter()
    CALENDAR.add_working_time(start, amount)
    return stopwatch.perf_counter() - begun
