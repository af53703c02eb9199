"""I04: each red light has exactly one notice a stage, however many workers and beats run, stand still or die."""

from __future__ import annotations

import signal
from random import Random

import pytest

from tests.faults.breakage import BATCH
from tests.faults.checks import all_climbed, all_sent, check_ladder, check_trails, long_ago
from tests.faults.points import WORK
from tests.faults.system import System
from tests.faults.tally import HOLDS

pytestmark = [pytest.mark.fault, pytest.mark.slow]
CLOCKS = 120
WORKERS, BEATS = 4, 2


@pytest.mark.invariant("I04")
def test_each_stage_is_told_once_whoever_sweeps_and_whoever_dies(system: System, mutant: str, chance: Random):
    clocks, workers = (CLOCKS, WORKERS) if mutant == HOLDS else (4 * BATCH, 2)
    system.act("overdue", count=clocks, at=long_ago())
    system.start_workers(workers)
    system.start_beats(BEATS)

    if mutant == HOLDS:
        for point in WORK:
            system.arm(point)
            system.wait_for(lambda: system.is_struck() or all_climbed(system, clocks), f"somebody came by {point!r}")
        stop_a_leader(system, chance)
        for _ in range(6):
            kill_one(system, chance)
            system.let_run(0.5)

    system.wait_for(lambda: all_climbed(system, clocks), "every clock has climbed")
    system.wait_for(lambda: all_sent(system), "every message is sent")
    check_ladder(system, clocks)
    check_trails(system)


def stop_a_leader(system: System, chance: Random) -> None:
    """For longer than a transaction may stand idle: its locks are taken from it, and it wakes to an empty hand."""
    leader = f"worker{chance.randrange(WORKERS)}"
    system.kill(leader, signal.SIGSTOP)
    system.let_run(6)
    system.kill(leader, signal.SIGCONT)


def kill_one(system: System, chance: Random) -> None:
    number = chance.randrange(WORKERS)
    victim = chance.choice(["child", "child", "child", "worker", "beat", "valkey", "postgres"])
    if victim == "child":
        system.kill_child(f"worker{number}", chance)
    else:
        system.kill({"worker": f"worker{number}", "beat": f"beat{number % BEATS}"}.get(victim, victim))
