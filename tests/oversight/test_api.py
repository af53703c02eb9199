"""Red lights and papers through the API: the same scope, filters and refusals as the pages."""

from __future__ import annotations

import pytest
import time_machine

from bureau.models import Role
from tests.make import bureau
from tests.make import oversight as make

pytestmark = pytest.mark.django_db
AT = bureau.shanghai("2026-06-22 14:30")


@pytest.fixture(autouse=True)
def _at_half_past_two():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def paper(db):
    make.real_calendar()
    return make.urging_paper()


def signed_in(client, paper, role, name):
    client.force_login(make.seat(paper.unit, role, name))
    return client


def test_what_is_red_is_told_with_unit_rung_and_since_when(paper, client):
    signed_in(client, paper, Role.SQUAD_LEADER, "qibao-leader")

    told = client.get("/api/v1/red-lights/").json()

    (one,) = told["results"]
    assert one["rung"] == "urge"
    assert one["unit"] == paper.unit_id
    assert one["red_since"] == "2026-06-22T14:00:00+08:00"
    assert one["subject"]["number"] == paper.facts["number"]


@pytest.mark.parametrize(("query", "count"), [("?rung=urge", 1), ("?rung=refer", 0), ("?unit=310112102", 1)])
def test_red_lights_filter_by_rung_and_unit(paper, client, query, count):
    signed_in(client, paper, Role.SQUAD_LEADER, "qibao-leader")

    assert len(client.get(f"/api/v1/red-lights/{query}").json()["results"]) == count


def test_district_supervision_reads_metadata_only(paper, client):
    client.force_login(make.seat(None, Role.DISTRICT_SUPERVISION, "district"))

    (one,) = client.get("/api/v1/red-lights/").json()["results"]

    assert "owed_by" not in one
    assert "title" not in one["subject"]
    assert client.get("/api/v1/notices/").json()["results"] == []


def test_an_unknown_filter_is_refused(paper, client):
    signed_in(client, paper, Role.SQUAD_LEADER, "qibao-leader")

    assert client.get("/api/v1/red-lights/?colour=red").status_code == 400


def test_a_paper_is_signed_for_and_answered(paper, client):
    signed_in(client, paper, Role.SQUAD_LEADER, "qibao-leader")
    address = f"/api/v1/notices/{paper.pk}/"

    before = client.get(address).json()
    received = client.post(f"{address}receipt/", {}, content_type="application/json")
    replied = client.post(f"{address}reply/", {"text": "已清理"}, content_type="application/json")

    assert [move["verb"] for move in before["moves"]] == ["receive"]
    assert received.status_code == 200
    assert [move["verb"] for move in received.json()["moves"]] == ["reply"]
    assert [(answer["serial"], answer["text"]) for answer in replied.json()["replies"]] == [(1, "已清理")]
    assert client.get("/api/v1/notices/?state=answered").json()["results"][0]["number"] == paper.number


@pytest.mark.parametrize(
    ("verb", "body", "status", "code"),
    [
        ("reply", {"text": "先答"}, 409, "illegal_transition"),
        ("reply", {}, 400, "required"),
        ("receipt", {"when": "now"}, 400, "unknown_field"),
    ],
)
def test_what_is_refused_says_why(paper, client, verb, body, status, code):
    signed_in(client, paper, Role.SQUAD_LEADER, "qibao-leader")

    answer = client.post(f"/api/v1/notices/{paper.pk}/{verb}/", body, content_type="application/json")

    assert answer.status_code == status
    assert code in answer.content.decode()


def test_an_officer_may_read_it_and_not_sign_for_it(paper, client):
    signed_in(client, paper, Role.SQUAD_OFFICER, "qibao-officer")

    refused = client.post(f"/api/v1/notices/{paper.pk}/receipt/", {}, content_type="application/json")

    assert client.get(f"/api/v1/notices/{paper.pk}/").status_code == 200
    assert refused.status_code == 403
    assert refused.json()["code"] == "not_your_move"


def test_another_units_paper_is_not_found(paper, client):
    client.force_login(bureau.officer(bureau.unit("meilong"), Role.SQUAD_LEADER))

    assert client.get(f"/api/v1/notices/{paper.pk}/").status_code == 404
    assert client.post(f"/api/v1/notices/{paper.pk}/receipt/", {}, content_type="application/json").status_code == 404
