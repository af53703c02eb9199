"""I06: a worker whose clock is wrong writes no line before the one before it, and turns nothing red before its time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.faults.checks import all_climbed, check_trails, long_ago
from tests.faults.invariants import Violation
from tests.faults.system import System

pytestmark = [pytest.mark.fault, pytest.mark.slow]
CLOCKS = 8
HOUR = 3600
TOLD = "clock and the database's differ"


@pytest.mark.invariant("I06")
def test_a_worker_an_hour_behind_writes_no_line_before_the_one_before(system: System):
    system.act("touched", count=CLOCKS, at=long_ago())
    system.start_workers(1, FAULTS_SKEW=str(-HOUR))
    system.start_beats()

    system.wait_for(lambda: all_climbed(system, CLOCKS), "every clock has climbed")

    check_trails(system)
    if TOLD not in system.log("worker0"):
        raise Violation("nobody was told of the wrong clock")


@pytest.mark.invariant("I06")
def test_a_worker_two_days_ahead_turns_nothing_red_before_its_time(system: System):
    system.act("overdue", count=CLOCKS, at=(timezone.now() - timedelta(minutes=1)).isoformat(), limit="20 clock_hours")
    system.start_workers(1, FAULTS_SKEW=str(48 * HOUR))
    system.start_beats()

    system.wait_for(lambda: system.log("worker0").count("tasks.sweep") > 2, "the worker has swept")

    if system.count("SELECT count(*) FROM oversight_rung WHERE reached_at > clock_timestamp()"):
        raise Violation("stages were raised before their time")
