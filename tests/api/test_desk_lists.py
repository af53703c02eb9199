"""What the desk itself answers: clocks, changes, codes, me."""

from __future__ import annotations

import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from bureau.desk.models import Clock, Entry
from bureau.models import Organisation, Role
from grid.actions import move_issue
from tests.api.callers import V1, by_key, by_partner, by_session, codes_in
from tests.make import bureau as make
from tests.make import grid as make_grid

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _settled_at_once(settings):
    settings.CHANGES_SETTLE_SECONDS = 0


@pytest.fixture
def qibao():
    return make.unit("qibao")


# --- clocks


def test_clocks_tell_what_runs_its_light_and_its_subject(qibao):
    issue = make_grid.dispatched_issue(qibao)
    clock = Clock.objects.about(issue).running().get()

    row = by_session(make.officer(qibao, Role.OPERATOR)).get(f"{V1}/clocks/").json()["results"][0]

    assert row["id"] == str(clock.pk)
    assert (row["kind"], row["unit"], row["owed_by"]) == ("handling", qibao.code, "qibao-squad")
    assert row["light"] == clock.light(timezone.now())
    assert row["due_at"] == timezone.localtime(clock.due_at).isoformat()
    assert row["subject"]["number"] == issue.number
    assert row["subject"]["kind"] == "issue"


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"unit": "310112102"}, 1),
        ({"unit": "310112108"}, 1),
        ({"kind": "accept"}, 1),
        ({"kind": "handling", "unit": "310112108"}, 0),
        ({"owed_by": "qibao-squad"}, 1),
        ({"light": "red"}, 2),
        ({"light": "green"}, 0),
        ({"ladder": "full"}, 1),
    ],
)
def test_clocks_are_filtered_by_light_unit_kind_and_owner(qibao, query, count):
    make_grid.dispatched_issue(qibao)
    make_grid.reported_issue(make.unit("meilong"))
    Clock.objects.update(warn_at=make_grid.MONDAY, due_at=make_grid.MONDAY)

    rows = by_session(make.officer(qibao, Role.OPERATOR)).get(f"{V1}/clocks/", query).json()["results"]

    assert len(rows) == count


def test_several_lights_may_be_asked_at_once(qibao):
    make_grid.dispatched_issue(qibao)
    client = by_session(make.officer(qibao, Role.OPERATOR))

    both = client.get(f"{V1}/clocks/?light=red&light=green&light=yellow").json()["results"]

    assert len(both) == 1
    assert client.get(f"{V1}/clocks/?light=blue").status_code == 400


def test_a_squad_sees_the_clocks_of_its_own_unit_only(qibao):
    make_grid.dispatched_issue(make.unit("meilong"))
    mine = make_grid.dispatched_issue(qibao)

    rows = by_session(make_grid.crew(qibao)["squad_leader"]).get(f"{V1}/clocks/").json()["results"]

    assert [row["subject"]["id"] for row in rows] == [str(mine.pk)]


def test_a_role_that_may_read_no_issue_sees_no_clock_and_no_change_of_one(qibao):
    make_grid.dispatched_issue(qibao)
    client = by_session(make.officer(qibao, Role.DISTRICT_SUPERVISION))

    assert client.get(f"{V1}/clocks/").json()["results"] == []
    assert client.get(f"{V1}/changes/").json()["results"] == []


def test_the_list_of_clocks_costs_the_same_however_many(qibao, django_assert_num_queries):
    for n in range(3):
        make_grid.dispatched_issue(qibao, at=make_grid.minutes(n - 100))
    client = by_key(make.officer(qibao, Role.OPERATOR))
    client.get(f"{V1}/clocks/")

    with django_assert_num_queries(4):  # key, postings, clocks, cards of the issues
        assert len(client.get(f"{V1}/clocks/").json()["results"]) == 3


# --- changes


def test_changes_tell_every_line_once_in_the_order_of_recording(qibao):
    client = by_session(make.officer(qibao, Role.OPERATOR))
    issue = make_grid.issue_in("filed", qibao)

    first = client.get(f"{V1}/changes/", {"page_size": 2}).json()
    second = client.get(first["next"]).json()
    third = client.get(second["next"]).json()
    move_issue(issue, "dispatch", by=make_grid.crew(qibao)["dispatcher"], at=make_grid.minutes(9))
    later = client.get(third["next"]).json()

    told = [[line["verb"] for line in page["results"]] for page in (first, second, third, later)]
    assert told == [["report", "accept"], ["file"], [], ["dispatch"]]
    assert first["results"][0]["subject"]["number"] == issue.number


def test_changes_are_told_within_scope_and_projection(qibao):
    foreign = make_grid.reported_issue(make.unit("meilong"))
    mine = make_grid.reported_issue(qibao)

    of_squad = by_session(make_grid.crew(qibao)["squad_leader"]).get(f"{V1}/changes/").json()["results"]
    of_admin = by_session(make.officer(qibao, Role.SYSADMIN)).get(f"{V1}/changes/").json()["results"]

    assert [line["subject"]["id"] for line in of_squad] == [str(mine.pk)]
    assert {line["subject"]["id"] for line in of_admin} == {str(mine.pk), str(foreign.pk)}
    assert of_admin[0].keys() == {"id", "subject", "verb", "source", "target", "at", "recorded_at"}
    assert "title" not in of_admin[0]["subject"]


def test_a_social_supervisor_follows_own_reports_only(qibao):
    make_grid.reported_issue(qibao)
    person = make.officer(qibao, Role.SOCIAL)
    own = make_grid.reported_issue(qibao, by=person, channel="public", at=make_grid.minutes(-9))

    rows = by_session(person).get(f"{V1}/changes/").json()["results"]

    assert {line["subject"]["id"] for line in rows} <= {str(own.pk)}


@pytest.mark.parametrize("cursor", ["x", "AAAA", "YzE", "YzEx=", "Y" * 400, "é"])
def test_a_cursor_of_elsewhere_is_refused_or_read_but_never_a_fault(qibao, cursor):
    response = by_session(make.officer(qibao, Role.OPERATOR)).get(f"{V1}/changes/", {"cursor": cursor})

    assert response.status_code in (200, 400)
    if response.status_code == 400:
        assert codes_in(response) == {"/cursor": "bad_cursor"}


def test_changes_cost_the_same_however_many(qibao, django_assert_num_queries):
    make_grid.issue_in("filed", qibao)
    client = by_key(make.officer(qibao, Role.OPERATOR))
    client.get(f"{V1}/changes/")

    with django_assert_num_queries(5):  # key, postings, horizon, lines, cards
        client.get(f"{V1}/changes/")


@pytest.mark.django_db(transaction=True)
def test_a_line_is_held_back_while_a_lower_one_may_still_come(qibao):
    client = by_session(make.officer(qibao, Role.OPERATOR))
    crew = make_grid.crew(qibao)
    slow, quick = (make_grid.reported_issue(qibao, at=make_grid.minutes(n), address=f"{n}") for n in (0, 1))
    start = client.get(f"{V1}/changes/").json()["next"]
    written, done = threading.Event(), threading.Event()

    def move_slowly() -> None:
        try:
            with transaction.atomic():
                move_issue(slow, "accept", by=crew["operator"], at=make_grid.minutes(2))
                written.set()
                done.wait(10)
        finally:
            connection.close()

    other = threading.Thread(target=move_slowly)
    other.start()
    written.wait(10)
    move_issue(quick, "accept", by=crew["operator"], at=make_grid.minutes(2))
    meanwhile = client.get(start).json()
    done.set()
    other.join()
    after = client.get(meanwhile["next"]).json()

    assert meanwhile["results"] == []
    assert [line["subject"]["id"] for line in after["results"]] == [str(slow.pk), str(quick.pk)]
    assert Entry.objects.order_by("-pk").first().subject_id == quick.pk


# --- codes, me


def test_codes_are_told_in_both_languages(qibao):
    client = by_session(make.officer(qibao))
    names = {row["name"] for row in client.get(f"{V1}/codes/").json()}

    for name in names:
        rows = client.get(f"{V1}/codes/{name}/").json()
        assert all(row["zh"] and row["en"] for row in rows), name
    assert {"errors", "roles", "lights", "issue-statuses", "issue-verbs"} <= names


def test_every_error_code_has_its_words(qibao):
    rows = by_session(make.officer(qibao)).get(f"{V1}/codes/errors/").json()

    assert {"unknown_field", "not_your_move", "sod_conflict", "key_reused"} <= {row["code"] for row in rows}


def test_me_tells_what_is_left_of_this_minute(qibao, settings):
    settings.API_RATES = {"key": 10}
    client = by_key(make.officer(qibao))

    first, second = (client.get(f"{V1}/me/").json()["quota"] for _ in range(2))

    assert (first["limit"], first["remaining"] - second["remaining"]) == (10, 1)


def test_a_partner_reads_only_what_its_organisation_was_given(qibao):
    make_grid.dispatched_issue(qibao)
    client = by_partner()

    assert client.get(f"{V1}/clocks/").json()["results"] == []
    assert client.get(f"{V1}/changes/").json()["results"] == []


# --- make_token


def test_make_token_prints_a_key_that_works_once_made(qibao, capsys, client):
    officer = make.officer(qibao)

    call_command("make_token", officer.username, "--scope", "me")
    plain = capsys.readouterr().out.strip()

    told = client.get(f"{V1}/me/", headers={"Authorization": f"Bearer {plain}"}).json()
    assert told["username"] == officer.username
    assert told["key"]["scopes"] == ["me"]


def test_make_token_makes_a_partners_key(capsys, client):
    make.organisation(Organisation.Kind.PARTNER)
    account = make.officer(role=Role.PARTNER)

    call_command("make_token", account.username, "--partner", "partner")

    told = client.get(f"{V1}/me/", headers={"Authorization": f"Bearer {capsys.readouterr().out.strip()}"}).json()
    assert told["key"]["kind"] == "partner"


@pytest.mark.parametrize("said", [["nobody"], ["me", "--days", "31"], ["me", "--days", "0"], ["me", "--partner", "x"]])
def test_make_token_refuses_what_it_cannot_give(qibao, said):
    make.officer(qibao, username="me")

    with pytest.raises(CommandError):
        call_command("make_token", *said)
