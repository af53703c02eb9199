"""Separation of duties by the natural person: D1, D6, D11, and filing by another than the accepter."""

from __future__ import annotations

import pytest

from bureau.desk.refusal import Refusal
from bureau.models import Role
from grid.actions import move_issue
from grid.models import Issue
from tests.make import bureau
from tests.make import grid as make

pytestmark = pytest.mark.django_db


def refused(issue, verb, by, **facts) -> str:
    with pytest.raises(Refusal) as found:
        move_issue(issue, verb, by=by, at=make.minutes(30), **facts)
    return found.value.code


def test_the_accepter_does_not_file():
    issue = make.issue_in("accepted")
    accepter = make.crew(issue.unit)["operator"]
    bureau.post(accepter, bureau.home_of(Role.SHIFT_LEADER, None), Role.SHIFT_LEADER)

    assert refused(issue, "file", accepter) == "sod_conflict"


def test_a_desk_that_accepted_leaves_filing_to_another():
    issue = make.reported_issue()
    desk, other = bureau.officer(issue.unit, Role.UNIT_DESK), bureau.officer(issue.unit, Role.UNIT_DESK)
    move_issue(issue, "accept", by=desk, at=make.minutes(1))

    assert refused(issue, "file", desk) == "sod_conflict"
    assert move_issue(issue, "file", by=other, at=make.minutes(2)).status == Issue.Status.FILED


@pytest.mark.parametrize("verb", ["verify", "rework"])
def test_nobody_of_the_handling_squad_verifies(verb):
    issue = make.issue_in("verifying")
    inspector = bureau.officer(None, Role.INSPECTOR)
    bureau.post(inspector, bureau.squad(issue.unit), Role.SQUAD_OFFICER)

    assert refused(issue, verb, inspector, note="查") == "sod_conflict"


def test_nobody_of_the_handling_squad_closes():
    issue = make.issue_in("verified")
    leader = bureau.officer(None, Role.SHIFT_LEADER)
    bureau.post(leader, bureau.squad(issue.unit), Role.AUXILIARY)

    assert refused(issue, "close", leader) == "sod_conflict"


def test_who_left_the_squad_during_the_handling_still_does_not_verify():
    issue = make.issue_in("verifying")
    inspector = bureau.officer(None, Role.INSPECTOR)
    squad = bureau.squad(issue.unit)
    bureau.post(inspector, squad, Role.SQUAD_OFFICER, ends_at=make.minutes(4))

    assert refused(issue, "verify", inspector) == "sod_conflict"


def test_who_left_the_squad_before_the_dispatch_may_verify():
    issue = make.issue_in("verifying")
    inspector = bureau.officer(None, Role.INSPECTOR)
    bureau.post(inspector, bureau.squad(issue.unit), Role.SQUAD_OFFICER, ends_at=make.minutes(2))

    moved = move_issue(issue, "verify", by=inspector, at=make.minutes(30))

    assert moved.status == Issue.Status.VERIFIED


def test_the_dispatcher_does_not_verify():
    issue = make.issue_in("verifying")
    dispatcher = make.crew(issue.unit)["dispatcher"]
    bureau.post(dispatcher, bureau.home_of(Role.INSPECTOR, None), Role.INSPECTOR)

    assert refused(issue, "verify", dispatcher) == "sod_conflict"


def test_a_desk_closes_what_its_squad_handled_but_not_what_it_handled_itself():
    by_squad = make.issue_in("verified")
    desk = bureau.officer(by_squad.unit, Role.UNIT_DESK)

    assert move_issue(by_squad, "close", by=desk, at=make.minutes(30)).status == Issue.Status.CLOSED

    by_desk = make.issue_in("filed")
    sub_centre = bureau.organisation("sub_centre", by_desk.unit)
    people = make.crew(by_desk.unit)
    move_issue(by_desk, "dispatch", by=people["dispatcher"], at=make.minutes(3), to=sub_centre.code, note="现场可办")
    move_issue(by_desk, "take", by=people["unit_desk"], at=make.minutes(4))
    move_issue(by_desk, "feed_back", by=people["unit_desk"], at=make.minutes(5), outcome="fixed", photos=[make.photo()])
    move_issue(by_desk, "ask_verification", by=people["operator"], at=make.minutes(6))
    move_issue(by_desk, "verify", by=people["inspector"], at=make.minutes(7))
    assert refused(by_desk, "close", desk) == "sod_conflict"


def test_only_a_named_officer_or_the_leader_feeds_back():
    issue = make.issue_in("handling")
    named, other = make.crew(issue.unit)["squad_officer"], bureau.officer(issue.unit, Role.SQUAD_OFFICER)
    facts = {"outcome": "fixed", "photos": [make.photo()]}

    assert refused(issue, "feed_back", other, **facts) == "not_assigned"
    assert move_issue(issue, "feed_back", by=named, at=make.minutes(30), **facts).status == Issue.Status.HANDLED


def test_an_officer_who_was_moved_away_feeds_back_no_more():
    issue = make.issue_in("handling")
    named = make.crew(issue.unit)["squad_officer"]
    named.postings.update(ends_at=make.minutes(6))
    named.__dict__.pop("postings_now", None)

    with pytest.raises(Issue.DoesNotExist):
        move_issue(issue, "feed_back", by=named, at=make.minutes(30), outcome="fixed", photos=[make.photo()])


def test_another_officer_does_not_withdraw_the_feedback():
    issue = make.handled_issue()

    assert refused(issue, "withdraw_feedback", make.crew(issue.unit)["squad_officer"]) == "not_assigned"
