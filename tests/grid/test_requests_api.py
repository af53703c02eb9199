"""Requests in the API: the same doors, codes and scope as everywhere."""

from __future__ import annotations

import pytest
import time_machine

from bureau.models import Role
from tests.make import bureau, minutes
from tests.make import grid as make
from tests.make import oversight as make_oversight

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue():
    make_oversight.real_calendar()
    return make.issue_in("handling")


def post(client, url, body, minute):
    with time_machine.travel(minutes(minute), tick=False):
        return client.post(url, body, content_type="application/json")


def asked(client, issue, minute=30, **body):
    client.force_login(make.crew(issue.unit)["squad_leader"])
    given = {"kind": "extension", "reason": "large_scale", "amount": "4", **body}
    return post(client, f"/api/v1/issues/{issue.pk}/requests/", given, minute)


def decided(client, issue, found, minute=40, **body):
    client.force_login(make.crew(issue.unit)["dispatcher"])
    given = {"granted": True, "reason": "情况属实", **body}
    return post(client, f"/api/v1/requests/{found.json()['id']}/decision/", given, minute)


def test_an_extension_is_asked_for_granted_and_told_with_its_effect(client, issue):
    made = asked(client, issue)

    answer = decided(client, issue, made)

    assert (made.status_code, made.json()["status"]) == (201, "pending")
    assert answer.json()["status"] == "granted"
    assert answer.json()["effect"]["old_due_at"] == "2026-06-22T14:03:00+08:00"
    assert answer.json()["effect"]["due_at"] == "2026-06-23T09:03:00+08:00"


def test_a_late_request_is_409_with_its_code(client, issue):
    answer = asked(client, issue, minute=310)

    assert (answer.status_code, answer.json()["code"]) == (409, "late_request")


def test_a_suspension_without_a_day_is_400_and_names_the_field(client, issue):
    client.force_login(make.crew(issue.unit)["squad_leader"])
    body = {"kind": "suspension", "reason": "weather"}

    answer = post(client, f"/api/v1/issues/{issue.pk}/requests/", body, 30)

    assert answer.status_code == 400
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [("/resume_on", "required")]


def test_what_if_tells_the_date_and_keeps_nothing(client, issue):
    client.force_login(make.crew(issue.unit)["squad_leader"])
    clock = issue.clocks.running().get(kind="handling")

    answer = post(client, f"/api/v1/clocks/{clock.pk}/what-if/", {"amount": "2"}, 30)

    assert answer.json()["due_at"] == "2026-06-22T16:03:00+08:00"
    assert issue.clocks.running().get(kind="handling").due_at == clock.due_at


def test_whoever_sees_no_issue_sees_no_request(client, issue):
    made = asked(client, issue)
    client.force_login(bureau.officer(bureau.unit("meilong"), Role.SQUAD_LEADER))

    assert client.get(f"/api/v1/requests/{made.json()['id']}/").status_code == 404
    assert client.get("/api/v1/requests/").json()["results"] == []


def test_the_list_runs_a_fixed_number_of_queries(client, issue, django_assert_max_num_queries):
    asked(client, issue)

    with django_assert_max_num_queries(8):
        client.get("/api/v1/requests/")


BLIND = (Role.SYSADMIN, Role.AUDITOR, Role.LEGAL)


@pytest.mark.parametrize("role", BLIND)
def test_words_and_names_show_only_to_whoever_sees_them_on_the_issue(client, issue, role):
    words = "当事人张三不在现场"
    found = asked(client, issue, words=words)
    decided(client, issue, found, reason="李四已核实")
    made = found.json()
    client.force_login(bureau.officer(None, role))

    answers = [
        client.get(address)
        for address in (f"/api/v1/requests/{made['id']}/", "/api/v1/requests/", f"/requests/{made['id']}/")
    ]

    asker, dispatcher = (make.crew(issue.unit)[post] for post in ("squad_leader", "dispatcher"))
    for answer in answers:
        said = answer.content.decode()
        hidden = (words, "李四已核实", asker.username, asker.name, dispatcher.username, dispatcher.name)
        assert answer.status_code == 200
        assert not [text for text in hidden if text in said]


def test_the_handling_squad_reads_the_words_of_its_own_request(client, issue):
    made = asked(client, issue, words="当事人不在现场").json()

    assert client.get(f"/api/v1/requests/{made['id']}/").json()["words"] == "当事人不在现场"
    assert "当事人不在现场" in client.get(f"/requests/{made['id']}/").content.decode()
