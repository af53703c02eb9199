from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bureau.models import Officer, Role
from grid.models import Issue, Reporter
from tests.api.callers import V1, by_key, by_partner, by_session, codes_in
from tests.make import bureau
from tests.make import grid as make

pytestmark = pytest.mark.django_db


def body(**changed):
    point = make.point(bureau.unit())
    return {
        "type": make.issue_type().code,
        "description": "路口有人设摊",
        "channel": "hotline",
        "reporter": {"name": "金丝雀", "phone": "13900000001"},
        **point,
        **changed,
    }


def test_a_report_answers_201_with_number_status_light_and_due():
    client = by_key(bureau.officer(None, Role.OPERATOR))

    answer = client.post(f"{V1}/issues/", body(), format="json")

    told = answer.json()
    assert answer.status_code == 201
    assert (told["status"], told["light"], told["unit"], told["cell"]) == (
        "reported", "green", "310112102", "310112102000001",
    )  # fmt: skip
    assert told["due_at"]
    assert answer["Location"].endswith(f"/issues/{told['id']}/")
    assert Reporter.objects.get(issue_id=told["id"]).phone == "13900000001"
    assert "金丝雀" not in answer.content.decode()


def test_a_report_through_the_api_takes_a_fixed_number_of_queries():
    caller = bureau.officer(None, Role.OPERATOR)
    client = by_key(caller)
    client.post(f"{V1}/issues/", body(), format="json")
    given = body()

    with CaptureQueriesContext(connection) as captured:
        client.post(f"{V1}/issues/", given, format="json")

    own = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
    assert len(own) <= 17


def test_every_defect_is_told_with_its_pointer():
    client = by_key(bureau.officer(None, Role.OPERATOR))

    shape = client.post(f"{V1}/issues/", body(latitude="31.1O2", status="closed"), format="json")
    value = client.post(f"{V1}/issues/", body(type="Z9", channel="pigeon", crs="EPSG:9999"), format="json")

    assert codes_in(shape) == {"/latitude": "invalid_number", "/status": "unknown_field"}
    assert codes_in(value) == {"/type": "unknown_type", "/channel": "invalid_choice", "/crs": "unknown_crs"}
    assert not Issue.objects.exists()


def test_a_point_outside_is_422():
    client = by_key(bureau.officer(None, Role.OPERATOR))

    answer = client.post(f"{V1}/issues/", body(longitude=120.0), format="json")

    assert (answer.status_code, codes_in(answer)) == (422, {"/longitude": "outside_district"})


def test_a_partner_says_its_coordinates():
    client = by_partner()

    without = client.post(f"{V1}/issues/", body(), format="json", headers={"Idempotency-Key": "a1"})
    with_crs = client.post(f"{V1}/issues/", body(crs="EPSG:4326"), format="json", headers={"Idempotency-Key": "a2"})

    assert codes_in(without) == {"/crs": "required"}
    assert with_crs.status_code == 201


def test_the_whole_life_goes_through_moves():
    make.cell(bureau.unit())
    people = make.crew(bureau.unit())
    clients = {role: by_session(person) for role, person in people.items()}
    made = clients["inspector"].post(f"{V1}/issues/", body(), format="json").json()
    address = f"{V1}/issues/{made['id']}"
    steps = [
        ("operator", {"verb": "accept"}),
        ("shift_leader", {"verb": "file"}),
        ("dispatcher", {"verb": "dispatch"}),
        ("squad_leader", {"verb": "take", "officers": [people["squad_officer"].username]}),
        ("squad_officer", {"verb": "feed_back", "outcome": "fixed"}),
        ("operator", {"verb": "ask_verification"}),
        ("inspector", {"verb": "verify"}),
        ("shift_leader", {"verb": "close"}),
    ]

    for role, move in steps:
        if move["verb"] == "feed_back":
            early = clients[role].post(f"{address}/moves/", move, format="json")
            assert (early.status_code, early.json()["code"]) == (422, "after_photo_required")
            kept = clients[role].post(
                f"{address}/photos/", {"file": make.photo(), "stage": "after"}, format="multipart"
            )
            assert kept.status_code == 201, kept.content
        seen = clients[role].get(f"{address}/").json()
        assert move["verb"] in [found["verb"] for found in seen["moves"]]
        answer = clients[role].post(f"{address}/moves/", move, format="json")
        assert answer.status_code == 200, answer.content

    told = clients["operator"].get(f"{address}/").json()
    timeline = clients["operator"].get(f"{address}/timeline/").json()["results"]
    assert (told["status"], told["outcome"], told["moves"]) == ("closed", "fixed", [])
    assert {clock["kind"]: clock["met_at"] is not None for clock in told["clocks"]} == dict.fromkeys(
        ["accept", "filing", "dispatch", "handling", "verification", "closing"], True
    )
    assert [line["verb"] for line in timeline][-1] == "close"


def test_refusals_have_the_status_of_the_contract():
    issue = make.dispatched_issue()
    address = f"{V1}/issues/{issue.pk}/moves/"
    stranger = bureau.officer(bureau.unit("meilong"), Role.SQUAD_LEADER)

    unseen = by_session(stranger).post(address, {"verb": "take"}, format="json")
    not_mine = by_session(bureau.officer(None, Role.OPERATOR)).post(address, {"verb": "take"}, format="json")
    wrong_state = by_session(bureau.officer(None, Role.OPERATOR)).post(address, {"verb": "accept"}, format="json")
    unknown = by_session(bureau.officer(None, Role.OPERATOR)).post(address, {"verb": "vanish"}, format="json")

    assert unseen.status_code == 404
    assert (not_mine.status_code, not_mine.json()["code"]) == (403, "not_your_move")
    assert (wrong_state.status_code, wrong_state.json()["code"]) == (409, "illegal_transition")
    assert (unknown.status_code, unknown.json()["code"]) == (400, "unknown_verb")


def test_status_is_not_patched():
    issue = make.reported_issue()

    answer = by_session(bureau.officer(None, Role.OPERATOR)).patch(
        f"{V1}/issues/{issue.pk}/", {"status": "closed"}, format="json"
    )

    assert answer.status_code == 405


@pytest.mark.parametrize("path", ["", "timeline/", "moves/", "photos/"])
def test_another_units_issue_is_as_absent(path):
    issue = make.dispatched_issue()
    client = by_session(bureau.officer(bureau.unit("meilong"), Role.SQUAD_OFFICER))

    foreign = client.get(f"{V1}/issues/{issue.pk}/{path}")
    absent = client.get(f"{V1}/issues/{uuid.uuid4()}/{path}")

    assert foreign.status_code == absent.status_code == 404


def test_what_is_not_a_photo_is_422_with_its_pointer():
    issue = make.issue_in("handling")
    client = by_session(make.crew(issue.unit)["squad_officer"])

    answer = client.post(
        f"{V1}/issues/{issue.pk}/photos/", {"file": make.not_a_photo(), "stage": "after"}, format="multipart"
    )

    assert (answer.status_code, codes_in(answer)) == (422, {"/file": "type_not_allowed"})


def test_metadata_only_for_the_system_administrator():
    issue = make.dispatched_issue()

    told = by_session(bureau.officer(None, Role.SYSADMIN)).get(f"{V1}/issues/{issue.pk}/").json()

    assert told["number"] == issue.number
    assert not {"description", "address", "longitude", "photos", "reported_by"} & set(told)


def test_the_list_filters_orders_and_refuses_what_it_does_not_know():
    make.dispatched_issue()
    reported = make.reported_issue(at=make.minutes(20))
    client = by_session(bureau.officer(None, Role.OPERATOR))

    def numbers(query: str) -> list[str]:
        answer = client.get(f"{V1}/issues/?{query}")
        assert answer.status_code == 200, answer.content
        return [row["number"] for row in answer.json()["results"]]

    assert numbers("") == ["260622-0002", "260622-0001"]
    assert numbers("ordering=due_at") == ["260622-0002", "260622-0001"]
    assert numbers("status=reported") == numbers("q=260622-0002") == [reported.number]
    assert numbers("handled_by=qibao-squad") == ["260622-0001"]
    assert numbers("light=red") == ["260622-0002", "260622-0001"]
    assert numbers("light=green") == []
    assert numbers("unit=310112102&category=C&type=C1&channel=patrol&open=true") == numbers("")
    assert numbers("reported_after=2026-06-23") == []
    assert numbers("reported_before=2026-06-22") == numbers("")
    assert numbers("mine=true") == []
    for query in ("reporter__phone__startswith=139", "ordering=description", "status=gone", "light=blue"):
        assert client.get(f"{V1}/issues/?{query}").status_code == 400


def test_the_list_runs_a_fixed_number_of_queries():
    reader = bureau.officer(bureau.unit(), Role.SQUAD_OFFICER)
    client = by_session(reader)
    counts = []
    for _ in range(2):
        for _ in range(4):
            make.dispatched_issue()
        with CaptureQueriesContext(connection) as captured:
            rows = client.get(f"{V1}/issues/?page_size=100").json()["results"]
        counts.append(len(captured))

    assert len(rows) == 8
    assert counts[0] == counts[1] <= 8


def test_a_detail_runs_a_fixed_number_of_queries():
    issue = make.closed_issue()
    client = by_session(Officer.objects.get(username="qibao-operator"))

    with CaptureQueriesContext(connection) as captured:
        client.get(f"{V1}/issues/{issue.pk}/")

    assert len(captured) <= 10


def test_a_point_answers_its_cell_and_unit_in_either_system():
    cell = make.cell(bureau.unit())
    client = by_session(bureau.officer(None, Role.OPERATOR))

    plain = client.get(f"{V1}/cells/?lat={cell.latitude}&lng={cell.longitude}").json()["results"]
    shifted = client.get(f"{V1}/cells/?lat={cell.latitude - 0.002}&lng={cell.longitude + 0.0045}&crs=GCJ02").json()
    outside = client.get(f"{V1}/cells/?lat=30&lng=120").json()["results"]
    every = client.get(f"{V1}/cells/").json()["results"]

    assert [(row["code"], row["unit"]) for row in plain] == [(cell.code, "310112102")]
    assert [row["code"] for row in shifted["results"]] == [cell.code]
    assert outside == []
    assert len(every) == 1
    assert client.get(f"{V1}/cells/?lat=30").status_code == 400
    assert client.get(f"{V1}/cells/?lat=x&lng=120").status_code == 400


def test_the_catalogue_is_told():
    make.issue_type()
    client = by_session(bureau.officer(None, Role.OPERATOR))

    rows = client.get(f"{V1}/issue-types/").json()["results"]

    assert (rows[0]["code"], rows[0]["handling_limit"]) == ("C1", "4 working_hours")


def test_codes_are_told_in_both_languages():
    client = by_session(bureau.officer(None, Role.OPERATOR))

    answer = client.get(f"{V1}/codes/issue-statuses/").json()

    rows = answer["results"] if isinstance(answer, dict) else answer
    assert {row["code"] for row in rows} == set(Issue.Status.values)
    assert all(row["zh"] and row["en"] for row in rows)
