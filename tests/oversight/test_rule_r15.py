"""R15: a changed limit or calendar affects later work only, or is an explained, previewed, logged recalculation."""

from __future__ import annotations

from datetime import date

import pytest

from bureau.desk.almanac import DayRow, current_calendar, load_year
from bureau.desk.clocks import timing_of
from bureau.desk.models import Clock, RuleChange
from bureau.desk.models.calendar import CalendarDay
from bureau.desk.recalculation import preview_of
from bureau.desk.refusal import Refusal
from bureau.desk.rule_changes import move_change, propose_change
from bureau.models import Role
from grid.models import Issue
from oversight import ladder
from oversight.models import Paper
from tests.make import bureau, minutes
from tests.make import grid as make

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 22)
MARK = {"name": "oversight_urging_mark", "value": "闵", "recalculates": True}


@pytest.fixture(autouse=True)
def _a_calendar_that_was_loaded() -> None:
    rows = [DayRow(*row) for row in CalendarDay.objects.filter(on__year=2026).values_list("on", "is_working", "name")]
    load_year(2026, rows or [DayRow(date(2026, 1, 1), False, "元旦")], by=None, at=None, source="通知")


@pytest.fixture
def people() -> dict[str, object]:
    return {role: bureau.officer(None, role) for role in (Role.LEGAL, Role.DEPUTY, Role.DIRECTOR)}


def handling(issue: Issue) -> Clock:
    return issue.clocks.get(kind="handling")


def proposed(people, name="grid_handling_limit_C1", value="8 working_hours", recalculates=False, **said) -> RuleChange:
    given = {"valid_from": TODAY, "reason": "设摊治理工作量增加", "by": people[Role.LEGAL], "at": minutes(5)}
    return propose_change(name, value=value, recalculates=recalculates, **{**given, **said})


def enacted(change: RuleChange, people, minute: float = 10) -> RuleChange:
    digest = preview_of(change, at=minutes(minute)).digest if change.recalculates else str(change.pk)
    return move_change(change, "enact", by=people[Role.DEPUTY], at=minutes(minute), digest=digest)


def test_R15_a_new_limit_leaves_the_clocks_that_run_and_rules_the_later_ones(people):
    before = make.dispatched_issue()

    enacted(proposed(people), people)

    assert str(handling(before).limit) == "4 working_hours"
    after = make.dispatched_issue()
    assert str(handling(after).limit) == "8 working_hours"


def test_R15_a_new_calendar_leaves_the_dates_that_were_computed_and_they_still_explain_themselves(people):
    issue = make.dispatched_issue(type="C2")  # one working day from Monday 2026-06-22 09:03
    before = handling(issue).due_at

    close_the_day(date(2026, 6, 23))

    clock = handling(issue)
    assert clock.due_at == before
    assert timing_of(clock).due_at == before
    assert timing_of(clock).calendar.token != current_calendar().token


def close_the_day(on: date) -> None:
    rows = [
        DayRow(*row) for row in CalendarDay.objects.filter(on__year=on.year).values_list("on", "is_working", "name")
    ]
    load_year(on.year, [*rows, DayRow(on, False, "临时放假")], by=None, at=None, source="通知")


def test_R15_a_recalculation_by_the_calendar_moves_the_dates_and_says_so_on_each_trail(people):
    issue = make.dispatched_issue(type="C2")
    before = handling(issue).due_at
    close_the_day(date(2026, 6, 23))
    change = proposed(people, name="calendar", value="", recalculates=True)

    enacted(change, people)

    clock, line = handling(issue), issue.entries.last()
    assert clock.due_at > before
    assert clock.calendar_token == current_calendar().token
    assert (line.verb, line.note, line.by) == ("recompute", "设摊治理工作量增加", people[Role.DEPUTY])
    assert [instant[:10] for instant in line.facts["due_at"]] == ["2026-06-23", "2026-06-24"]
    assert RuleChange.objects.get().moved == 1


def test_R15_what_would_move_is_shown_before_anything_does(people):
    issue = make.dispatched_issue()
    change = proposed(people, recalculates=True)

    preview = preview_of(change, at=minutes(600))

    assert (preview.total, len(preview.shifts), preview.leaves_red) == (1, 1, 1)
    assert preview.shifts[0].due_at > handling(issue).due_at
    assert str(handling(issue).limit) == "4 working_hours"


def test_R15_the_second_person_enacts_only_what_was_shown(people):
    make.dispatched_issue()
    change = proposed(people, recalculates=True)
    seen = preview_of(change, at=minutes(8)).digest
    make.dispatched_issue()

    with pytest.raises(Refusal) as refused:
        move_change(change, "enact", by=people[Role.DEPUTY], at=minutes(10), digest=seen)

    assert (refused.value.code, refused.value.status) == ("preview_changed", 409)


def test_R15_nobody_enacts_their_own_proposal(people):
    make.issue_type("C1")
    change = proposed(people, by=people[Role.DEPUTY])

    with pytest.raises(Refusal) as refused:
        move_change(change, "enact", by=people[Role.DEPUTY], at=minutes(10), digest=str(change.pk))

    assert refused.value.code == "sod_conflict"


@pytest.mark.parametrize(
    ("said", "code", "pointer"),
    [
        ({"reason": "  "}, "required", "/reason"),
        ({"value": "eight hours"}, "invalid_limit", "/value"),
        ({"value": "0 working_hours"}, "invalid_limit", "/value"),
        ({"valid_from": date(2026, 6, 21)}, "in_past", "/valid_from"),
        ({"valid_from": date(2026, 6, 23), "recalculates": True}, "not_today", "/valid_from"),
        ({"name": "grid_handling_limit_Z9"}, "unknown_rule", "/name"),
        (MARK, "nothing_to_recalculate", "/recalculates"),
        ({"name": "grid_ladder_C1", "value": "sometimes"}, "invalid_choice", "/value"),
    ],
)  # fmt: skip
def test_R15_a_proposal_that_cannot_be_is_refused_by_name(people, said, code, pointer):
    make.issue_type("C1")

    with pytest.raises(Refusal) as refused:
        proposed(people, **said)

    assert (refused.value.code, refused.value.pointer) == (code, pointer)


def test_R15_a_later_date_lets_the_ladder_climb_again_in_a_new_round(people):
    issue = make.dispatched_issue()
    ladder.climb(at=minutes(310))  # urged once at 14:03
    enacted(proposed(people, recalculates=True), people, minute=320)

    ladder.climb(at=minutes(60 * 24 * 2))

    urged = Paper.objects.filter(subject_id=issue.pk, kind=Paper.Kind.URGING).order_by("issued_at")
    assert [paper.rung.round for paper in urged] == [0, 1]


def test_peer_zammad_4353_a_rule_switched_off_lets_open_items_leave_red_and_keeps_the_papers(people):
    issue = make.dispatched_issue()
    ladder.climb(at=minutes(310))
    assert Clock.objects.red(minutes(310)).about(issue).exists()

    enacted(proposed(people, name="grid_ladder_C1", value="off", recalculates=True), people, minute=320)

    assert not issue.clocks.running().filter(kind="handling").exists()
    assert not Clock.objects.red(minutes(330)).about(issue).exists()
    assert Paper.objects.filter(subject_id=issue.pk).count() == 1
