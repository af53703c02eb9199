"""What the base views promise to every room, tried on the issues of the grid."""

from __future__ import annotations

import threading
from datetime import timedelta
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from bureau.desk.api.idempotency import claim, forget_answers
from bureau.desk.api.parsers import LARGEST_BODY
from bureau.desk.models import Entry, IdempotencyRecord
from bureau.models import Role
from grid.actions import move_issue
from grid.models import Issue
from tests.api.callers import by_key, by_partner, by_session, codes_in
from tests.make import bureau as make
from tests.make import grid as make_grid

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.api.sample_room")]
LIST = "/api/sample/issues/"


def report(unit, **said):
    make_grid.issue_type("C1")
    return {"type": "C1", "description": "路口有人设摊", "channel": "hotline", **make_grid.point(unit), **said}


@pytest.fixture
def qibao():
    return make.unit("qibao")


@pytest.fixture
def operator(qibao):
    return by_key(make.officer(qibao, Role.OPERATOR))


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b'{"type": NaN}', 400, "malformed_json"),
        (b'{"latitude": 1e309}', 400, "malformed_json"),
        (b'{"latitude": -Infinity}', 400, "malformed_json"),
        (b'{"a": 1, "a": 2}', 400, "duplicate_key"),
        (b'{"a": {"b": 1, "b": 2}}', 400, "duplicate_key"),
        (b"[" * 100_000, 400, "malformed_json"),
        (b'{"a": "\\ud800"}', 400, "malformed_json"),
        (b'{"a": ', 400, "malformed_json"),
        (b'{"a": 1' + b"0" * 5000 + b"}", 400, "malformed_json"),
        (b"[1]", 400, "invalid_object"),
        (b"5", 400, "invalid_object"),
        ('{"a": "街道"}'.encode("gbk"), 415, "unsupported_charset"),
        (b'{"a": "' + b"x" * LARGEST_BODY + b'"}', 413, "body_too_large"),
    ],
)
def test_only_plain_json_is_read(operator, body, status, code):
    response = operator.post(LIST, body, content_type="application/json")

    assert (response.status_code, response.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/json; charset=gbk", "application/x-www-form-urlencoded"]
)
def test_only_json_in_utf_8_is_taken(operator, media_type):
    response = operator.post(LIST, b"{}", content_type=media_type)

    assert response.status_code == 415
    assert response["Content-Type"] == "application/problem+json"


def test_a_file_over_the_limit_is_refused_before_it_is_read(operator, settings):
    settings.API_LARGEST_UPLOAD = 1000
    file = SimpleUploadedFile("a.jpg", b"x" * 2000)

    response = operator.post("/api/sample/files/", {"file": file}, format="multipart")

    assert (response.status_code, response.json()["code"]) == (413, "body_too_large")


def test_a_creation_answers_201_with_its_place_and_its_version(operator, qibao):
    response = operator.post(LIST, report(qibao))

    assert response.status_code == 201
    assert response["Location"] == f"http://testserver{LIST}{response.json()['id']}/"
    assert operator.get(response["Location"])["ETag"] == response["ETag"]


def test_a_wrong_creation_tells_every_defect_and_stores_nothing(operator, qibao):
    sent = report(qibao, latitude="31.1O2", squad_id=7, status="closed", description="\u200b")

    response = operator.post(LIST, sent)

    assert response.status_code == 400
    assert codes_in(response) == {
        "/latitude": "invalid_number",
        "/squad_id": "unknown_field",
        "/status": "unknown_field",
        "/description": "blank",
    }
    assert not Issue.objects.exists()


def test_a_status_is_never_patched(operator, qibao):
    issue = make_grid.reported_issue(qibao)

    response = operator.patch(f"{LIST}{issue.pk}/", {"status": "closed"})

    assert response.status_code == 405
    assert set(response["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_the_row_of_another_unit_is_not_there_in_the_same_bytes_as_no_row(qibao):
    foreign = make_grid.dispatched_issue(make.unit("meilong"))
    client = by_session(make.officer(qibao, Role.SQUAD_LEADER))
    kept = Entry.objects.count()

    paths = [f"{LIST}{{}}/", f"{LIST}{{}}/moves/", f"{LIST}{{}}/timeline/"]
    answers = [client.get(path.format(foreign.pk)) for path in paths]
    absent = [client.get(path.format("0198d0f0-0000-7000-8000-000000000000")) for path in paths]
    moved = client.post(f"{LIST}{foreign.pk}/moves/", {"verb": "take"})

    assert [answer.status_code for answer in [*answers, *absent, moved]] == [404] * 7
    assert [a.json()["errors"] for a in answers] == [a.json()["errors"] for a in absent]
    assert client.get(LIST).json()["results"] == []
    assert Entry.objects.count() == kept


# --- lists


def test_a_list_is_walked_by_cursor_there_and_back(operator, qibao):
    issues = [make_grid.reported_issue(qibao, at=make_grid.minutes(n)) for n in range(5)]
    newest_first = [str(issue.pk) for issue in reversed(issues)]

    first = operator.get(LIST, {"page_size": 2}).json()
    second = operator.get(first["next"]).json()
    third = operator.get(second["next"]).json()
    back = operator.get(third["previous"]).json()

    assert [[row["id"] for row in page["results"]] for page in (first, second, third)] == [
        newest_first[:2],
        newest_first[2:4],
        newest_first[4:],
    ]
    assert (first["previous"], third["next"]) == (None, None)
    assert back["results"] == second["results"]


def test_an_order_may_be_turned_and_an_order_with_equal_values_loses_no_row(operator, qibao):
    made = {str(make_grid.reported_issue(qibao, at=make_grid.minutes(n)).pk) for n in range(3)}

    pages = [operator.get(LIST, {"ordering": "-status", "page_size": 1}).json()]
    while pages[-1]["next"]:
        pages.append(operator.get(pages[-1]["next"]).json())

    assert {row["id"] for page in pages for row in page["results"]} == made
    assert operator.get(LIST, {"ordering": "reported_at"}).status_code == 200


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"squad": "1"}, {"/squad": "unknown_filter"}),
        ({"reporter__phone__startswith": "138"}, {"/reporter__phone__startswith": "unknown_filter"}),
        ({"ordering": "reporter__phone"}, {"/ordering": "unknown_ordering"}),
        ({"page_size": "201"}, {"/page_size": "too_large"}),
        ({"page_size": "0"}, {"/page_size": "too_small"}),
        ({"page_size": "x"}, {"/page_size": "invalid_number"}),
        ({"cursor": "x"}, {"/cursor": "bad_cursor"}),
        ({"status": "asleep"}, {"/status": "invalid_choice"}),
        ({"unit": "1" * 10}, {"/unit": "too_long"}),
        ({"unit": "a\x00"}, {"/unit": "control_character"}),
        ({"reported_after": "2026-02-30"}, {"/reported": "invalid_date"}),
        ({"x": "1", "status": "asleep"}, {"/x": "unknown_filter", "/status": "invalid_choice"}),
    ],
)
def test_what_a_list_does_not_know_is_refused(operator, query, found):
    response = operator.get(LIST, query)

    assert response.status_code == 400
    assert codes_in(response) == found
    assert "asleep" not in response.content.decode()


def test_a_filter_narrows_the_list(operator, qibao):
    make_grid.reported_issue(qibao)
    accepted = make_grid.issue_in("accepted", qibao, at=make_grid.minutes(-60))

    rows = operator.get(LIST, {"status": "accepted", "unit": qibao.code}).json()["results"]

    assert [row["id"] for row in rows] == [str(accepted.pk)]


def test_a_list_costs_the_same_however_many_rows(operator, qibao, django_assert_num_queries):
    for n in range(4):
        make_grid.reported_issue(qibao, at=make_grid.minutes(n))

    with django_assert_num_queries(3):  # key, postings, rows
        operator.get(LIST)


@pytest.mark.parametrize(
    ("role", "shown"),
    [
        (Role.OPERATOR, {"id", "number", "status", "description"}),
        (Role.LEGAL, {"id", "number", "status"}),
        (Role.SYSADMIN, {"id", "number", "status"}),
    ],
)
def test_a_projection_leaves_out_what_the_reader_may_not_see(qibao, role, shown):
    issue = make_grid.reported_issue(qibao)
    client = by_session(make.officer(qibao, role))

    told = client.get(f"{LIST}{issue.pk}/").json()

    assert told.keys() == shown


# --- moves


def test_moves_tell_what_is_open_to_me_and_why_the_rest_is_closed(qibao):
    issue = make_grid.issue_in("accepted", qibao)
    client = by_session(make_grid.crew(qibao)["shift_leader"])

    told = client.get(f"{LIST}{issue.pk}/moves/").json()

    assert [move["verb"] for move in told["moves"]] == ["file", "void"]
    assert told["moves"][1]["needs"] == ["reason"]
    assert {"verb": "close", "code": "illegal_transition"}.items() <= {
        key: value for closed in told["closed"] if closed["verb"] == "close" for key, value in closed.items()
    }.items()


def test_a_move_answers_the_subject_in_its_new_status(qibao):
    issue = make_grid.reported_issue(qibao)
    client = by_session(make_grid.crew(qibao)["operator"])

    response = client.post(f"{LIST}{issue.pk}/moves/", {"verb": "accept"})

    assert (response.status_code, response.json()["status"]) == (200, "accepted")


@pytest.mark.parametrize(
    ("role", "sent", "status", "code", "pointer"),
    [
        ("inspector", {"verb": "accept"}, 403, "not_your_move", "/verb"),
        ("operator", {"verb": "close"}, 403, "not_your_move", "/verb"),
        ("operator", {"verb": "ask_verification"}, 409, "illegal_transition", ""),
        ("operator", {"verb": "refuse"}, 400, "required", "/reason"),
        ("operator", {"verb": "dance"}, 400, "unknown_verb", "/verb"),
        ("operator", {"verb": "report"}, 400, "unknown_verb", "/verb"),
        ("operator", {}, 400, "required", "/verb"),
        ("operator", {"verb": "accept", "status": "x"}, 400, "unknown_field", "/status"),
    ],
)
def test_a_refused_move_says_why_and_changes_nothing(qibao, role, sent, status, code, pointer):
    issue = make_grid.reported_issue(qibao)
    client = by_session(make_grid.crew(qibao)[role])

    response = client.post(f"{LIST}{issue.pk}/moves/", sent)

    assert response.status_code == status
    assert codes_in(response) == {pointer: code}
    assert Entry.objects.count() == 1


def test_a_refused_move_names_what_is_open_instead(qibao):
    issue = make_grid.reported_issue(qibao)
    client = by_session(make_grid.crew(qibao)["operator"])

    response = client.post(f"{LIST}{issue.pk}/moves/", {"verb": "ask_verification"})

    assert response.json()["open"] == ["accept", "refuse", "ask_confirmation"]


@pytest.mark.parametrize("verb", ["verify", "close", "approve", "review", "decide", "grant", "decide_extension"])
def test_a_partner_key_never_decides(qibao, verb):
    client = by_partner()
    issue = make_grid.reported_issue(qibao)
    Issue.objects.filter(pk=issue.pk).update(handled_by=make.organisation("partner"))

    response = client.post(f"{LIST}{issue.pk}/moves/", {"verb": verb}, headers={"Idempotency-Key": "k"})

    assert (response.status_code, response.json()["code"]) == (403, "not_your_move")


def test_a_stale_version_is_refused_with_the_present_one(qibao):
    issue = make_grid.reported_issue(qibao)
    client = by_session(make_grid.crew(qibao)["operator"])
    address = f"{LIST}{issue.pk}/"
    read = client.get(address)["ETag"]
    move_issue(issue, "accept", by=make_grid.crew(qibao)["operator"], at=make_grid.minutes(1))

    response = client.post(f"{address}moves/", {"verb": "accept"}, headers={"If-Match": read})

    assert (response.status_code, response.json()["code"]) == (412, "version_stale")
    assert response.json()["current"] == response["ETag"] == client.get(address)["ETag"]


def test_the_present_version_lets_a_move_through(qibao):
    issue = make_grid.reported_issue(qibao)
    client = by_session(make_grid.crew(qibao)["operator"])
    read = client.get(f"{LIST}{issue.pk}/")["ETag"]

    response = client.post(f"{LIST}{issue.pk}/moves/", {"verb": "accept"}, headers={"If-Match": f'"x", {read}'})

    assert response.status_code == 200


def test_a_timeline_tells_the_trail_in_order_and_in_the_readers_projection(qibao):
    issue = make_grid.reported_issue(qibao)
    crew = make_grid.crew(qibao)
    move_issue(
        issue, "refuse", by=crew["operator"], at=make_grid.minutes(1), note="电话 13812345678", reason="duplicate"
    )
    address = f"{LIST}{issue.pk}/timeline/"

    full = by_session(crew["operator"]).get(address).json()["results"]
    without_persons = by_session(make.officer(qibao, Role.LEGAL)).get(address).json()["results"]
    metadata = by_session(make.officer(qibao, Role.SYSADMIN)).get(address).json()["results"]

    assert [line["verb"] for line in full] == ["report", "refuse"]
    assert full[1]["note"] == "电话 13812345678"
    assert full[1]["by"] == "qibao-operator"
    assert not {"note", "by"} & without_persons[1].keys()
    assert metadata[1].keys() == {"seq", "verb", "source", "target", "at", "recorded_at", "hash"}


# --- once


def test_the_same_key_and_body_get_the_same_answer_and_one_row(operator, qibao):
    sent, headers = report(qibao), {"Idempotency-Key": "a-1"}

    first = operator.post(LIST, sent, headers=headers)
    again = operator.post(LIST, dict(reversed(sent.items())), headers=headers)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert (again["Location"], again["ETag"]) == (first["Location"], first["ETag"])
    assert again["Idempotent-Replayed"] == "true"
    assert not first.has_header("Idempotent-Replayed")
    assert Issue.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(operator, qibao):
    headers = {"Idempotency-Key": "a-1"}
    operator.post(LIST, report(qibao), headers=headers)

    response = operator.post(LIST, report(qibao, description="别的"), headers=headers)

    assert (response.status_code, response.json()["code"]) == (422, "key_reused")
    assert Issue.objects.count() == 1


def test_the_key_of_another_caller_is_another_key(operator, qibao):
    headers = {"Idempotency-Key": "a-1"}
    operator.post(LIST, report(qibao), headers=headers)
    other = by_key(make.officer(qibao, Role.OPERATOR))

    response = other.post(LIST, report(qibao, description="另一处"), headers=headers)

    assert response.status_code == 201
    assert Issue.objects.count() == 2


def test_a_refused_creation_keeps_no_answer_so_that_it_may_be_mended(operator, qibao):
    headers = {"Idempotency-Key": "a-1"}

    wrong = operator.post(LIST, report(qibao, type="Z9"), headers=headers)
    mended = operator.post(LIST, report(qibao), headers=headers)

    assert wrong.status_code == 400
    assert mended.status_code == 201


def test_a_crash_after_the_effect_leaves_neither_effect_nor_answer(operator, qibao):
    operator.raise_request_exception = False
    with mock.patch("bureau.desk.api.idempotency.IdempotencyRecord.save", side_effect=MemoryError):
        crashed = operator.post(LIST, report(qibao), headers={"Idempotency-Key": "a-1"})

    assert crashed.status_code == 500
    assert not Issue.objects.exists()
    assert not IdempotencyRecord.objects.exists()


@pytest.mark.parametrize("key", ["a b", "é", "x" * 201])
def test_a_key_that_is_none_is_refused(operator, qibao, key):
    response = operator.post(LIST, report(qibao), HTTP_IDEMPOTENCY_KEY=key)

    assert codes_in(response) == {"/Idempotency-Key": "invalid"}


def test_a_partner_must_send_a_key_with_a_creation(qibao):
    response = by_partner().post(LIST, report(qibao))

    assert (response.status_code, codes_in(response)) == (400, {"/Idempotency-Key": "required"})


def test_repeating_safely_costs_three_queries_more(operator, qibao, django_assert_num_queries):
    operator.post(LIST, report(qibao))

    def queries(**headers):
        with (
            mock.patch("django.utils.timezone.now", return_value=make_grid.MONDAY),
            connection.execute_wrapper(counter),
        ):
            counter.seen = 0
            response = operator.post(LIST, report(qibao, description=f"路口 {headers}"), headers=headers)
            assert response.status_code == 201, response.json()
        return counter.seen

    def counter(execute, sql, params, many, context):
        counter.seen += "SAVEPOINT" not in sql
        return execute(sql, params, many, context)

    assert queries(**{"Idempotency-Key": "k"}) - queries() == 3


@pytest.mark.django_db(transaction=True)
def test_a_key_in_flight_is_answered_409_at_once(operator, qibao):
    owner = f"officer:{operator.get('/api/v1/me/').json()['id']}"
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                claim(owner, "a-1")
                held.set()
                done.wait(10)
        finally:
            connection.close()

    other = threading.Thread(target=hold)
    other.start()
    held.wait(10)
    response = operator.post(LIST, report(qibao), headers={"Idempotency-Key": "a-1"})
    done.set()
    other.join()

    assert (response.status_code, response.json()["code"]) == (409, "in_flight")
    assert response["Retry-After"] == "1"
    assert not Issue.objects.exists()


def test_answers_are_kept_for_days_and_then_forgotten(operator, qibao):
    operator.post(LIST, report(qibao), headers={"Idempotency-Key": "a-1"})
    made = IdempotencyRecord.objects.get()

    assert forget_answers(at=made.created_at + timedelta(hours=24)) == 0
    assert forget_answers(at=made.created_at + timedelta(days=4)) == 1
