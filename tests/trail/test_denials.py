"""I12: a refused request leaves a line although its work rolled back, whoever refused it and however it was told."""

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.test import Client

from bureau.desk.denials import MORE, Denied, keep_denial, write_denial
from bureau.desk.models import Denial, Entry, Figure
from bureau.desk.refusal import NotYourMove, hearing
from bureau.desk.sealing.readings import holdings, key_ring
from bureau.desk.sealing.sealer import seal_all
from bureau.models import Role
from bureau.proofs.judgement import judge
from tests import make
from tests.trail.scene import unguarded

pytestmark = pytest.mark.django_db
BACKEND = "bureau.sign_in.StaffNumberOrMobileBackend"
MOVES = "api/v1/issues/<uuid:pk>/moves/"


@pytest.fixture(autouse=True)
def keys_dir(settings, tmp_path):
    cache.clear()
    settings.KEYS_DIR = tmp_path / "keys"


@pytest.fixture
def qibao():
    return make.unit("qibao")


def client_of(officer) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(officer, backend=BACKEND)
    return client


def told() -> list[tuple]:
    return list(Denial.objects.order_by("pk").values_list("account__username", "status", "code", "method", "route"))


def test_a_stranger_at_the_api_leaves_a_line_without_an_account(client):
    client.get("/api/v1/issues/")

    assert told() == [(None, 401, "not_authenticated", "GET", "api/v1/issues/")]


def test_a_failed_sign_in_leaves_a_line(client):
    client.post("/sign-in/", {"username": "nobody", "password": "wrong"})

    assert told() == [(None, 401, "sign_in_failed", "POST", "sign-in/")]


@pytest.mark.parametrize("address", ["/issues/{}/", "/api/v1/issues/{}/"])
def test_a_row_out_of_sight_leaves_a_line_that_names_it(qibao, address):
    issue, stranger = make.dispatched_issue(make.unit("meilong")), make.officer(qibao, Role.SQUAD_LEADER)

    assert client_of(stranger).get(address.format(issue.pk)).status_code == 404

    denial = Denial.objects.get()
    assert (denial.account, denial.status, denial.subject) == (stranger, 404, issue.pk)


def post_verify(client, issue, place):
    verify = {"verb": "verify", "note": "ok"}
    if place == "api":
        return client.post(f"/api/v1/issues/{issue.pk}/moves/", verify, content_type="application/json")
    return client.post(f"/issues/{issue.pk}/move/", verify)


@pytest.mark.parametrize("place", ["page", "api"])
def test_a_move_of_another_post_leaves_a_line_on_page_and_api(qibao, place):
    issue = make.issue_in("verifying", qibao)
    leader = make.crew(qibao)["squad_leader"]
    before = Entry.objects.count()

    post_verify(client_of(leader), issue, place)

    assert [(row[0], row[1], row[2]) for row in told()] == [(leader.username, 403, "not_your_move")]
    assert Entry.objects.count() == before


@pytest.mark.parametrize("place", ["page", "api"])
def test_separation_of_duties_leaves_a_line_on_page_and_api(qibao, place):
    issue, people = make.issue_in("verifying", qibao), make.crew(qibao)
    dispatcher = people["dispatcher"]
    make.post(dispatcher, make.organisation("centre"), Role.INSPECTOR)

    post_verify(client_of(dispatcher), issue, place)

    assert [(row[0], row[1], row[2]) for row in told()] == [(dispatcher.username, 403, "sod_conflict")]


def test_a_move_that_is_not_open_leaves_a_line(qibao):
    issue, people = make.issue_in("filed", qibao), make.crew(qibao)

    answer = client_of(people["shift_leader"]).post(
        f"/api/v1/issues/{issue.pk}/moves/", {"verb": "close"}, content_type="application/json"
    )

    assert answer.status_code == 409
    assert [row[1:] for row in told()] == [(409, "illegal_transition", "POST", MOVES)]


def test_a_page_that_explains_what_is_closed_leaves_no_line(qibao):
    issue, people = make.issue_in("filed", qibao), make.crew(qibao)

    for role in ("squad_leader", "dispatcher", "inspector"):
        assert client_of(people[role]).get(f"/issues/{issue.pk}/").status_code == 200

    assert told() == []


def test_what_goes_well_and_what_does_not_exist_leaves_no_line(qibao, client):
    client_of(make.officer(qibao, Role.OPERATOR)).get("/issues/")
    client.get("/no-such-address/")
    client.get("/verify/ABCD/")

    assert told() == []


def test_nothing_of_what_was_sent_is_kept(qibao):
    issue = make.dispatched_issue(make.unit("meilong"))
    stranger = make.officer(qibao, Role.SQUAD_LEADER)

    client_of(stranger).post(
        f"/api/v1/issues/{issue.pk}/moves/",
        {"verb": "take", "note": "张三 13800000000"},
        content_type="application/json",
    )

    assert Denial.objects.count() == 1
    kept = str(Denial.objects.values().get())
    assert "13800000000" not in kept
    assert "张三" not in kept


def denied(account=None, code="not_found") -> Denied:
    return Denied(account, 404, code, "GET", "issues/<uuid:pk>/", "page", "0" * 32)


def test_an_account_cannot_fill_the_disk(qibao):
    officer, other = make.officer(qibao, Role.OPERATOR), make.officer(qibao, Role.INSPECTOR)
    Figure.objects.create(
        name="bureau_denials_a_minute", value="3", valid_from=make.MONDAY.date(), reason="check", set_at=make.MONDAY
    )

    for _ in range(9):
        keep_denial(denied(officer.pk), at=make.minutes(1))
    keep_denial(denied(other.pk), at=make.minutes(1))
    keep_denial(denied(officer.pk), at=make.minutes(3))

    mine = Denial.objects.filter(account=officer).order_by("seq").values_list("seq", "code")
    assert list(mine) == [(1, "not_found"), (2, "not_found"), (3, "not_found"), (4, MORE), (5, "not_found")]
    assert Denial.objects.filter(account=other).count() == 1


def test_refused_requests_are_chained_sealed_and_located_like_the_rest_of_the_trail(qibao):
    officer = make.officer(qibao, Role.OPERATOR)
    for minute in range(4):
        keep_denial(denied(officer.pk), at=make.minutes(minute))
        keep_denial(denied(), at=make.minutes(minute))
    seal_all(at=make.minutes(10))
    assert list(judge(holdings(), {}, key_ring())) == []

    unguarded(("DELETE FROM bureau_denial WHERE account_id = %s AND seq = 2", [officer.pk]))
    unguarded(("UPDATE bureau_denial SET route = '' WHERE account_id IS NULL AND seq = 3", []))

    found = [(each.kind, each.chain, each.seq) for each in judge(holdings(), {}, key_ring())]
    assert found == [("deleted", f"denial/{officer.pk}", 2), ("edited", "denial/nobody", 3)]


@pytest.mark.parametrize("statement", ["UPDATE bureau_denial SET code = ''", "DELETE FROM bureau_denial"])
def test_a_line_cannot_be_changed_or_removed_by_sql(statement):
    keep_denial(denied(), at=make.minutes(1))

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_the_line_is_kept_though_the_database_killed_the_connection_in_the_middle_of_the_work(monkeypatch):
    qibao = make.unit("qibao")
    issue, leader = make.issue_in("verifying", qibao), make.crew(qibao)["squad_leader"]
    entries = Entry.objects.count()

    def killed(subject, verb, **_facts):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE grid_issue SET description = 'half done' WHERE id = %s", [subject.pk])
            try:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
            except DatabaseError:
                raise NotYourMove("no", pointer="/verb") from None

    monkeypatch.setattr("grid.api.move_issue", killed)
    answer = client_of(leader).post(
        f"/api/v1/issues/{issue.pk}/moves/", {"verb": "verify"}, content_type="application/json"
    )

    issue.refresh_from_db()
    assert answer.status_code == 403
    assert [(row[0], row[2]) for row in told()] == [(leader.username, "not_your_move")]
    assert (issue.description, Entry.objects.count()) == ("路口有人设摊", entries)


def test_work_that_raises_in_the_middle_rolls_back_and_the_line_stays(qibao, monkeypatch):
    issue, leader = make.issue_in("verifying", qibao), make.crew(qibao)["squad_leader"]

    def half_done(subject, verb, **_facts):
        with transaction.atomic():
            write_denial(denied(code="inside"), at=make.minutes(1))
            raise NotYourMove("no", pointer="/verb")

    monkeypatch.setattr("grid.api.move_issue", half_done)
    client_of(leader).post(f"/api/v1/issues/{issue.pk}/moves/", {"verb": "verify"}, content_type="application/json")

    assert [row[2] for row in told()] == ["not_your_move"]


def test_where_the_database_does_not_answer_the_line_goes_to_the_log(monkeypatch, caplog):
    def no_answer(*_args, **_facts):
        raise DatabaseError("gone")

    monkeypatch.setattr("bureau.desk.denials.write_denial", no_answer)

    keep_denial(denied(), at=make.minutes(1))

    assert "Refused request not kept: Denied(account_id=None, status=404" in caplog.text


def test_only_what_was_raised_counts_as_refused():
    with hearing() as heard:
        NotYourMove("explains")
        with pytest.raises(NotYourMove):
            raise NotYourMove("refuses")

    assert [each.__traceback__ is not None for each in heard] == [False, True]


def test_the_auditor_reads_and_narrows_the_refused_requests(qibao, django_assert_max_num_queries):
    officer = make.officer(qibao, Role.OPERATOR, username="31009999")
    for minute in range(5):
        keep_denial(denied(officer.pk, "sod_conflict"), at=make.minutes(minute))
    keep_denial(denied(), at=make.minutes(6))
    auditor = client_of(make.officer(qibao, Role.AUDITOR))

    with django_assert_max_num_queries(12):
        page = auditor.get("/trail/refused/?account=31009999&code=sod_conflict&after=2026-06-22&before=2026-06-22")
    nobody = auditor.get("/api/v1/trail/refused/?account=nobody").json()["results"]

    assert len(page.context["rows"]) == 5
    assert [(row["account"], row["status"]) for row in nobody] == [(None, 404)]
    assert auditor.get("/trail/refused/?after=yesterday").status_code == 400


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.DISTRICT_SUPERVISION, Role.SQUAD_LEADER, Role.SYSADMIN])
def test_others_do_not_read_the_refused_requests(qibao, role):
    client = client_of(make.officer(qibao, role))
    keep_denial(denied(), at=make.minutes(6))

    assert client.get("/trail/refused/").status_code == 404
    assert client.get("/api/v1/trail/refused/").json()["results"] == []
