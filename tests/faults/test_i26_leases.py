"""I26: a holder that stands still loses what it holds, at each step of its work; nothing is held for ever."""

from __future__ import annotations

import signal

import pytest

from tests.faults.checks import all_climbed, all_sent, check_ladder, check_trails, long_ago
from tests.faults.system import System

pytestmark = [pytest.mark.fault, pytest.mark.slow]
CLOCKS = 10
STEPS = ("rungs inserted, no paper", "spread, not marked")
LEASE = 5  # seconds for which tests/faults/settings.py lets a transaction stand idle; 30 in the portal
WITHIN = LEASE + 25


@pytest.mark.invariant("I26")
def test_what_a_process_that_stands_still_held_is_done_by_another(system: System):
    system.act("overdue", count=CLOCKS, at=long_ago())
    system.start_workers(2)
    system.start_beats()

    for step, is_done in zip(STEPS, (lambda: all_climbed(system, CLOCKS), lambda: all_sent(system)), strict=True):
        system.arm(step, signal.SIGSTOP)
        system.wait_for_strike(step)
        system.wait_for(is_done, f"others did what stood still at {step!r}", within=WITHIN)

    check_ladder(system, CLOCKS)
    check_trails(system)


def test_no_transaction_of_the_portal_may_stand_idle_for_more_than_two_minutes(settings):
    said = settings.DATABASES["default"]["OPTIONS"]["options"]

    assert "idle_in_transaction_session_timeout=30s" in said
    assert settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"] <= 120
