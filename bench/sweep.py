"""A sweep of 1,000 newly due among many running clocks, beside bare SQL that writes the very same rows.

The floor claims the clocks, moves them on and copies the rungs, papers, messages and lines that our own sweep wrote,
under fresh keys, in one transaction with all its constraints and triggers: what remains is the work of deciding.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.utils import timezone
from psycopg import Connection

from bench.figures import Figure, median, milliseconds, seconds
from bench.ground import bare_connection
from bench.spying import said_while
from bureau.desk.bulk import filled_by_the_database
from bureau.desk.models import Clock, Entry, Notice
from bureau.desk.models.clock import RUNGS, Ladder, RungName
from config.launcher.places import Places
from oversight.ladder import climb
from oversight.models import Paper, Rung

DUE = 1000
RUNS = 5
NAMES = {RungName.WARN: "turn yellow", RungName.URGE: "turn red, each with its numbered notice"}
MAKE_DUE = """
    UPDATE bureau_clock SET next_rung = %(rung)s, next_rung_at = %(due)s,
           warn_at = %(due)s - interval '3 hours' * %(is_red)s,
           due_at = %(due)s + interval '3 hours' * (1 - %(is_red)s),
           supervise_at = %(due)s + interval '8 hours', refer_at = %(due)s + interval '16 hours'
    WHERE id IN (SELECT id FROM bureau_clock WHERE met_at IS NULL AND ladder = 'full' AND next_rung = 'warn'
                 AND next_rung_at > %(due)s + interval '1 day' ORDER BY id LIMIT %(number)s)
"""
MOVE = """
    WITH due AS (
        SELECT id, next_rung_at FROM bureau_clock
        WHERE met_at IS NULL AND next_rung_at <= %(at)s ORDER BY next_rung_at, id FOR UPDATE SKIP LOCKED
    )
    UPDATE bureau_clock c SET next_rung = %(next)s, next_rung_at = due.next_rung_at + interval '1 day'
    FROM due WHERE c.id = due.id
"""
FRESH = "md5({} || %(mark)s)::uuid"


@dataclass(frozen=True)
class Written:
    """A table that a sweep writes: which of its rows are this sweep's, and what a copy must say otherwise."""

    model: type[models.Model]
    which: str
    otherwise: Mapping[str, str]

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def kept(self) -> str:
        return f"kept_{self.table}"

    @property
    def copy(self) -> str:
        fields = [field for field in self.model._meta.concrete_fields if not filled_by_the_database(field)]
        columns = [f'"{field.column}"' for field in fields]
        values = [self.otherwise.get(field.column, column) for field, column in zip(fields, columns, strict=True)]
        return f"INSERT INTO {self.table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {self.kept}"


WRITTEN = (
    Written(Rung, "raised_at = %(at)s", {"id": FRESH.format("id"), "round": "round + %(run)s"}),
    Written(
        Paper,
        "issued_at = %(at)s",
        {"id": FRESH.format("id"), "rung_id": FRESH.format("rung_id"), "number": "number || %(mark)s"},
    ),
    Written(Entry, "at = %(at)s AND verb = %(verb)s", {"seq": "seq + 100 * %(run)s"}),
    Written(
        Notice, "created_at = %(at)s", {"id": FRESH.format("id"), "dedupe_key": "dedupe_key || %(mark)s"}
    ),
)  # fmt: skip


def measure(places: Places) -> list[Figure]:
    climb(at=timezone.now())  # what came due while the rows were made
    running = Clock.objects.running().count()
    found = [swept(places, rung, running) for rung in NAMES]
    idle = median(milliseconds(lambda: climb(at=timezone.now()), 20))
    return [*found, Figure(f"sweep that finds nothing among {running:,}", idle, "ms")]


def growth(before: list[Figure], after: list[Figure]) -> list[Figure]:
    """By how many hundredths each sweep became slower when the running clocks doubled."""
    return [
        Figure(f"twice the clocks: slower to {NAMES[rung].partition(',')[0]}", 100 * (two.value / one.value - 1), "%")
        for rung, one, two in zip(NAMES, before, after, strict=False)
    ]


def swept(places: Places, rung: RungName, running: int) -> Figure:
    ours, bare = [], []
    for run in range(1, RUNS + 1):
        at = timezone.now()
        make_due(places, rung, at)
        before = Rung.objects.count()
        ours.append(seconds(lambda: climb(at=at)))  # noqa: B023 - called at once
        raised = Rung.objects.count() - before
        if raised < DUE:  # a few others may have come due by themselves
            raise AssertionError(f"{raised} rungs were raised instead of {DUE}.")
        make_due(places, rung, timezone.now())
        bare.append(bare_sweep(places, rung, at, run))
    at = timezone.now()
    make_due(places, rung, at)
    queries = len(said_while(lambda: climb(at=at)))
    return Figure(f"sweep of {DUE:,} among {running:,} that {NAMES[rung]}", median(ours), "s", median(bare), queries)


def make_due(places: Places, rung: RungName, at: datetime) -> None:
    """A thousand clocks that had days left reach this rung a minute ago."""
    values = {"rung": rung, "due": at - timedelta(minutes=1), "is_red": int(rung == RungName.URGE), "number": DUE}
    with bare_connection(places) as connection:
        if connection.execute(MAKE_DUE, values).rowcount != DUE:
            raise AssertionError("Too few clocks are left to become due.")
        connection.execute("ANALYZE bureau_clock")


def bare_sweep(places: Places, rung: RungName, swept_at: datetime, run: int) -> float:
    """Seconds in which bare SQL moves as many clocks and writes the rows that the sweep of `swept_at` wrote."""
    order = RUNGS[Ladder.FULL]
    values = {"at": timezone.now(), "next": order[order.index(rung) + 1], "run": run, "mark": f"~{run}"}
    with bare_connection(places) as connection:
        for written in WRITTEN:
            keep_apart(connection, written, {"at": swept_at, "verb": rung.value})
        return seconds(lambda: write_again(connection, values))


def keep_apart(connection: Connection, written: Written, values: dict[str, Any]) -> None:
    rows = f"SELECT * FROM {written.table} WHERE {written.which}"
    connection.execute(f"CREATE TEMPORARY TABLE {written.kept} AS {rows}", values)
    connection.execute(f"ANALYZE {written.kept}")


def write_again(connection: Connection, values: dict[str, Any]) -> None:
    with connection.transaction():
        connection.execute(MOVE, values)
        for written in WRITTEN:
            connection.execute(written.copy, values)
