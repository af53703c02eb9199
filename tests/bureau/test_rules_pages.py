"""The figures of rules on pages and in the API: who reads, who proposes, and what the second person is shown."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from bureau.desk import figures
from bureau.desk.models import RuleChange
from bureau.models import Role
from tests.make import bureau
from tests.make import grid as make

pytestmark = pytest.mark.django_db
NAME = "grid_handling_limit_C1"


@pytest.fixture
def legal(client):
    make.issue_type("C1")
    person = bureau.officer(None, Role.LEGAL)
    client.force_login(person)
    return person


def as_deputy(client):
    client.force_login(bureau.officer(None, Role.DEPUTY))


def propose(client, **said):
    given = {"value": "8 working_hours", "valid_from": str(timezone.localdate()), "reason": "设摊治理工作量增加"}
    return client.post(reverse("bureau:rule", args=[NAME]), {**given, **said})


def test_the_list_says_what_holds_and_that_it_is_the_default(client, legal):
    page = client.get(reverse("bureau:rules")).content.decode()

    assert "无序设摊" in page
    assert "默认" in page


def test_the_list_runs_a_fixed_number_of_queries(client, legal, django_assert_max_num_queries):
    for code in ("C2", "B1", "A3"):
        make.issue_type(code)

    with django_assert_max_num_queries(20):
        client.get(reverse("bureau:rules"))


def test_one_proposes_and_another_enacts(client, legal):
    propose(client)
    change = RuleChange.objects.get()
    as_deputy(client)

    client.post(f"{change.get_absolute_url()}move/", {"verb": "enact", "digest": str(change.pk)})

    change.refresh_from_db()
    assert change.status == RuleChange.Status.ENACTED
    assert figures.figure(NAME, timezone.localdate()) == "8 working_hours"


def test_a_wrong_value_keeps_what_was_typed_and_says_how_to_write_it(client, legal):
    answer = propose(client, value="八小时")

    assert answer.status_code == 400
    assert "八小时" in answer.content.decode()
    assert "4 working_hours" in answer.content.decode()
    assert not RuleChange.objects.exists()


def test_the_second_person_sees_which_dates_would_move(client, legal):
    issue = make.dispatched_issue()
    propose(client, recalculates="on")
    as_deputy(client)

    page = client.get(RuleChange.objects.get().get_absolute_url()).content.decode()

    assert issue.number in page


def test_a_squad_officer_reads_the_rules_and_finds_no_form(client):
    make.issue_type("C1")
    client.force_login(bureau.officer(bureau.unit(), Role.SQUAD_OFFICER))

    page = client.get(reverse("bureau:rule", args=[NAME])).content.decode()

    assert "提出变更" not in page


def test_the_system_administrator_finds_no_such_page(client):
    client.force_login(bureau.officer(None, Role.SYSADMIN))

    assert client.get(reverse("bureau:rules")).status_code == 404


def test_the_api_proposes_and_enacts_with_the_digest_that_it_showed(client, legal):
    make.dispatched_issue()
    body = {"name": NAME, "value": "8 working_hours", "valid_from": str(timezone.localdate()), "reason": "调整"}
    made = client.post("/api/v1/rules/changes/", {**body, "recalculates": True}, content_type="application/json")
    as_deputy(client)
    url = f"/api/v1/rules/changes/{made.json()['id']}/"
    digest = client.get(url).json()["digest"]

    stale = client.post(f"{url}moves/", {"verb": "enact", "digest": "0" * 64}, content_type="application/json")
    enacted = client.post(f"{url}moves/", {"verb": "enact", "digest": digest}, content_type="application/json")

    assert (stale.status_code, stale.json()["code"]) == (409, "preview_changed")
    assert (enacted.json()["status"], enacted.json()["moved"]) == ("enacted", 1)


def test_the_api_lists_every_figure_with_what_holds(client, legal):
    found = {row["name"]: row for row in client.get("/api/v1/rules/").json()["results"]}

    assert found[NAME]["value"] == "4 working_hours"
    assert found[NAME]["valid_from"] is None
