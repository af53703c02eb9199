"""Edges of requests about a limit: deputies, renewals, what a unit may ask once, and what a pending one holds up."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from bureau.desk.clock_changes import resume_due
from bureau.desk.models import ClockRequest
from bureau.desk.refusal import Refusal
from bureau.desk.requests import Asked, ask, decide, lift
from bureau.models import Officer, Posting, Role
from grid.actions import move_issue
from grid.models import Issue
from tests.make import bureau, minutes
from tests.make import grid as make
from tests.make import oversight as make_oversight

pytestmark = pytest.mark.django_db
FRIDAY, MONDAY_AFTER = date(2026, 6, 26), date(2026, 6, 29)


@pytest.fixture
def issue() -> Issue:
    """Four working hours from Monday 09:03; taken at 09:04."""
    make_oversight.real_calendar()
    return make.issue_in("handling")


def crew(issue: Issue, role: str) -> Officer:
    return make.crew(issue.unit)[role]


def asked(issue: Issue, kind: str, reason: str, minute: float, by: Officer | None = None, **said: Any) -> ClockRequest:
    return ask(issue, Asked(kind, reason, **said), by=by or crew(issue, "squad_leader"), at=minutes(minute))


def granted(request: ClockRequest, by: Officer, minute: float, **said: Any) -> ClockRequest:
    return decide(request, is_granted=True, reason="情况属实", by=by, at=minutes(minute), **said)


def refused_with(call: Any) -> str:
    with pytest.raises(Refusal) as refused:
        call()
    return refused.value.code


def test_D10_a_deputy_of_whoever_asked_does_not_decide(issue):
    request = asked(issue, "extension", "evidence", 30, amount="1")
    deputy = bureau.officer(None, Role.DISPATCHER)
    theirs = Posting.objects.get(officer=request.asked_by)
    Posting.objects.filter(officer=deputy).update(deputy_of=theirs)

    assert refused_with(lambda: granted(request, deputy, 40)) == "sod_conflict"


def test_R11_lifted_after_its_day_the_clock_went_on_at_its_day(issue):
    granted(asked(issue, "suspension", "weather", 30, resume_on=FRIDAY), crew(issue, "dispatcher"), 40)
    clock = issue.clocks.get(kind="handling")

    lift(clock, issue, by=crew(issue, "squad_leader"), at=bureau.shanghai("2026-06-28 10:00"))

    assert issue.clocks.get(kind="handling").spans.get(kind="suspended").to_at == bureau.shanghai("2026-06-26 00:00")


def test_R11_the_sweep_lifts_at_the_instant_that_was_set_and_not_before(issue):
    granted(asked(issue, "suspension", "weather", 30, resume_on=FRIDAY), crew(issue, "dispatcher"), 40)
    its_day = bureau.shanghai("2026-06-26 00:00")

    assert resume_due(at=its_day - timedelta(seconds=1)) == 0
    assert resume_due(at=its_day + timedelta(hours=30)) == 1
    assert issue.entries.last().facts["resumed_at"] == its_day.isoformat()


def test_R09_a_pending_rework_holds_up_the_verification(issue):
    facts = {"outcome": "fixed", "photos": [make.photo()]}
    move_issue(issue, "feed_back", by=crew(issue, "squad_leader"), at=minutes(40), **facts)
    move_issue(issue, "ask_verification", by=crew(issue, "operator"), at=minutes(41))
    asked(issue, "rework", "still_there", 42, by=crew(issue, "operator"))
    inspector = bureau.officer(None, Role.INSPECTOR)

    assert refused_with(lambda: move_issue(issue, "verify", by=inspector, at=minutes(50))) == "rework_asked"


def test_R11_a_suspension_is_renewed_once_by_the_district_and_no_more(issue):
    supervisor = bureau.officer(None, Role.SUPERVISION)
    granted(asked(issue, "suspension", "weather", 30, resume_on=FRIDAY), crew(issue, "dispatcher"), 40)
    renewal = asked(issue, "suspension", "weather", 50, resume_on=MONDAY_AFTER)
    assert refused_with(lambda: granted(renewal, crew(issue, "dispatcher"), 60)) == "not_your_move"
    granted(renewal, supervisor, 60)

    code = refused_with(lambda: asked(issue, "suspension", "weather", 70, resume_on=date(2026, 7, 3)))

    assert code == "suspension_used_up"


def test_R10_a_unit_asks_once_for_the_return_of_an_issue(issue):
    request = asked(issue, "return", "not_our_duty", 30)
    decide(request, is_granted=False, reason="属于职责范围", by=crew(issue, "dispatcher"), at=minutes(40))

    assert refused_with(lambda: asked(issue, "return", "not_our_territory", 50)) == "return_used_up"


def returned_twice(issue: Issue) -> ClockRequest:
    """Given back by the squad, dispatched to the sub-centre, and asked back by that one too."""
    granted(asked(issue, "return", "not_our_duty", 30), crew(issue, "dispatcher"), 40)
    desk = {"to": "qibao-sub-centre", "note": "中队不承担此项职责"}
    move_issue(issue, "dispatch", by=crew(issue, "dispatcher"), at=minutes(50), **desk)
    return asked(issue, "return", "not_our_duty", 60, by=crew(issue, "unit_desk"))


def test_R10_a_second_return_goes_to_the_district_which_names_the_body(issue):
    supervisor = bureau.officer(None, Role.SUPERVISION)
    second = returned_twice(issue)
    assert refused_with(lambda: granted(second, crew(issue, "dispatcher"), 70)) == "not_your_move"
    assert refused_with(lambda: granted(second, supervisor, 70)) == "required"

    granted(second, supervisor, 70, to=make.squad_of(issue).code)

    issue.refresh_from_db()
    assert (issue.status, issue.handled_by) == (Issue.Status.DISPATCHED, make.squad_of(issue))


def test_R10_what_the_district_designated_is_not_returned_again(issue):
    granted(returned_twice(issue), bureau.officer(None, Role.SUPERVISION), 70, to=make.squad_of(issue).code)
    issue.refresh_from_db()

    code = refused_with(lambda: asked(issue, "return", "not_our_duty", 80))

    assert code == "return_used_up"  # the squad had asked once; for another body it would be return_designated
