"""Two people at the same instant: exactly one wins, the other is told, and the trail has one line more (I09)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from bureau.desk.models import Clock, Entry
from bureau.desk.refusal import IllegalTransition
from bureau.models import Role
from grid.actions import move_issue
from grid.models import Issue
from tests import make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]
ROUNDS = 5
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


@pytest.mark.parametrize(
    ("status", "role", "one", "other"), RACES, ids=[f"{race[0]}-{race[2][0]}-{race[3][0]}" for race in RACES]
)
def test_of_two_moves_at_once_exactly_one_is_made(status, role, one, other):
    unit = make.unit("qibao")
    rivals = [make.officer(unit, role), make.officer(unit, role)]

    for _ in range(ROUNDS):
        issue = make.issue_in(status, unit)
        lines = Entry.objects.about(issue).count()

        won = race(issue, rivals, (one, other))

        assert sorted(won) == ["409", "made"]
        assert Entry.objects.about(issue).count() == lines + 1
        assert Clock.objects.about(issue).running().count() <= 1


def race(issue: Issue, rivals: list, moves: tuple) -> list[str]:
    """What each of the two was told."""
    start = Barrier(2)

    def run(place: int) -> str:
        verb, facts = moves[place]
        try:
            mine = Issue.objects.get(pk=issue.pk)
            start.wait(timeout=10)
            move_issue(mine, verb, by=rivals[place], at=make.minutes(30), **facts)
            return "made"
        except IllegalTransition as refusal:
            return str(refusal.status)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(run, range(2)))
