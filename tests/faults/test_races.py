"""Two people at the same instant: exactly one wins, the other is told, and the trail has one line more (I09)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import DatabaseError, connection

from bureau.desk.models import Clock, ClockRequest, Entry, NumberSeries
from bureau.desk.refusal import IllegalTransition
from bureau.desk.requests import Asked, ask, decide
from bureau.models import Officer, Role
from grid.actions import move_issue
from grid.models import Issue
from oversight.actions import move_referral
from oversight.models import ReferralCandidate
from tests import make
from tests.api.callers import V1, by_session
from tests.make import oversight as make_oversight

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]
ROUNDS = 3
REASON = {"reason": "duplicate"}
RACES = [
    ("reported", Role.OPERATOR, ("accept", {}), ("accept", {})),
    ("reported", Role.OPERATOR, ("accept", {}), ("refuse", REASON)),
    ("accepted", Role.SHIFT_LEADER, ("file", {}), ("void", REASON)),
    ("filed", Role.DISPATCHER, ("dispatch", {}), ("dispatch", {})),
    ("dispatched", Role.SQUAD_LEADER, ("take", {}), ("take", {})),
    ("verifying", Role.INSPECTOR, ("verify", {}), ("rework", {"note": "not yet"})),
    ("verified", Role.SHIFT_LEADER, ("close", {}), ("close", {})),
]


@pytest.mark.invariant("I09")
@pytest.mark.parametrize(
    ("status", "role", "one", "other"), RACES, ids=[f"{race[0]}-{race[2][0]}-{race[3][0]}" for race in RACES]
)
def test_of_two_moves_at_once_exactly_one_is_made(status, role, one, other):
    unit = make.unit("qibao")
    rivals = [make.officer(unit, role), make.officer(unit, role)]

    for _ in range(ROUNDS):
        issue = make.issue_in(status, unit)
        lines = Entry.objects.about(issue).count()

        won = race(*(moving(issue, by, *move) for by, move in zip(rivals, (one, other), strict=True)))

        assert sorted(won) == ["409", "made"]
        assert Entry.objects.about(issue).count() == lines + 1
        assert Clock.objects.about(issue).running().count() <= 1


@pytest.mark.invariant("I09")
def test_of_two_approvals_at_once_one_takes_a_number():
    make_oversight.real_calendar()
    referral = make_oversight.proposed()
    deputies = [make.officer(role=Role.DEPUTY), make.officer(role=Role.DEPUTY)]

    won = race(*(approving(referral, by) for by in deputies))

    assert sorted(won) == ["409", "made"]
    assert NumberSeries.objects.get(kind="referral").last == 1


@pytest.mark.invariant("I09")
def test_of_a_grant_and_a_refusal_at_once_one_stands():
    make_oversight.real_calendar()
    issue = make.issue_in("handling", type="B1")
    leader = make.crew(issue.unit)["squad_leader"]
    request = ask(issue, Asked("extension", "evidence", amount="1"), by=leader, at=make.minutes(10))
    deciders = [make.officer(role=Role.DISPATCHER), make.officer(role=Role.DISPATCHER)]

    won = race(*(deciding(request, by, is_granted) for by, is_granted in zip(deciders, (True, False), strict=True)))

    assert sorted(won) == ["409", "made"]
    assert Entry.objects.about(issue).filter(verb__in=("grant_extension", "refuse_extension")).count() == 1


@pytest.mark.invariant("I09")
def test_of_two_changes_of_one_version_the_second_is_told_that_it_is_stale():
    issue = make.issue_in("reported")
    operators = [by_session(make.officer(role=Role.OPERATOR)) for _ in range(2)]
    path = f"{V1}/issues/{issue.pk}/moves/"
    version = operators[0].get(path)["ETag"]

    told = [client.post(path, {"verb": "accept"}, headers={"If-Match": version}).status_code for client in operators]

    assert told == [200, 412]


def moving(issue: Issue, by: Officer, verb: str, facts: dict[str, Any]) -> Callable[[], Callable[[], Any]]:
    def read() -> Callable[[], Any]:
        mine = Issue.objects.get(pk=issue.pk)
        return lambda: move_issue(mine, verb, by=by, at=make.minutes(30), **facts)

    return read


def approving(referral: ReferralCandidate, by: Officer) -> Callable[[], Callable[[], Any]]:
    def read() -> Callable[[], Any]:
        mine = ReferralCandidate.objects.get(pk=referral.pk)
        return lambda: move_referral(mine, "approve", by=by, at=make_oversight.APPROVED, digest=referral.digest)

    return read


def deciding(request: ClockRequest, by: Officer, is_granted: bool) -> Callable[[], Callable[[], Any]]:
    def read() -> Callable[[], Any]:
        mine = ClockRequest.objects.get(pk=request.pk)
        return lambda: decide(mine, is_granted=is_granted, reason="同意", by=by, at=make.minutes(30))

    return read


def race(*rivals: Callable[[], Callable[[], Any]]) -> list[str]:
    """What each was told: `made`, the status of a refusal, or `broken` by whatever the tables had to catch."""
    start = Barrier(len(rivals))

    def run(read: Callable[[], Callable[[], Any]]) -> str:
        try:
            act = read()
            start.wait(timeout=10)
            act()
            return "made"
        except IllegalTransition as refusal:
            return str(refusal.status)
        except DatabaseError:
            return "broken"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(rivals)) as pool:
        return list(pool.map(run, rivals))
