"""The description of the API: valid, whole, and the same as what is served."""

from __future__ import annotations

import json
import re

import jsonschema
import pytest
from django.core.management import call_command
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation import override

from bureau.models import Role
from tests.api.callers import V1, by_session
from tests.make import bureau as make
from tests.make import grid as make_grid

pytestmark = pytest.mark.django_db


@pytest.fixture
def schema(client):
    return client.get("/api/schema/?format=json").json()


def test_the_description_is_valid_and_without_warnings(tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml"))


def test_it_is_openapi_3_1_and_names_the_key(schema):
    assert schema["openapi"].startswith("3.1")
    assert schema["components"]["securitySchemes"]["key"]["scheme"] == "bearer"


def test_every_route_is_described(schema):
    def walk(patterns, before=""):
        for entry in patterns:
            whole = before + str(entry.pattern)
            if isinstance(entry, URLResolver):
                yield from walk(entry.url_patterns, whole)
            elif isinstance(entry, URLPattern) and whole.startswith("api/v1/"):
                yield "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", whole)

    described = {re.sub(r"\{\w+\}", "{}", path) for path in schema["paths"]}
    served = {re.sub(r"\{\w+\}", "{}", path) for path in walk(get_resolver().url_patterns)}

    assert described == served


def test_every_operation_may_answer_with_a_problem(schema):
    for path, item in schema["paths"].items():
        for method, operation in item.items():
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    assert list(answer["content"]) == ["application/problem+json"], (path, method, status)
            assert {"400", "401", "403", "429"} <= operation["responses"].keys(), (path, method)


def test_a_problem_is_as_described(schema, client):
    problem = client.get(f"{V1}/me/").json()

    jsonschema.validate(problem, schema["components"]["schemas"]["Problem"])


@pytest.mark.parametrize("path", ["me", "clocks", "changes", "codes", "codes/errors"])
def test_what_is_served_is_as_described(schema, path, settings):
    settings.CHANGES_SETTLE_SECONDS = 0
    unit = make.unit()
    make_grid.dispatched_issue(unit)
    described = schema["paths"][f"{V1}/codes/{{name}}/" if path == "codes/errors" else f"{V1}/{path}/"]["get"]

    served = by_session(make.officer(unit, Role.OPERATOR)).get(f"{V1}/{path}/").json()

    shape = described["responses"]["200"]["content"]["application/json"]["schema"]
    jsonschema.validate(served, {**shape, "components": schema["components"]})


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_readable_page_needs_no_script_and_no_inline_style(client, language):
    with override(language):
        page = client.get("/api/docs/").content.decode()

    main = page[page.index("<main") :] if "<main" in page else page
    assert "<code>GET /api/v1/clocks/</code>" in main
    assert " style=" not in page
    assert not re.findall(r"<script(?![^>]*src=)", page)
    assert json.dumps("page_size") not in main
