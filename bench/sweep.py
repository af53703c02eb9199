"""A sweep of 1,000 newly due among 100,000 running clocks, beside one UPDATE and one INSERT of their rungs."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from bench.figures import Figure, median, milliseconds, seconds
from bench.ground import bare_connection
from bench.spying import said_while
from bureau.desk.models import Clock
from bureau.desk.models.clock import RUNGS, Ladder, RungName
from config.launcher.places import Places
from oversight.ladder import climb
from oversight.models import Rung

DUE = 1000
RUNS = 3
NAMES = {RungName.WARN: "turn yellow", RungName.URGE: "turn red, each with its numbered notice"}
MAKE_DUE = """
    UPDATE bureau_clock SET next_rung = %(rung)s, next_rung_at = %(due)s,
           warn_at = %(due)s - interval '3 hours' * %(is_red)s,
           due_at = %(due)s + interval '3 hours' * (1 - %(is_red)s),
           supervise_at = %(due)s + interval '8 hours', refer_at = %(due)s + interval '16 hours'
    WHERE id IN (SELECT id FROM bureau_clock WHERE met_at IS NULL AND ladder = 'full' AND next_rung = 'warn'
                 AND next_rung_at > %(due)s + interval '1 day' ORDER BY id LIMIT %(number)s)
"""
BARE = """
    WITH due AS (
        SELECT id, round, next_rung, next_rung_at FROM bureau_clock
        WHERE met_at IS NULL AND next_rung_at <= %(at)s ORDER BY next_rung_at, id FOR UPDATE SKIP LOCKED
    ), moved AS (
        UPDATE bureau_clock c SET next_rung = %(next)s, next_rung_at = due.next_rung_at + interval '1 day'
        FROM due WHERE c.id = due.id RETURNING c.id, due.round, due.next_rung, due.next_rung_at
    )
    INSERT INTO oversight_rung (id, clock_id, round, name, reached_at, raised_at)
    SELECT gen_random_uuid(), id, round, next_rung, next_rung_at, %(at)s FROM moved
"""


def measure(places: Places) -> list[Figure]:
    climb(at=timezone.now())  # what came due while the rows were made
    running = Clock.objects.running().count()
    found = [swept(places, rung) for rung in NAMES]
    idle = median(milliseconds(lambda: climb(at=timezone.now()), 20))
    return [*found, Figure(f"sweep that finds nothing among {running:,}", idle, "ms")]


def swept(places: Places, rung: RungName) -> Figure:
    ours, bare, queries = [], [], 0
    for _ in range(RUNS):
        at = timezone.now()
        make_due(places, rung, at)
        before = Rung.objects.count()
        ours.append(seconds(lambda: climb(at=at)))  # noqa: B023 - called at once
        raised = Rung.objects.count() - before
        if raised < DUE:  # a few others may have come due by themselves
            raise AssertionError(f"{raised} rungs were raised instead of {DUE}.")
        make_due(places, rung, at)
        bare.append(bare_sweep(places, rung, at))
    at = timezone.now()
    make_due(places, rung, at)
    queries = len(said_while(lambda: climb(at=at)))
    return Figure(f"sweep of {DUE:,} clocks that {NAMES[rung]}", median(ours), "s", median(bare), queries)


def make_due(places: Places, rung: RungName, at: datetime) -> None:
    """A thousand clocks that had days left reach this rung a minute ago."""
    values = {"rung": rung, "due": at - timedelta(minutes=1), "is_red": int(rung == RungName.URGE), "number": DUE}
    with bare_connection(places) as connection:
        if connection.execute(MAKE_DUE, values).rowcount != DUE:
            raise AssertionError("Too few clocks are left to become due.")
        connection.execute("ANALYZE bureau_clock")


def bare_sweep(places: Places, rung: RungName, at: datetime) -> float:
    order = RUNGS[Ladder.FULL]
    values = {"at": at, "next": order[order.index(rung) + 1]}
    with bare_connection(places) as connection:
        return seconds(lambda: connection.execute(BARE, values))
