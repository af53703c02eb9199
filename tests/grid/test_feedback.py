"""Feeding back, taking it back, rework: what counts as used time (grid.md R3, R9, R12; security.md T06)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bureau.desk.clocks import timing_of
from bureau.desk.refusal import Refusal
from grid.actions import move_issue
from grid.models import Issue
from grid.outcomes import case_lookups
from tests.make import bureau
from tests.make import grid as make

pytestmark = pytest.mark.django_db


def handling_clock(issue):
    return issue.clocks.get(kind="handling")


@pytest.fixture
def one_case(monkeypatch):
    """A room upstairs that knows one filed case."""
    monkeypatch.setattr(case_lookups, "_values", {"test": (1, lambda number, issue: number == "闵城管立〔2026〕1号")})


def test_a_filed_case_stands_in_for_the_photo(one_case):
    issue = make.issue_in("handling")
    leader = make.crew(issue.unit)["squad_leader"]

    move_issue(issue, "feed_back", by=leader, at=make.minutes(9), outcome="case_opened", case="闵城管立〔2026〕1号")

    assert (issue.status, issue.case_number) == (Issue.Status.HANDLED, "闵城管立〔2026〕1号")


@pytest.mark.parametrize(("case", "code"), [("闵城管立〔2026〕2号", "E_CASE_NOT_FILED"), ("", "required")])
def test_a_case_that_is_not_filed_does_not(one_case, case, code):
    issue = make.issue_in("handling")
    leader = make.crew(issue.unit)["squad_leader"]

    with pytest.raises(Refusal) as refused:
        move_issue(issue, "feed_back", by=leader, at=make.minutes(9), outcome="case_opened", case=case)

    assert (refused.value.code, refused.value.pointer) == (code, "/case")


def test_an_unknown_outcome_is_refused():
    issue = make.issue_in("handling")

    with pytest.raises(Refusal) as refused:
        move_issue(issue, "feed_back", by=make.crew(issue.unit)["squad_leader"], at=make.minutes(9), outcome="gone")

    assert (refused.value.code, refused.value.status) == ("invalid_choice", 400)


def test_feedback_meets_the_handling_clock_and_withdrawal_lets_it_run_on():
    issue = make.handled_issue()
    leader = make.crew(issue.unit)["squad_leader"]
    due_at = handling_clock(issue).due_at
    assert handling_clock(issue).met_at == make.minutes(5)

    move_issue(issue, "withdraw_feedback", by=leader, at=make.minutes(65))

    clock = handling_clock(issue)
    assert (issue.status, issue.outcome, issue.handled_at) == (Issue.Status.HANDLING, "", None)
    assert (clock.met_at, clock.due_at) == (None, due_at)
    assert timing_of(clock).elapsed(make.minutes(65)) == timedelta(minutes=62)
    assert set(issue.clocks.running().values_list("kind", flat=True)) == {"handling"}


def test_R3_R9_a_failed_check_stops_the_time_between():
    issue = make.issue_in("verifying")
    due_at = handling_clock(issue).due_at

    move_issue(issue, "rework", by=make.crew(issue.unit)["inspector"], at=make.minutes(65), note="仍有")

    assert handling_clock(issue).due_at == due_at + timedelta(minutes=60)
    assert issue.rework_count == 1


def test_feedback_is_not_withdrawn_once_verification_began():
    issue = make.issue_in("verifying")

    with pytest.raises(Refusal) as refused:
        move_issue(issue, "withdraw_feedback", by=make.crew(issue.unit)["squad_leader"], at=make.minutes(30))

    assert refused.value.code == "illegal_transition"


def test_withdrawn_late_the_clock_is_as_red_as_without_the_feedback():
    issue = make.handled_issue()
    leader = make.crew(issue.unit)["squad_leader"]
    tuesday = bureau.shanghai("2026-06-23 10:00")

    move_issue(issue, "withdraw_feedback", by=leader, at=tuesday)

    clock = handling_clock(issue)
    assert clock.light(tuesday) == "red"
    assert clock.next_rung_at == clock.warn_at < tuesday


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(waits=st.lists(st.integers(1, 300), min_size=1, max_size=5))
def test_no_series_of_feedbacks_and_withdrawals_lowers_the_time_used(db, waits):
    issue = make.issue_in("handling")
    leader = make.crew(issue.unit)["squad_leader"]
    untouched = timing_of(handling_clock(issue))
    minute = 10

    for wait in waits:
        move_issue(issue, "feed_back", by=leader, at=make.minutes(minute), outcome="fixed", photos=[make.photo("red")])
        minute += wait
        move_issue(issue, "withdraw_feedback", by=leader, at=make.minutes(minute))
        minute += 1

    now = timing_of(handling_clock(issue))
    assert now.elapsed(make.minutes(minute)) == untouched.elapsed(make.minutes(minute))
    assert handling_clock(issue).due_at == untouched.due_at
    spans = list(handling_clock(issue).spans.order_by("from_at").values_list("from_at", "to_at"))
    assert all(earlier[1] <= later[0] for earlier, later in zip(spans, spans[1:], strict=False))


def test_R12_the_light_at_the_feedback_is_kept():
    issue = make.issue_in("handling")
    leader = make.crew(issue.unit)["squad_leader"]

    late = bureau.shanghai("2026-06-23 10:00")
    move_issue(issue, "feed_back", by=leader, at=late, outcome="fixed", photos=[make.photo()])

    assert handling_clock(issue).met_light == "red"
