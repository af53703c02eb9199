"""The response limit of a type 到场时限: it runs beside the handling limit from dispatch, and arriving meets it."""

from __future__ import annotations

import pytest

from bureau.desk.clocks import timing_of
from bureau.desk.refusal import Refusal
from grid.actions import move_issue
from grid.models import Issue
from tests.make import grid as make

pytestmark = pytest.mark.django_db


def running(issue: Issue) -> dict[str, object]:
    return {clock.kind: clock for clock in issue.clocks.running()}


def test_dispatch_starts_the_response_limit_beside_the_handling_limit():
    issue = make.dispatched_issue(type="B1")

    clocks = running(issue)

    assert str(clocks["response"].limit) == "1 clock_hours"
    assert clocks["response"].ladder == "full"
    assert clocks["response"].started_at == clocks["handling"].started_at


def test_a_type_without_a_response_limit_has_no_such_clock():
    issue = make.dispatched_issue(type="C1")

    assert list(running(issue)) == ["handling"]


def test_arriving_meets_the_response_and_leaves_the_handling_running():
    issue = make.issue_in("handling", type="B1")
    leader = make.crew(issue.unit)["squad_leader"]

    move_issue(issue, "arrive", by=leader, at=make.minutes(20))

    assert list(running(issue)) == ["handling"]
    assert issue.status == Issue.Status.HANDLING
    assert issue.clocks.get(kind="response").met_light == "green"


def test_nobody_arrives_twice():
    issue = make.issue_in("handling", type="B1")
    leader = make.crew(issue.unit)["squad_leader"]
    move_issue(issue, "arrive", by=leader, at=make.minutes(20))

    with pytest.raises(Refusal) as refused:
        move_issue(issue, "arrive", by=leader, at=make.minutes(30))

    assert (refused.value.code, refused.value.status) == ("no_response_limit", 409)


def test_feeding_back_meets_a_response_that_nobody_noted():
    issue = make.handled_issue(type="B1")

    assert list(running(issue)) == ["verification"]


def test_feedback_taken_back_lets_the_response_run_on_that_it_had_met():
    issue = make.handled_issue(type="B1")
    leader = make.crew(issue.unit)["squad_leader"]

    move_issue(issue, "withdraw_feedback", by=leader, at=make.minutes(30))

    response = running(issue)["response"]
    assert timing_of(response).elapsed(make.minutes(30)).total_seconds() == 27 * 60  # dispatched at minute 3


def test_feedback_taken_back_leaves_an_arrival_as_it_was():
    issue = make.issue_in("handling", type="B1")
    leader = make.crew(issue.unit)["squad_leader"]
    move_issue(issue, "arrive", by=leader, at=make.minutes(20))
    facts = {"outcome": "fixed", "photos": [make.photo()]}
    move_issue(issue, "feed_back", by=leader, at=make.minutes(25), **facts)

    move_issue(issue, "withdraw_feedback", by=leader, at=make.minutes(30))

    assert list(running(issue)) == ["handling"]
    assert issue.clocks.get(kind="response").met_at == make.minutes(20)
