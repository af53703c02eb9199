"""The dates of law.md 7.1 and 7.3: first day excluded, rolled or not, stopped or extended."""

from datetime import date, timedelta

import pytest

from bureau.desk.clockwork import BadLimit, Extension, Light, Limit, Pause, project
from tests.bureau.calendars import CALENDAR, at


def day(text: str) -> date:
    return date.fromisoformat(text)


def last_day_of(start: str, limit: str, *, roll: str = "none", pauses: tuple = (), extensions: tuple = ()) -> date:
    granted = [Extension(Limit.parse(text)) for text in extensions]
    return project(day(start), Limit.parse(limit), CALENDAR, roll=roll, pauses=pauses, extensions=granted).due_on


@pytest.mark.parametrize(
    ("start", "limit", "raw", "effective"),
    [
        ("2026-09-30", "7 working_days", None, "2026-10-15"),
        ("2025-01-24", "7 working_days", None, "2025-02-10"),
        ("2026-02-12", "5 working_days", None, "2026-02-26"),
        ("2026-04-30", "2 working_days", None, "2026-05-07"),
        ("2026-05-29", "7 working_days", None, "2026-06-09"),
        ("2026-02-13", "3 working_days", None, "2026-02-25"),
        ("2026-09-16", "15 natural_days", "2026-10-01", "2026-10-08"),
        ("2026-07-03", "90 natural_days", "2026-10-01", "2026-10-08"),
        ("2025-12-17", "60 natural_days", "2026-02-15", "2026-02-24"),
        ("2026-07-30", "60 natural_days", None, "2026-09-28"),
        ("2026-01-20", "15 natural_days", None, "2026-02-04"),
        ("2026-08-01", "60 natural_days", None, "2026-09-30"),
    ],
)
def test_micro_vectors_hold(start, limit, raw, effective):
    timing = project(day(start), Limit.parse(limit), CALENDAR, roll="forward")

    assert timing.due_on == day(effective)
    assert timing.rolled_from == (day(raw) if raw else None)


@pytest.mark.parametrize(
    ("start", "limit", "roll", "due"),
    [
        # V01 on the spot: cash to the agency, on to the bank, record, reconsideration
        ("2025-09-30", "2 working_days", "none", "2025-10-10"),
        ("2025-10-10", "2 working_days", "none", "2025-10-13"),
        ("2025-09-30", "3 working_days", "none", "2025-10-11"),
        ("2025-09-30", "60 natural_days", "forward", "2025-12-01"),
        # V03 ordinary case: verify, decide, hear, serve, pay, reconsideration, suit, close
        ("2025-04-28", "15 working_days", "none", "2025-05-22"),
        ("2025-05-06", "90 natural_days", "none", "2025-08-04"),
        ("2025-05-28", "5 working_days", "none", "2025-06-05"),
        ("2025-06-10", "7 working_days", "none", "2025-06-19"),
        ("2025-06-12", "15 natural_days", "forward", "2025-06-27"),
        ("2025-06-12", "60 natural_days", "forward", "2025-08-11"),
        ("2025-06-12", "6 months", "forward", "2025-12-12"),
        ("2025-06-27", "15 working_days", "none", "2025-07-18"),
        # V04 ninety days that end inside National Day
        ("2025-07-10", "90 natural_days", "none", "2025-10-08"),
        ("2025-07-10", "90 natural_days", "forward", "2025-10-09"),
        ("2025-09-26", "5 working_days", "none", "2025-10-10"),
        # V08 seizure, never rolled
        ("2025-09-05", "30 natural_days", "none", "2025-10-05"),
        # V10, V12, R10
        ("2026-03-10", "30 natural_days", "none", "2026-04-09"),
        ("2026-03-10", "1 months", "none", "2026-04-10"),
        ("2026-09-18", "3 working_days", "none", "2026-09-22"),
        ("2026-09-18", "5 working_days", "none", "2026-09-24"),
        ("2026-09-18", "15 working_days", "none", "2026-10-15"),
        ("2026-04-30", "5 working_days", "none", "2026-05-11"),
    ],
)
def test_dates_of_the_cases_hold(start, limit, roll, due):
    assert last_day_of(start, limit, roll=roll) == day(due)


def test_the_last_working_day_before_the_ninetieth_is_the_planning_target():
    assert CALENDAR.previous_working_day(day("2025-10-08")) == day("2025-09-30")


def test_extensions_continue_from_the_day_before_them():
    assert last_day_of("2025-07-10", "90 natural_days", extensions=("30 natural_days",)) == day("2025-11-07")
    assert last_day_of("2025-07-10", "90 natural_days", extensions=("30 natural_days", "60 natural_days")) == day(
        "2026-01-06"
    )


def test_a_seizure_waits_for_the_appraisal_and_is_extended():
    appraisal = (Pause(day("2025-09-10"), day("2025-09-24")),)

    assert last_day_of("2025-09-05", "30 natural_days", pauses=appraisal) == day("2025-10-19")
    assert last_day_of("2025-09-05", "30 natural_days", extensions=("30 natural_days",)) == day("2025-11-04")
    assert last_day_of("2025-09-05", "30 natural_days", pauses=appraisal, extensions=("30 natural_days",)) == day(
        "2025-11-18"
    )


def test_a_demolition_order_counts_hours_round_the_clock():
    report = at("2026-03-10 14:05")

    assert project(report, Limit.parse("2 clock_hours"), CALENDAR).due_at == at("2026-03-10 16:05")
    assert project(report, Limit.parse("24 clock_hours"), CALENDAR).due_at == at("2026-03-11 14:05")


@pytest.mark.parametrize("resumed", range(1, 20))
def test_a_stop_of_n_days_costs_n_days_half_open(resumed):
    stop = (Pause(day("2025-09-10"), day("2025-09-10") + timedelta(days=resumed)),)

    assert last_day_of("2025-09-05", "30 natural_days", pauses=stop) == day("2025-10-05") + timedelta(days=resumed)


def test_a_stop_costs_a_working_day_period_only_its_working_days():
    over_a_weekend = (Pause(day("2025-09-12"), day("2025-09-15")),)

    assert last_day_of("2025-09-10", "5 working_days") == day("2025-09-17")
    assert last_day_of("2025-09-10", "5 working_days", pauses=over_a_weekend) == day("2025-09-18")


def test_a_stop_on_the_last_day_counts_and_one_after_it_does_not():
    on_it = (Pause(day("2025-10-05"), day("2025-10-07")),)
    after_it = (Pause(day("2025-10-06"), day("2025-10-08")),)

    assert last_day_of("2025-09-05", "30 natural_days", pauses=on_it) == day("2025-10-07")
    assert last_day_of("2025-09-05", "30 natural_days", pauses=after_it) == day("2025-10-05")


def test_no_date_can_be_known_while_the_clock_stands():
    timing = project(
        day("2025-09-05"), Limit.parse("30 natural_days"), CALENDAR, pauses=[Pause(day("2025-09-10"), None)]
    )

    assert (timing.due_on, timing.due_at, timing.warn_at) == (None, None, None)
    assert timing.light(at("2025-09-12 10:00")) is Light.GREY


def test_a_clock_of_dates_is_due_at_24_00_and_warns_at_four_fifths_of_the_span():
    timing = project(day("2025-09-05"), Limit.parse("30 natural_days"), CALENDAR)

    assert timing.counting_from == at("2025-09-06 00:00")
    assert timing.warn_at == at("2025-09-30 00:00")
    assert timing.due_at == at("2025-10-06 00:00")
    assert timing.supervise_at == at("2025-10-07 00:00")
    assert timing.refer_at == at("2025-10-08 00:00")
    assert timing.duty_at == at("2025-10-09 09:00")


def test_an_instant_counts_law_periods_from_its_date():
    timing = project(at("2025-07-10 16:30"), Limit.parse("90 natural_days"), CALENDAR)

    assert timing.due_on == day("2025-10-08")


def test_hours_need_an_instant_and_never_roll():
    with pytest.raises(BadLimit, match="need an instant"):
        project(day("2025-07-10"), Limit.parse("4 working_hours"), CALENDAR)
    with pytest.raises(BadLimit, match="never roll"):
        project(at("2025-07-10 10:00"), Limit.parse("4 clock_hours"), CALENDAR, roll="forward")


def test_a_date_in_an_unloaded_year_is_provisional():
    timing = project(day("2026-12-25"), Limit.parse("7 working_days"), CALENDAR)

    assert timing.due_provisional
    assert timing.due_on == day("2027-01-06")
