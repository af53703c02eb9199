"""I05: whatever fell due while everything was down is raised after it, in order and with its legal instant (R16)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from tests.bureau.calendars import at
from tests.faults.by_hand import after
from tests.faults.checks import LADDER, check_ladder, check_trails
from tests.faults.invariants import Violation
from tests.faults.system import System
from tests.faults.tally import HOLDS

pytestmark = [pytest.mark.fault, pytest.mark.slow]
CLOCKS = 20
BEGAN = at("2026-09-30 09:00")  # the day before a week of holidays
SHARES = (192, 240, 480, 720)  # worked minutes of a limit of four hours: 0.8 L, L, L + Q, L + 2 Q
RAISED = "SELECT name, reached_at, raised_at FROM oversight_rung ORDER BY clock_id, reached_at"


@pytest.mark.invariant("I05")
def test_two_days_down_over_a_holiday_miss_no_stage_and_move_no_instant(system: System, mutant: str):
    system.act("overdue", count=CLOCKS, at=BEGAN.isoformat())
    if mutant == HOLDS:
        work_as_if_it_were(system, at("2026-09-30 13:30"))
        system.wait_for(lambda: raised(system) == CLOCKS, "the first stage is raised in its time")
        system.kill_all()

    up_again = at("2026-10-09 11:00")
    work_as_if_it_were(system, up_again)
    system.wait_for(lambda: raised(system) == 4 * CLOCKS, "every stage is raised within a minute of being up again")

    check_instants(system, up_again)
    check_ladder(system, CLOCKS)
    check_trails(system)


def work_as_if_it_were(system: System, then: datetime) -> None:
    system.start_workers(1, FAULTS_TIME=str((then - timezone.now()).total_seconds()))
    system.start_beats()


def raised(system: System) -> int:
    return system.count("SELECT count(*) FROM oversight_rung")


def check_instants(system: System, up_again: datetime) -> None:
    by_hand = [after(BEGAN, minutes) for minutes in SHARES]
    rows = system.ask(RAISED)
    for place in range(0, len(rows), len(LADDER)):
        ladder = rows[place : place + len(LADDER)]
        if [reached_at for _name, reached_at, _raised_at in ladder] != by_hand:
            raise Violation(f"stages at {ladder}, by hand at {by_hand}")
        late = [name for name, reached_at, raised_at in ladder if raised_at < reached_at]
        if late or any(raised_at - up_again > timedelta(seconds=90) for *_facts, raised_at in ladder[1:]):
            raise Violation(f"raised before or long after their time: {ladder}")
    if system.count("SELECT count(*) FROM oversight_paper WHERE NOT is_late"):
        raise Violation("a paper that came late does not say so")
