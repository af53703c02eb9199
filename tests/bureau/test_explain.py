"""Why this date: the JSON of interfaces.md, its spans, and the command that prints it."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import ProgrammingError
from django.utils import translation

from bureau.desk.clockwork import Extension, Limit, Pause, project
from bureau.desk.explain import explain, sentence
from bureau.desk.spans import spans_of
from bureau.loaders import calendar as loader
from tests.bureau.calendars import CALENDAR, at

REFERENCE = Path(__file__).resolve().parents[2] / "reference" / "minhang"
KEYS = {"start", "limit", "warn_at", "due_at", "due_on", "rolled_from", "provisional", "spans", "error"}


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.fixture
def loaded(db):
    loader.load(REFERENCE)


@pytest.fixture
def told(loaded, capsys):
    """The JSON that the command prints for its arguments."""

    def ask(*arguments):
        call_command("explain_deadline", *arguments, "--json")
        return json.loads(capsys.readouterr().out)

    return ask


def test_a_working_time_is_explained_by_periods_and_named_rest_days():
    told = explain(at("2015-09-30 14:00"), Limit.parse("5 working_days"), CALENDAR)

    assert set(told) == KEYS
    assert told["due_at"] == "2015-10-13T14:00:00+08:00"
    assert told["warn_at"] == "2015-10-12T14:00:00+08:00"
    assert (told["due_on"], told["rolled_from"], told["provisional"], told["error"]) == (
        "2015-10-13",
        None,
        False,
        None,
    )
    assert told["spans"][0] == {
        "from": "2015-09-30T14:00:00+08:00",
        "to": "2015-09-30T18:00:00+08:00",
        "kind": "counted",
    }
    assert told["spans"][1] == {
        "from": "2015-10-01T00:00:00+08:00",
        "to": "2015-10-08T00:00:00+08:00",
        "kind": "rest",
        "name": "国庆节",
    }


@pytest.mark.parametrize(
    ("pauses", "extensions"),
    [
        ((), ()),
        ((Pause(at("2015-09-30 16:00"), at("2015-10-09 10:00"), "suspended", "法院"),), ()),
        ((), (Extension(Limit.parse("8 working_hours")),)),
        ((Pause(at("2015-10-03 16:00"), at("2015-10-04 10:00")),), (Extension(Limit.parse("1 working_days")),)),
    ],
)
def test_the_counted_spans_sum_to_the_limit_and_its_extensions(pauses, extensions):
    timing = project(
        at("2015-09-30 14:00"), Limit.parse("5 working_days"), CALENDAR, pauses=pauses, extensions=extensions
    )

    spans = spans_of(timing)

    summed = {
        kind: sum((s.end - s.start for s in spans if s.kind == kind), timedelta()) for kind in ("counted", "extended")
    }
    assert summed["counted"] == timedelta(hours=40)
    assert summed["extended"] == timing.allowed - timedelta(hours=40)
    assert [s.start for s in spans] == sorted(s.start for s in spans)
    assert all(before.end <= after.start for before, after in zip(spans, spans[1:], strict=False))


def test_a_period_of_law_shows_its_first_day_its_stop_and_its_extension():
    timing = project(
        day("2025-09-05"),
        Limit.parse("30 natural_days"),
        CALENDAR,
        pauses=[Pause(day("2025-09-10"), day("2025-09-24"), "suspended", "鉴定")],
        extensions=[Extension(Limit.parse("30 natural_days"))],
    )

    assert [(s.start.isoformat(), s.end.isoformat(), s.kind) for s in spans_of(timing)] == [
        ("2025-09-05", "2025-09-06", "excluded"),
        ("2025-09-06", "2025-09-10", "counted"),
        ("2025-09-10", "2025-09-24", "suspended"),
        ("2025-09-24", "2025-10-20", "counted"),
        ("2025-10-20", "2025-11-19", "extended"),
    ]


@pytest.mark.parametrize("stopped", ["2025-09-04", "2025-09-05", "2025-09-06", "2025-09-20"])
def test_the_days_that_count_sum_to_the_limit_wherever_the_clock_stood(stopped):
    pause = Pause(day(stopped), day("2025-09-25"))

    timing = project(day("2025-09-05"), Limit.parse("30 natural_days"), CALENDAR, pauses=[pause])

    assert sum((s.end - s.start).days for s in spans_of(timing) if s.kind == "counted") == 30


def test_a_rolled_day_shows_the_rest_days_it_was_moved_over():
    timing = project(day("2026-09-16"), Limit.parse("15 natural_days"), CALENDAR, roll="forward")

    assert [(s.start.isoformat(), s.end.isoformat(), s.kind, s.name) for s in spans_of(timing)][-2:] == [
        ("2026-10-02", "2026-10-08", "rest", "国庆节"),
        ("2026-10-08", "2026-10-09", "rolled", ""),
    ]


def test_a_lasting_suspension_is_explained_without_a_date():
    told = explain(
        at("2015-09-14 09:00"),
        Limit.parse("8 working_hours"),
        CALENDAR,
        suspensions=[Pause(at("2015-09-14 10:00"), None)],
    )

    assert (told["due_at"], told["due_on"], told["warn_at"]) == (None, None, None)
    assert [span["kind"] for span in told["spans"]] == ["counted", "suspended"]


def test_strict_refuses_a_date_of_an_unloaded_year_and_nothing_else():
    strictly = explain(day("2026-12-25"), Limit.parse("7 working_days"), CALENDAR, strict=True)

    assert strictly == {"error": "E_CALENDAR_MISSING"}
    assert explain(day("2026-12-01"), Limit.parse("7 working_days"), CALENDAR, strict=True)["due_on"] == "2026-12-10"


def test_the_sentence_says_it_in_words():
    timing = project(day("2026-09-16"), Limit.parse("15 natural_days"), CALENDAR, roll="forward")

    with translation.override("en"):
        words = sentence(timing)

    assert words.startswith("15 natural days from 2026-09-16 Wednesday, the first day not counted.")
    assert "The last day is 2026-10-08 Thursday, to 24:00." in words
    assert "moved from 2026-10-01" in words


def test_the_command_counts_a_date_as_the_law_does(told):
    answer = told("2026-07-03", "90 natural_days", "--roll", "forward")

    assert set(answer) == KEYS
    assert (answer["start"], answer["limit"]) == ("2026-07-03", "90 natural_days")
    assert (answer["due_on"], answer["rolled_from"]) == ("2026-10-08", "2026-10-01")
    assert answer["due_at"] == "2026-10-09T00:00:00+08:00"


def test_the_command_counts_an_instant_in_working_time(told):
    assert told("2026-09-30T14:00", "5 working_days")["due_at"] == "2026-10-13T14:00:00+08:00"
    assert told("2026-09-30T06:00Z", "5 working_days")["due_at"] == "2026-10-13T14:00:00+08:00"


def test_the_command_suspends_and_extends_as_often_as_it_is_told(told):
    seizure = ["2025-09-05", "30 natural_days", "--suspend", "2025-09-10/2025-09-24"]
    ninety = ["2025-07-10", "90 natural_days", "--extend", "30 natural_days", "--extend", "60 natural_days"]

    assert told(*seizure)["due_on"] == "2025-10-19"
    assert told(*ninety)["due_on"] == "2026-01-06"


def test_an_unloaded_year_gives_a_provisional_date_and_with_strict_an_error(told, capsys):
    assert told("2026-12-25", "7 working_days")["provisional"] is True

    with pytest.raises(CommandError) as error:
        call_command("explain_deadline", "2026-12-25", "7 working_days", "--strict", "--json")

    assert error.value.returncode == 1
    assert json.loads(capsys.readouterr().out) == {"error": "E_CALENDAR_MISSING"}


def test_the_command_speaks_without_json(loaded, capsys):
    call_command("explain_deadline", "2026-09-30", "7 working_days")

    out = capsys.readouterr().out
    assert "2026-10-15" in out
    assert "2026-10-01 – 2026-10-07" in out


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["2026-13-01", "5 working_days"], "START"),
        (["1900-01-01", "5 working_days"], "START"),
        (["tomorrow", "5 working_days"], "START"),
        (["2026-09-30", "5 weeks"], "LIMIT"),
        (["2026-09-30", "0 working_days"], "LIMIT"),
        (["2026-09-30", "4 working_hours"], "LIMIT"),
        (["2098-09-30", "50 years"], "LIMIT"),
        (["2026-09-30T10:00", "4 clock_hours", "--roll", "forward"], "LIMIT"),
        (["2026-09-30", "5 working_days", "--roll", "back"], "--roll"),
        (["2026-09-30", "5 working_days", "--suspend", "2026-10-01"], "--suspend"),
        (["2026-09-30", "5 working_days", "--suspend", "2026-10-09/2026-10-01"], "--suspend"),
        (["2026-09-30", "5 working_days", "--suspend", "2026-10-01T09:00/2026-10-09T09:00"], "--suspend"),
        (["2026-09-30", "5 working_days", "--extend", "lots"], "--extend"),
    ],
)
def test_bad_input_names_its_argument(loaded, arguments, named):
    with pytest.raises(CommandError, match=named):
        call_command("explain_deadline", *arguments)


def test_without_tables_the_command_says_what_to_run(monkeypatch):
    def no_table():
        raise ProgrammingError('relation "bureau_calendaryear" does not exist')

    monkeypatch.setattr("bureau.management.commands.explain_deadline.current_calendar", no_table)

    with pytest.raises(CommandError, match="migrate") as error:
        call_command("explain_deadline", "2026-09-30", "7 working_days")

    assert error.value.returncode == 3
