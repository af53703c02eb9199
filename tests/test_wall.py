"""The wall: a row of another unit is not there, on any page or API route, and a stranger gets nothing.

The routes come from the URLconf, so a new one cannot be forgotten: without a line in `wall_samples` it fails here.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import cache
from django.db.models import Model
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter, UUIDConverter

from bureau.desk.models import Clock, Document, Entry, Notice
from bureau.models import Officer, Role, Unit
from tests.make import bureau as make
from tests.wall_samples import OPEN, ROWS, SHARED, SHOWS_EVERY_UNIT, Row

pytestmark = pytest.mark.django_db
METHODS = ("get", "post", "put", "patch", "delete")
ABSENT = "0198d0f0-0000-7000-8000-000000000000"
STRANGERS = (Role.SQUAD_LEADER, Role.SQUAD_OFFICER, Role.UNIT_DESK, Role.TOWN_LEADER, Role.STATION, Role.AUXILIARY)
NO_ENTRY = (301, 302, 401, 403, 404, 405)


@dataclass(frozen=True)
class Route:
    """One address of the portal: its pattern, and its parameters with their converters."""

    pattern: str
    converters: tuple[tuple[str, Any], ...]

    @property
    def is_api(self) -> bool:
        return self.pattern.startswith("api/")

    @property
    def key(self) -> str:
        """What stands before the first parameter, without the version of the API."""
        return self.beginning.removeprefix("api/v1/")

    @property
    def beginning(self) -> str:
        return self.pattern.split("<")[0]

    def address(self, names: dict[str, Any]) -> str:
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(names[found.group(1)]), self.pattern)

    def dummies(self) -> dict[str, Any]:
        return {name: dummy_of(converter) for name, converter in self.converters}


def dummy_of(converter: Any) -> Any:
    if isinstance(converter, UUIDConverter):
        return uuid.UUID(ABSENT)
    return 1 if isinstance(converter, IntConverter) else "x"


def routes(patterns: list[Any], before: str = "", converters: tuple[Any, ...] = ()) -> Iterator[Route]:
    for entry in patterns:
        whole = before + str(entry.pattern)
        found = (*converters, *entry.pattern.converters.items())
        if isinstance(entry, URLResolver):
            yield from routes(entry.url_patterns, whole, found)
        elif isinstance(entry, URLPattern):
            yield Route(whole, found)


ROUTES = list(routes(get_resolver().url_patterns))
WITH_ROW = [route for route in ROUTES if route.converters and route.key in ROWS]
CLOSED = [route for route in ROUTES if route.beginning not in OPEN]
PLAIN = [route for route in CLOSED if not route.converters]


def each(found: list[Route]) -> Any:
    return pytest.mark.parametrize("route", found, ids=lambda route: route.pattern or "/")


@pytest.fixture(autouse=True)
def _nobody_has_asked_yet() -> None:
    cache.clear()


@pytest.fixture
def qibao() -> Unit:
    return make.unit("qibao")


@pytest.fixture
def meilong() -> Unit:
    return make.unit("meilong")


def client_of(officer: Officer) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(officer, backend="bureau.sign_in.StaffNumberOrMobileBackend")
    return client


def ask(client: Client, method: str, route: Route, names: dict[str, Any]) -> Any:
    body = {} if method == "get" else {"content_type": "application/json", "data": "{}"} if route.is_api else {}
    return getattr(client, method)(route.address(names), **body)


def picture_of(row: Model) -> Any:
    """All that a forbidden request could have changed."""
    stored = type(row)._default_manager.filter(pk=row.pk).values().get()
    counts = [model.objects.count() for model in (Entry, Clock, Document, Notice)]
    return stored, counts, list(Clock.objects.order_by("pk").values("pk", "met_at", "due_at"))


def test_every_route_with_a_parameter_says_whose_its_rows_are():
    unknown = [
        route.pattern
        for route in ROUTES
        if route.converters and route.key not in ROWS and route.key not in SHARED and route.beginning not in OPEN
    ]

    assert not unknown, f"say in tests/wall_samples.py whose rows these are: {unknown}"


def test_no_route_is_written_as_a_bare_regular_expression():
    assert [route.pattern for route in ROUTES if "(?P" in route.pattern or "\\" in route.pattern] == []


def test_what_is_open_to_the_world_is_still_there():
    assert set(OPEN) - {route.beginning for route in ROUTES} == set()


@each(CLOSED)
def test_a_stranger_gets_nothing(route, client):
    for method in METHODS:
        response = ask(client, method, route, route.dummies())

        assert response.status_code in NO_ENTRY, f"{method}: {response.status_code}"
        if response.status_code in (301, 302):
            assert response["Location"].startswith("/sign-in/"), response["Location"]
        if route.is_api:
            assert response.status_code == 401, f"{method}: {response.status_code}"
            assert response["Content-Type"] == "application/problem+json"


@each(WITH_ROW)
def test_the_row_is_there_for_its_own_unit(route, meilong):
    sample: Row = ROWS[route.key]
    row = sample.make(meilong)
    found: dict[str, int] = {}

    readers = [sample.owner(row)] if sample.owner else [make.officer(meilong, role) for role in sample.readers]
    for reader in readers:
        client = client_of(reader)
        for method in ("get", "post"):
            found[f"{reader} {method}"] = ask(client, method, route, dict(sample.names(row))).status_code

    assert set(found.values()) - {403, 404, 405}, f"the sample does not fit this route: {found}"
    assert max(found.values()) < 500, found


@each(WITH_ROW)
def test_the_row_of_another_unit_is_not_there_and_stays_as_it_was(route, qibao, meilong):
    sample: Row = ROWS[route.key]
    row = sample.make(meilong)
    names, before = dict(sample.names(row)), picture_of(row)

    for role in STRANGERS:
        client = client_of(make.officer(qibao, role))
        for method in METHODS:
            response = ask(client, method, route, names)

            assert response.status_code in (404, 405), f"{role} {method}: {response.status_code}"
            if response.status_code == 404:
                assert sample.marker(row) not in plain(response, names)
    assert picture_of(row) == before


@each(WITH_ROW)
def test_a_row_of_another_unit_and_no_row_are_answered_in_the_same_bytes(route, qibao, meilong):
    sample: Row = ROWS[route.key]
    names = dict(sample.names(sample.make(meilong)))
    absent = {name: uuid.UUID(ABSENT) if isinstance(value, uuid.UUID) else value for name, value in names.items()}
    client = client_of(make.officer(qibao, Role.SQUAD_LEADER))

    for method in ("get", "post"):
        answers = [ask(client, method, route, asked) for asked in (names, absent)]

        assert len({answer.status_code for answer in answers}) == 1
        assert plain(answers[0], names) == plain(answers[1], absent)


def plain(response: Any, names: dict[str, Any]) -> str:
    """The answer without what differs between any two answers."""
    text = response.content.decode()
    text = text.replace(str(names["pk"]), "…")
    text = re.sub(r'("trace_id": ")[0-9a-f]{32}', r"\1…", text)
    return re.sub(r'(csrfmiddlewaretoken" value=")[^"]+|(X-CSRFToken": ?")[^"]+', "…", text)


@each(PLAIN)
def test_a_list_shows_no_row_of_another_unit(route, qibao, meilong):
    if route.pattern in SHOWS_EVERY_UNIT:
        pytest.skip(SHOWS_EVERY_UNIT[route.pattern])
    markers = {key: sample.marker(sample.make(meilong)) for key, sample in ROWS.items()}
    client = client_of(make.officer(qibao, Role.SQUAD_LEADER))

    response = client.get(f"/{route.pattern}")

    assert response.status_code < 500
    text = response.content.decode() if not response.streaming else b"".join(response.streaming_content).decode()
    assert [key for key, marker in markers.items() if marker in text] == []
