"""Reports taken in through the API over four kept connections, beside the bare INSERTs of the same rows.

The floor replays the very statements of one report that write, each report in one transaction as there.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.utils import timezone

from bench.callers import Caller, keys_of
from bench.figures import Figure, median, seconds
from bench.ground import bare_connection
from bench.spying import Statement, asked_of, said_while
from bureau.desk.ids import uuid7
from config.launcher.places import Places
from grid.models import Cell, Issue

CONNECTIONS = 4
REPORTS = 240  # a run, over all connections
RUNS = 3
ADDRESS = "/api/v1/issues/"
NUMBERS = itertools.count(1)


def measure(places: Places, port: int) -> list[Figure]:
    keys = keys_of("operator", CONNECTIONS * 2, timezone.now())
    body = body_of(Cell.objects.earliest("code"))
    asked_of(keys[0], ADDRESS, body)
    said = said_while(partial(asked_of, keys[0], ADDRESS, body))
    report = Report(said)
    callers = [Caller(port, keys[place::CONNECTIONS]) for place in range(CONNECTIONS)]
    together([partial(report_many, caller, body, 10) for caller in callers])
    each = REPORTS // CONNECTIONS
    rate = median(
        REPORTS / together([partial(report_many, caller, body, each) for caller in callers]) for _ in range(RUNS)
    )
    for caller in callers:
        caller.close()
    floor = median(bare_rate(places, report) for _ in range(RUNS))
    return [Figure(f"report taken in, {CONNECTIONS} connections", rate, "/s", floor, len(said))]


def body_of(cell: Cell) -> dict[str, Any]:
    """What an operator sends of a call."""
    return {
        "type": "C1",
        "description": "人行道上有流动摊贩数个，影响通行",
        "latitude": cell.latitude,
        "longitude": cell.longitude,
        "address": "七莘路近漕宝路",
        "channel": "hotline",
        "reporter": {"name": "来电人", "phone": "13800000000"},
    }


def report_many(caller: Caller, body: dict[str, Any], number: int) -> None:
    for _ in range(number):
        caller.post(ADDRESS, body)


class Report:
    """The writes of one report, to be said again under new keys."""

    def __init__(self, said: Sequence[Statement]) -> None:
        self.writes = [(sql, values) for sql, values in said if sql.split()[0] in ("INSERT", "UPDATE")]
        issue = Issue.objects.latest("id")
        self.keys = {issue.pk, *issue.clocks.values_list("pk", flat=True)}
        self.number = issue.number

    def again(self) -> list[Statement]:
        """The same rows with other keys and another number."""
        fresh: dict[Any, Any] = {key: uuid7() for key in self.keys} | {self.number: f"bare-{next(NUMBERS):07d}"}
        return [(sql, [renamed(value, fresh) for value in values]) for sql, values in self.writes]


def renamed(value: Any, fresh: dict[Any, Any]) -> Any:
    return fresh.get(value, value) if isinstance(value, (UUID, str)) else value


def bare_rate(places: Places, report: Report) -> float:
    """Reports a second when nothing is done but to write their rows; the tables' own rules are asked as always."""
    each = REPORTS // CONNECTIONS
    return REPORTS / together([partial(write_many, places, report, each) for _ in range(CONNECTIONS)])


def write_many(places: Places, report: Report, number: int) -> None:
    with bare_connection(places) as connection:
        for _ in range(number):
            with connection.transaction():
                for sql, values in report.again():
                    connection.execute(sql, values)


def together(works: Sequence[Callable[[], None]]) -> float:
    """Seconds from the start of all to the end of the last; the first failure is raised."""
    failures: list[BaseException] = []

    def guarded(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=guarded, args=[work]) for work in works]
    elapsed = seconds(lambda: [[thread.start() for thread in threads], [thread.join() for thread in threads]])
    if failures:
        raise failures[0]
    return elapsed
