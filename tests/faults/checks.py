"""What must be so once everything has come to rest, asked of the system's tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.faults.invariants import Violation
from tests.faults.system import System

LADDER = ["warn", "urge", "supervise", "refer"]
RUNGS = """
    SELECT clock.id::text, array_agg(rung.name ORDER BY rung.reached_at, rung.raised_at, rung.id),
           array_agg(rung.reached_at ORDER BY rung.reached_at, rung.raised_at, rung.id)
               = ARRAY[clock.warn_at, clock.due_at, clock.supervise_at, clock.refer_at]
    FROM bureau_clock clock LEFT JOIN oversight_rung rung ON rung.clock_id = clock.id
    WHERE clock.kind = 'handling' GROUP BY clock.id
"""
TOLD_TWICE = """
    SELECT subject_id, kind, count(*) FROM bureau_notice WHERE kind LIKE 'clock_%%'
    GROUP BY subject_id, kind, to_organisation_id, to_role, to_officer_id HAVING count(*) > 1
"""
NUMBERS = """
    SELECT kind, count(*), count(DISTINCT number), (SELECT sum(last) FROM bureau_numberseries WHERE kind = paper.kind)
    FROM oversight_paper paper GROUP BY kind
"""
BROKEN_TRAILS = """
    SELECT count(*) FROM (
        SELECT seq, at, recorded_at, previous_hash,
               lag(seq) OVER trail AS seq_before, lag(at) OVER trail AS at_before, lag(hash) OVER trail AS hash_before,
               lag(recorded_at) OVER trail AS recorded_before
        FROM bureau_entry WINDOW trail AS (PARTITION BY subject_type_id, subject_id ORDER BY seq, id)
    ) line
    WHERE seq <> coalesce(seq_before, 0) + 1 OR at < at_before OR recorded_at < recorded_before
          OR previous_hash <> coalesce(hash_before, '')
"""


def long_ago() -> str:
    """An instant since which a clock of some hours has climbed its whole ladder."""
    return (datetime.now(tz=UTC) - timedelta(days=30)).isoformat()


def all_climbed(system: System, clocks: int) -> bool:
    return system.count("SELECT count(DISTINCT (clock_id, name)) FROM oversight_rung") >= clocks * len(LADDER)


def all_sent(system: System) -> bool:
    return system.count("SELECT count(*) FROM bureau_notice WHERE sent_at IS NULL") == 0


def check_ladder(system: System, clocks: int) -> None:
    """Each clock climbed each rung once, in order, at its computed instant, with one paper and one candidate."""
    found = system.ask(RUNGS)
    wrong = [names for _clock, names, is_computed in found if names != LADDER or not is_computed]
    if wrong or len(found) != clocks:
        raise Violation(f"{len(wrong)} of {len(found)} clocks climbed otherwise, for example {wrong[:1]}")
    if twice := system.ask(TOLD_TWICE):
        raise Violation(f"{len(twice)} messages told twice, for example {twice[0][1]}")
    for kind, count, numbers, last in system.ask(NUMBERS):
        if (count, numbers, last) != (clocks, clocks, clocks):
            raise Violation(f"{count} papers {kind} of {clocks} clocks with {numbers} numbers up to {last}")
    candidates = system.count("SELECT count(*) FROM oversight_referralcandidate")
    if candidates != clocks:
        raise Violation(f"{candidates} candidates of {clocks} clocks")


def check_trails(system: System) -> None:
    """Lines follow each other without a gap, in time, each on the hash of the one before."""
    if broken := system.count(BROKEN_TRAILS):
        raise Violation(f"{broken} lines do not follow the line before them")
