import json

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.test import RequestFactory
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from bureau.desk.api.problems import problem_of
from bureau.desk.refusal import BadValue, IllegalTransition, OutOfTime, Several, SodConflict
from tests.api.callers import V1, by_key, by_session
from tests.make import bureau as make

pytestmark = pytest.mark.django_db
FIELDS = {"type", "title", "status", "detail", "instance", "trace_id", "code", "errors"}


def told(exc: Exception) -> dict:
    return json.loads(problem_of(exc, RequestFactory().get("/api/v1/me/")).content)


@pytest.mark.parametrize(
    ("method", "path", "sent", "status", "code"),
    [
        ("get", "/api/v1/nowhere/", {}, 404, "not_found"),
        ("get", "/api/nowhere", {}, 404, "not_found"),
        ("get", f"{V1}/codes/nothing/", {}, 404, "not_found"),
        ("delete", f"{V1}/me/", {}, 405, "method_not_allowed"),
        ("patch", f"{V1}/clocks/", {}, 405, "method_not_allowed"),
        ("get", f"{V1}/me/", {"HTTP_ACCEPT": "application/pdf"}, 406, "not_acceptable"),
        ("get", f"{V1}/me/?x=1", {}, 400, "unknown_filter"),
        ("get", f"{V1}/me/?format=api", {}, 400, "unknown_filter"),
    ],
)
def test_every_error_under_api_is_a_problem_in_both_languages(method, path, sent, status, code):
    client = by_session(make.officer(make.unit()))

    response = getattr(client, method)(path, **sent)

    problem = response.json()
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert not FIELDS - problem.keys()
    assert problem["code"] == code
    assert problem["status"] == status
    assert response["X-Trace-Id"] == problem["trace_id"]
    assert problem["instance"] == path.split("?")[0]
    assert all(error["zh"] and error["en"] and error["zh"] != error["en"] for error in problem["errors"])


def test_a_stranger_gets_401_and_is_told_how_to_come_in(client):
    response = client.get(f"{V1}/me/")

    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Bearer realm="api"'
    assert response.json()["code"] == "not_authenticated"


def test_the_trace_of_the_caller_is_kept_and_a_bad_one_is_not(client):
    good = client.get("/api/v1/me/", HTTP_TRACEPARENT=f"00-{'a1' * 16}-{'b2' * 8}-01")
    bad = client.get("/api/v1/me/", HTTP_TRACEPARENT="00-zz-01")

    assert good.json()["trace_id"] == "a1" * 16
    assert len(bad.json()["trace_id"]) == 32


def test_an_unknown_fault_tells_its_trace_and_nothing_of_itself(monkeypatch, caplog):
    client = by_session(make.officer(make.unit()))
    client.raise_request_exception = False
    monkeypatch.setattr("bureau.desk.api.me.scope_of", lambda posts: 1 / 0)

    response = client.get(f"{V1}/me/")

    assert response.status_code == 500
    assert response.json()["code"] == "internal_error"
    assert "ZeroDivision" not in response.content.decode()
    assert response.json()["trace_id"] in caplog.text


def test_a_refusal_keeps_its_status_its_code_and_what_is_open_instead():
    problem = told(IllegalTransition("x", open_verbs=["file", "void"]))

    assert (problem["status"], problem["code"], problem["open"]) == (409, "illegal_transition", ["file", "void"])


def test_a_refusal_of_time_tells_the_first_lawful_instant():
    problem = told(OutOfTime("x", first_at=make.shanghai("2026-06-22 09:00")))

    assert problem["first_at"] == "2026-06-22T09:00:00+08:00"


def test_several_defects_are_told_together_each_with_its_field():
    problem = told(Several([BadValue("a", code="blank", pointer="/a"), SodConflict("b", pointer="/verb")]))

    assert problem["status"] == 403
    assert [(e["pointer"], e["code"]) for e in problem["errors"]] == [("/a", "blank"), ("/verb", "sod_conflict")]


def test_words_with_a_figure_are_told_in_both_languages():
    error = told(BadValue(format_lazy("{} 5", _("Not found")), code="x"))["errors"][0]

    assert error["en"] == "Not found 5"
    assert error["zh"] != error["en"]


def test_a_validation_error_of_a_model_is_400_with_its_fields():
    problem = told(ValidationError({"name": [ValidationError("Bad.", code="max_length")]}))

    assert problem["status"] == 400
    assert problem["errors"][0]["pointer"] == "/name"
    assert problem["errors"][0]["code"] == "too_long"


def test_a_database_that_is_away_is_503_with_a_time_to_come_back():
    response = problem_of(OperationalError("gone"), RequestFactory().get("/api/v1/me/"))

    assert response.status_code == 503
    assert response["Retry-After"] == "5"


def test_a_session_without_csrf_may_read_but_not_write():
    client = by_session(make.officer(make.unit()), checks_csrf=True)

    response = client.post(f"{V1}/me/", {}, format="json")

    assert response.status_code == 403
    assert response.json()["code"] == "csrf_failed"
    assert client.get(f"{V1}/me/").status_code == 200


def test_a_key_needs_no_csrf():
    response = by_key(make.officer(make.unit())).post(f"{V1}/me/", {}, format="json")

    assert response.status_code == 405
