"""The list of issues at any depth and by any filter, beside the bare keyset SELECT of the same columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import timezone

from bench.callers import Caller, keys_of
from bench.figures import Figure, median, milliseconds, p95
from bench.ground import bare_connection
from bench.spying import asked_of, said_while
from bureau.desk.paging import page_of
from bureau.models import Officer, Organisation
from config.launcher.places import Places
from grid.models import Issue
from grid.statuses import OPEN

ROWS = 100
PAGES = ("/issues/", "/issues/?light=red", "/red-lights/", "/red-lights/figures/", "/red-lights/trend/chart/")
TIMES = 20
ADDRESS = "/api/v1/issues/"
# The nearest running clock stands beside each issue, as in the list.
BARE = """
    SELECT i.id, i.number, i.type_id, i.status, i.channel, i.cell_id, i.unit_id, o.code, i.address, i.longitude,
           i.latitude, i.reported_at, i.occurred_at, i.outcome, i.rework_count, c.due_at, c.warn_at, c.suspended_at
    FROM grid_issue i LEFT JOIN bureau_organisation o ON o.id = i.handled_by_id
    LEFT JOIN LATERAL (SELECT due_at, warn_at, suspended_at FROM bureau_clock
                       WHERE subject_id = i.id AND met_at IS NULL ORDER BY due_at LIMIT 1) c ON true
    WHERE {where} ORDER BY {order} LIMIT 101
"""
NEWEST = "i.reported_at DESC, i.id DESC"
OPEN_ONES = [status.value for status in OPEN]
IS_DUE = "i.status = ANY(%s) AND c.due_at IS NOT NULL"
IN_HAND = "i.status = 'handling'"
OF_UNIT = "i.unit_id = %s"
IS_RED = """EXISTS (SELECT 1 FROM bureau_clock l WHERE l.subject_id = i.id AND l.met_at IS NULL
                    AND l.suspended_at IS NULL AND l.due_at < now())"""


@dataclass(frozen=True)
class Look:
    """One way to look at the list: the query of the address, and the condition of the bare SELECT."""

    name: str
    query: dict[str, Any]
    where: str = "true"
    values: Sequence[Any] = ()
    order: str = NEWEST


def looks() -> list[Look]:
    """First page, deep page, and each filter that people use."""
    newest = Issue.objects.order_by("-reported_at", "-pk")
    deep = newest[int(newest.count() * 0.9)]
    cursor = page_of(newest.filter(reported_at__lte=deep.reported_at), {}, size=1, total=None).next
    squad = Organisation.objects.filter(kind=Organisation.Kind.SQUAD, unit__slug="qibao").get()
    behind = "(i.reported_at, i.id) < (%s, %s)"
    unit = squad.unit_id
    return [
        Look("first page", {}),
        Look("page at 90 % depth", {"cursor": cursor}, behind, (deep.reported_at, deep.pk)),
        Look("by status", {"status": "handling"}, IN_HAND),
        Look("by type", {"type": "C1"}, "i.type_id = 'C1'"),
        Look("by unit", {"unit": unit}, OF_UNIT, (unit,)),
        Look("by unit, in hand", {"unit": unit, "status": "handling"}, f"{OF_UNIT} AND {IN_HAND}", (unit,)),
        Look("by handler", {"handled_by": squad.code}, "i.handled_by_id = %s", (squad.pk,)),
        Look("late (red) ones", {"light": "red"}, IS_RED),
        Look("late ones of a unit", {"light": "red", "unit": unit}, f"{OF_UNIT} AND {IS_RED}", (unit,)),
        Look("by number", {"q": deep.number[:6]}, "i.number LIKE %s", (f"{deep.number[:6]}%",)),
        Look("by due date", {"ordering": "due_at"}, IS_DUE, (OPEN_ONES,), order="c.due_at, i.id"),
    ]  # fmt: skip


def measure(places: Places, port: int) -> list[Figure]:
    keys = keys_of("operator", 4, timezone.now())
    caller = Caller(port, keys)
    found = [measured(places, caller, keys[0], look) for look in looks()]
    found += [figure for path in PAGES if (figure := page(caller, path))]
    caller.close()
    return found


def measured(places: Places, caller: Caller, key: str, look: Look) -> Figure:
    path = f"{ADDRESS}?{urlencode({'page_size': ROWS, **look.query})}"
    times = milliseconds(partial(caller.get, path), TIMES)
    queries = len(said_while(partial(asked_of, key, path)))
    return Figure(f"list, {look.name}", median(times), "ms", bare_time(places, look), queries, p95(times))


def bare_time(places: Places, look: Look) -> float:
    statement = BARE.format(where=look.where, order=look.order).replace(" % ", " %% ")
    with bare_connection(places) as connection:
        return median(milliseconds(lambda: connection.execute(statement, look.values).fetchall(), TIMES))


def page(caller: Caller, path: str) -> Figure | None:
    """The page as the operator's browser gets it; None for one that is not built."""
    try:
        resolve(path.partition("?")[0])
    except Resolver404:
        return None
    client = Client()
    client.force_login(Officer.objects.get(username="operator"), settings.AUTHENTICATION_BACKENDS[-1])
    cookie = cookie_of(client.cookies)
    client.get(path)
    queries = len(said_while(lambda: client.get(path)))
    times = milliseconds(partial(caller.page, path, cookie), TIMES)
    return Figure(f"page {path}", median(times), "ms", None, queries, p95(times))


def cookie_of(jar: SimpleCookie) -> str:
    return "; ".join(f"{name}={morsel.value}" for name, morsel in jar.items())
