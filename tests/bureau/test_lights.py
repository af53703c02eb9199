"""The ten vectors of grid.md 7.2 as clock arithmetic, and the edges beside them."""

import csv
import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bureau.desk.clockwork import (
    BadLimit,
    Extension,
    Light,
    Limit,
    Pause,
    Timing,
    Unit,
    extension_refusal,
    project,
)
from tests.bureau.calendars import CALENDAR, at

VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "lights.csv"
UNITS = {"WH": Unit.WORKING_HOURS, "WD": Unit.WORKING_DAYS, "EH": Unit.CLOCK_HOURS}
SECOND = timedelta(seconds=1)
EIGHT_HOURS = Limit(8, Unit.WORKING_HOURS)
PAUSES = {
    "V07": [Pause(at("2015-09-15 11:00"), at("2015-09-18 14:00"))],
    "V11": [Pause(at("2015-09-14 15:00"), at("2015-09-15 10:00"), "stopped")],
    "V14": [Pause(at("2015-09-18 11:30"), None, "stopped")],
}
EXTENSIONS = {"V08": [Extension(EIGHT_HOURS, at("2015-09-15 11:00"))]}

with VECTORS.open(encoding="utf-8", newline="") as lines:
    ROWS = {row["id"]: row for row in csv.DictReader(lines)}


def timing_of(name: str) -> Timing:
    row = ROWS[name]
    limit = Limit(int(row["limit"]), UNITS[row["unit"]])
    return project(
        at(row["dispatched_at"]),
        limit,
        CALENDAR,
        pauses=PAUSES.get(name, ()),
        extensions=EXTENSIONS.get(name, ()),
    )


def four_hours() -> Timing:
    return timing_of("V01")


def test_there_are_ten_vectors():
    assert len(ROWS) == 10


@pytest.mark.parametrize("name", ROWS)
def test_the_vector_holds(name):
    row = ROWS[name]
    wanted = [re.match(r"[-\d]+ [\d:]+|-", row[column])[0] for column in list(row)[5:10]]

    timing = timing_of(name)

    found = [timing.warn_at, timing.due_at, timing.due_at, timing.supervise_at, timing.refer_at]
    assert [f"{instant:%Y-%m-%d %H:%M}" if instant else "-" for instant in found] == wanted


def test_the_duty_of_an_emergency_falls_on_the_next_working_instant():
    assert timing_of("V06").duty_at == at("2015-09-21 09:00")


def test_a_late_request_for_extension_is_refused_and_an_early_one_is_not():
    timing = timing_of("V10")

    assert timing.elapsed(at("2015-09-14 14:30")) == timedelta(hours=4.5)
    assert extension_refusal(timing, at("2015-09-14 14:30")) == "E_EXTENSION_LATE"
    assert extension_refusal(timing, at("2015-09-14 14:00")) is None


def test_a_suspended_clock_cannot_be_extended():
    assert extension_refusal(timing_of("V07"), at("2015-09-16 10:00")) == "E_CLOCK_SUSPENDED"


def test_R3_elapsed_time_stands_at_suspension_feedback_and_rework():
    assert timing_of("V07").elapsed(at("2015-09-17 10:00")) == timedelta(hours=10)
    assert timing_of("V11").elapsed(at("2015-09-15 10:00")) == timedelta(hours=5)
    assert timing_of("V14").elapsed(at("2015-09-18 16:00")) == timedelta(hours=7.5)


def test_the_last_colour_of_a_clock_kept_on_time_is_yellow():
    timing = timing_of("V14")

    assert timing.light(at("2015-09-18 16:00")) is Light.YELLOW
    assert timing.remaining(at("2015-09-18 16:00")) == 1800


@pytest.mark.parametrize(
    ("instant", "light"),
    [
        (at("2015-09-14 13:12"), Light.GREEN),
        (at("2015-09-14 13:12") + SECOND, Light.YELLOW),
        (at("2015-09-14 14:00"), Light.YELLOW),
        (at("2015-09-14 14:00") + SECOND, Light.RED),
    ],
)
def test_R5_exactly_80_and_100_per_cent_stay_in_the_lower_colour(instant, light):
    assert four_hours().light(instant) is light


def test_R12_feedback_at_the_red_instant_itself_is_on_time_and_raises_nothing():
    due = at("2015-09-14 14:00")

    timing = project(at("2015-09-14 09:00"), Limit(4, "working_hours"), CALENDAR, pauses=[Pause(due, None, "stopped")])

    assert timing.light(at("2015-09-20 09:00")) is Light.YELLOW
    assert timing.due_at is None


def test_a_suspended_clock_is_grey_from_approval_until_it_resumes():
    timing = timing_of("V07")

    assert timing.light(at("2015-09-15 11:00") - SECOND) is Light.GREEN
    assert timing.light(at("2015-09-15 11:00")) is Light.GREY
    assert timing.light(at("2015-09-18 14:00") - SECOND) is Light.GREY
    assert timing.light(at("2015-09-18 14:00")) is Light.GREEN


def test_suspension_approved_and_lifted_outside_working_time_costs_nothing():
    night = [Pause(at("2015-09-14 18:00"), at("2015-09-15 09:00"))]

    paused = project(at("2015-09-14 09:00"), EIGHT_HOURS, CALENDAR, pauses=night)

    assert paused.due_at == at("2015-09-14 18:00")
    assert paused.supervise_at == at("2015-09-15 14:00")


def test_overlapping_pauses_are_not_subtracted_twice():
    once = [Pause(at("2015-09-14 10:00"), at("2015-09-14 12:00"))]
    twice = [*once, Pause(at("2015-09-14 11:00"), at("2015-09-14 12:00"), "stopped")]

    start = at("2015-09-14 09:00")

    assert (
        project(start, EIGHT_HOURS, CALENDAR, pauses=twice).due_at
        == project(start, EIGHT_HOURS, CALENDAR, pauses=once).due_at
        == at("2015-09-15 11:00")
    )


def test_a_pause_while_in_rectification_moves_only_the_later_rungs():
    pause = [Pause(at("2015-09-14 15:00"), at("2015-09-14 17:00"))]

    timing = project(at("2015-09-14 09:00"), Limit(4, "working_hours"), CALENDAR, pauses=pause)

    assert timing.due_at == at("2015-09-14 14:00")
    assert timing.supervise_at == at("2015-09-15 11:00")


def test_an_extension_does_not_colour_the_time_before_its_grant():
    late_grant = [Extension(Limit(4, "working_hours"), at("2015-09-14 14:00"))]

    timing = project(at("2015-09-14 09:00"), Limit(4, "working_hours"), CALENDAR, extensions=late_grant)

    assert timing.light(at("2015-09-14 13:30")) is Light.YELLOW
    assert timing.light(at("2015-09-14 14:00")) is Light.GREEN


@pytest.mark.parametrize(
    ("limit", "hours"),
    [
        ("2 clock_hours", 4),
        ("4 working_hours", 4),
        ("16 working_hours", 8),
        ("5 working_days", 20),
        ("20 working_days", 24),
    ],
)
def test_R6_rectification_is_half_the_limit_between_4_and_24_hours(limit, hours):
    assert project(at("2015-09-14 09:00"), Limit.parse(limit), CALENDAR).rectification == timedelta(hours=hours)


def test_R1_hours_round_the_clock_never_wait_for_a_calendar():
    timing = project(at("2027-01-02 09:00"), Limit(2, "clock_hours"), CALENDAR)

    assert not timing.provisional


def test_a_ladder_that_reaches_an_unloaded_year_is_provisional_before_its_due_date_is():
    timing = project(at("2026-12-31 09:00"), EIGHT_HOURS, CALENDAR)

    assert timing.due_at == at("2026-12-31 18:00")
    assert timing.provisional
    assert not timing.due_provisional


def test_a_limit_reads_what_it_writes():
    assert str(Limit.parse("5 working_days")) == "5 working_days"
    assert Limit(Decimal("5.00"), "working_days") == Limit(5, Unit.WORKING_DAYS)
    assert Limit.parse("0.5 clock_hours").as_time() == timedelta(minutes=30)


@pytest.mark.parametrize(
    "text",
    ["", "5", "days 5", "-5 working_days", "0 working_days", "5 weeks", "5.5 working_days", "999999 years", "٥ months"],
)
def test_a_limit_that_cannot_be_is_refused(text):
    with pytest.raises(BadLimit):
        Limit.parse(text)


def test_hours_and_days_round_the_clock_do_not_extend_each_other():
    with pytest.raises(BadLimit, match="cannot be extended"):
        project(at("2015-09-14 09:00"), EIGHT_HOURS, CALENDAR, extensions=[Extension(Limit(2, "clock_hours"))])
