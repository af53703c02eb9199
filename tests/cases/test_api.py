"""Cases in the API: what is created, filtered and moved, and how a refusal is told."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bureau.models import Officer, Role
from cases.actions import move_case
from cases.models import Case
from tests.api.callers import V1, by_key, codes_in
from tests.make import bureau, grid, powers
from tests.make import cases as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday_afternoon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: grid.minutes(60))


def person(name: str) -> Officer:
    return make.case_crew()[name]


def lead(**changed: Any) -> dict[str, Any]:
    powers.power("CF-001")
    return {
        "power": "CF-001",
        "act_on": "2026-06-22",
        "discovered_on": "2026-06-22",
        "party": {"kind": "person", "name": "张三", "phone": "13900000001"},
        "place": "七莘路1号",
        "officers": [person("first").username, person("second").username],
        **changed,
    }


def test_a_lead_is_created_with_its_place_in_the_procedure() -> None:
    issue = grid.issue_in("handling")

    answer = by_key(person("first")).post(f"{V1}/cases/", lead(issue=str(issue.pk)), format="json")

    told = answer.json()
    assert answer.status_code == 201, told
    assert (told["status"], told["light"], told["issue"]) == ("verifying", "green", str(issue.pk))
    assert told["party"] == {
        "kind": "person", "name": "张三", "phone": "13900000001", "address": "", "is_masked": False,
    }  # fmt: skip


def test_every_defect_is_told_with_its_pointer() -> None:
    client = by_key(person("first"))

    shape = client.post(
        f"{V1}/cases/", lead(act_on="22.6.", party={"kind": "alien", "name": "x", "passport": "1"}, status="filed"),
        format="json",
    )  # fmt: skip
    law = client.post(
        f"{V1}/cases/", lead(power="CF-9", officers=["nobody"], discovered_on="2026-06-21", issue=str(uuid.uuid4())),
        format="json",
    )  # fmt: skip

    assert shape.status_code == 400
    assert set(codes_in(shape)) == {"/act_on", "/party/kind", "/party/passport", "/status"}
    assert codes_in(law) == {"/issue": "unknown_issue"}
    assert not Case.objects.exists()


def test_a_refusal_of_the_law_is_422_with_its_codes() -> None:
    answer = by_key(person("first")).post(
        f"{V1}/cases/", lead(power="CF-9", officers=["nobody", person("first").username]), format="json"
    )

    assert answer.status_code == 422
    assert codes_in(answer) == {"/power": "E_POWER_NOT_LISTED", "/officers": "E_OFFICERS_LT2"}


def test_whoever_is_no_officer_of_a_squad_is_told_403() -> None:
    answer = by_key(person("leader")).post(f"{V1}/cases/", lead(), format="json")

    assert (answer.status_code, answer.json()["code"]) == (403, "not_your_move")


def test_moves_tell_what_is_open_and_file_the_case() -> None:
    case = make.opened_case()
    url = f"{V1}/cases/{case.pk}/moves/"

    offered = by_key(person("first")).get(url).json()
    asked = by_key(person("first")).post(url, {"verb": "request_filing", "note": "建议立案"}, format="json")
    too_early = by_key(person("deputy")).post(url, {"verb": "file"}, format="json")
    not_mine = by_key(person("first")).post(url, {"verb": "endorse"}, format="json")
    by_key(person("leader")).post(url, {"verb": "endorse"}, format="json")
    filed = by_key(person("deputy")).post(url, {"verb": "file"}, format="json")

    assert [move["verb"] for move in offered["moves"]] == ["request_filing", "withdraw"]
    assert (asked.status_code, asked.json()["status"]) == (200, "requested")
    assert (too_early.status_code, too_early.json()["code"]) == (409, "illegal_transition")
    assert (not_mine.status_code, not_mine.json()["code"]) == (403, "not_your_move")
    assert filed.json()["filing_number"] == "沪闵城管立字〔2026〕第010001号"
    assert [clock["kind"] for clock in filed.json()["clocks"]] == ["verification", "decision"]


def test_status_is_not_patched() -> None:
    case = make.opened_case()

    answer = by_key(person("first")).patch(f"{V1}/cases/{case.pk}/", {"status": "filed"}, format="json")

    assert answer.status_code == 405


def test_another_unit_is_404() -> None:
    case = make.opened_case(bureau.unit("meilong"))
    client = by_key(person("first"))

    assert client.get(f"{V1}/cases/{case.pk}/").status_code == 404
    assert client.get(f"{V1}/cases/{case.pk}/timeline/").status_code == 404
    assert client.post(f"{V1}/cases/{case.pk}/moves/", {"verb": "withdraw"}, format="json").status_code == 404


def test_the_auditor_reads_metadata_only() -> None:
    case = make.opened_case()

    told = by_key(bureau.officer(None, Role.AUDITOR)).get(f"{V1}/cases/{case.pk}/")

    assert "张" not in told.content.decode()
    assert not {"party", "place", "officers", "issue"} & set(told.json())


def test_an_officer_of_the_squad_who_is_not_on_the_case_reads_a_masked_name() -> None:
    case = make.opened_case()

    told = by_key(person("other")).get(f"{V1}/cases/{case.pk}/").json()

    assert told["party"] == {"kind": "person", "name": "张*", "is_masked": True}


def test_filters_are_those_of_the_page_and_unknown_ones_are_refused() -> None:
    filed, lead_only = make.filed_case(), make.opened_case(power="CF-091")
    client = by_key(person("deputy"))

    def found(query: str) -> list[str]:
        return [row["id"] for row in client.get(f"{V1}/cases/?{query}").json()["results"]]

    assert found("status=filed") == [str(filed.pk)]
    assert found("power=CF-091") == [str(lead_only.pk)]
    assert found("filed_after=2026-06-22&filed_before=2026-06-22") == [str(filed.pk)]
    assert found(f"q={lead_only.lead_number}") == [str(lead_only.pk)]
    assert found("light=red") == []
    assert client.get(f"{V1}/cases/?party=张三").status_code == 400
    assert client.get(f"{V1}/cases/?ordering=party").status_code == 400


def test_a_list_takes_a_fixed_number_of_queries() -> None:
    client = by_key(person("deputy"))
    for number in range(3):
        make.opened_case(power=f"CF-00{number}")

    with CaptureQueriesContext(connection) as few:
        client.get(f"{V1}/cases/")
    for number in range(3, 8):
        make.opened_case(power=f"CF-00{number}")
    with CaptureQueriesContext(connection) as many:
        client.get(f"{V1}/cases/")

    assert len(many) == len(few) <= 9


def test_the_timeline_names_every_move() -> None:
    case = make.filed_case()
    move_case(make.opened_case(power="CF-091"), "withdraw", by=person("first"), at=make.OPENED, reason="误立")

    told = by_key(person("leader")).get(f"{V1}/cases/{case.pk}/timeline/").json()["results"]

    assert {row["verb"] for row in told} == {"open", "request_filing", "endorse", "file"}
