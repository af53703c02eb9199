"""The pages of the grid: who sees what, what can be done there, and what stays when it is refused."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bureau.desk.models import Document, Entry
from bureau.models import Role
from grid.actions import Caller, move_issue
from grid.models import Issue
from tests.make import bureau
from tests.make import grid as make

pytestmark = pytest.mark.django_db
LIST = "/issues/"


@pytest.fixture(autouse=True)
def _monday_afternoon(monkeypatch):
    """Every page is asked for on Monday at 09:30, when the issues of the morning are at work."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: make.minutes(30))


@pytest.fixture
def qibao():
    return bureau.unit()


@pytest.fixture
def signed_in(client):
    def sign_in(officer):
        client.force_login(officer)
        return client

    return sign_in


def text_of(response) -> str:
    return response.content.decode()


def send(client, issue, verb, **facts):
    return client.post(reverse("grid:move", args=[issue.pk]), {"verb": verb, **facts})


def actor(role, unit=None):
    return make.crew(unit or bureau.unit())[role]


# the list ------------------------------------------------------------------------------------------------------------


def test_a_visitor_is_sent_to_sign_in(client, qibao):
    issue = make.reported_issue(qibao)

    for name in ("detail", "correct", "reporter"):
        assert client.get(reverse(f"grid:{name}", args=[issue.pk])).status_code == 302
    assert client.get(LIST).status_code == client.get("/issues/new/").status_code == 302


def test_the_list_shows_open_issues_with_true_numbers(signed_in, qibao):
    make.closed_issue(qibao)
    late = make.dispatched_issue(qibao)
    stage = make.reported_issue(qibao, at=make.minutes(29))

    page = signed_in(actor("operator")).get(LIST)

    assert [row.issue for row in page.context["rows"]] == [stage, late] or len(page.context["rows"]) == 2
    assert page.context["counts"]["open"] == page.context["page"].total == 2
    assert "260622-0002" in text_of(page)


def test_what_is_due_first_stands_first(signed_in, qibao):
    slow = make.issue_in("handling", qibao, type="C2")
    quick = make.issue_in("handling", qibao, type="C1")

    page = signed_in(actor("operator")).get(LIST)

    assert [row.issue for row in page.context["rows"]] == [quick, slow]


def test_what_is_over_comes_newest_first(signed_in, qibao):
    older, newer = make.closed_issue(qibao), make.closed_issue(qibao, at=make.minutes(0.5))

    page = signed_in(actor("operator")).get(LIST, {"open": "false"})

    assert [row.issue for row in page.context["rows"]] == [newer, older]


def test_nothing_there_and_nothing_that_fits_are_told_apart(signed_in, qibao):
    client = signed_in(actor("operator"))

    assert "clear" not in text_of(client.get(LIST)).lower() or client.get(LIST).context["is_filtered"] is False
    make.reported_issue(qibao)
    none = client.get(LIST, {"light": "red"})
    assert none.context["is_filtered"]
    assert 'href="?"' in text_of(none)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"colour": "red"}, "unknown_filter"),
        ({"ordering": "-type"}, "unknown_ordering"),
        ({"cursor": "x"}, "bad_cursor"),
    ],
)
def test_what_the_list_does_not_know_is_refused_with_its_code(signed_in, qibao, query, code):
    page = signed_in(actor("operator")).get(LIST, query)

    assert page.status_code == 400
    assert page.context["refusal"].code == code


def test_the_list_asks_the_same_number_of_questions_for_one_and_for_many(signed_in, qibao):
    client = signed_in(actor("operator"))
    make.issue_in("handling", qibao)
    client.get(LIST)

    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    for _ in range(5):
        make.issue_in("handling", qibao)
    with CaptureQueriesContext(connection) as many:
        client.get(LIST)

    assert len(many) == len(one)
    assert len(of_the_page(many)) <= 8


FRAME = (
    "django_session",
    '"bureau_officer"."password"',
    '"bureau_posting"',
    '"bureau_notice"',
    "calendarversion",
    "SAVEPOINT",
)


def of_the_page(captured) -> list[str]:
    """Queries less those of sign-in, frame and the calendar's mark, which every page asks."""
    said = [query["sql"] for query in captured]
    return [sql for sql in said if not any(word in sql for word in FRAME)]


# the report ----------------------------------------------------------------------------------------------------------


def said(**changed):
    home = make.point(bureau.unit())
    return {"type": make.issue_type().code, "description": "路口有人设摊", "channel": "patrol", **home, **changed}


def test_a_report_leads_to_its_page_with_the_number_read_back(signed_in, qibao):
    client = signed_in(actor("inspector"))
    client.get("/issues/new/")

    answer = client.post("/issues/new/", said(photos=[make.photo("red"), make.photo("green")]), follow=True)

    issue = Issue.objects.get()
    assert answer.redirect_chain == [(f"{issue.get_absolute_url()}?reported", 302)]
    assert f'<p class="number">{issue.number}</p>' in text_of(answer)
    assert issue.photos.count() == 2


def test_a_refused_report_keeps_what_was_typed_and_the_photos(signed_in, qibao):
    client = signed_in(actor("inspector"))

    refused = client.post("/issues/new/", said(longitude=121.0, latitude=30.0, photos=[make.photo(name="heap.jpg")]))

    assert refused.status_code == 422
    page = text_of(refused)
    assert "路口有人设摊" in page
    assert "heap.jpg" in page
    assert "longitude" in refused.context["form"].errors
    token = refused.context["form"]["kept"].value()
    client.post("/issues/new/", said(kept=token))
    assert Issue.objects.get().photos.count() == 1


def test_photos_of_another_session_are_not_to_be_had(signed_in, client, qibao):
    first = signed_in(actor("inspector"))
    refused = first.post("/issues/new/", said(description="", photos=[make.photo()]))
    token = refused.context["form"]["kept"].value()
    client.logout()
    client.force_login(actor("operator"))

    client.post("/issues/new/", said(kept=token, channel="hotline"))

    assert Issue.objects.get().photos.count() == 0


def test_a_file_that_is_no_photo_is_named_and_the_others_wait(signed_in, qibao):
    client = signed_in(actor("inspector"))

    refused = client.post("/issues/new/", said(photos=[make.photo(name="good.jpg"), make.not_a_photo()]))

    assert refused.status_code == 422
    assert "shell.jpg" in str(refused.context["form"].errors["photos"])
    assert "good.jpg" in text_of(refused)
    assert not Issue.objects.exists()


def test_only_those_who_take_calls_are_asked_who_called(signed_in, qibao):
    assert "reporter_phone" not in text_of(signed_in(actor("inspector")).get("/issues/new/"))
    assert "reporter_phone" in text_of(signed_in(actor("operator")).get("/issues/new/"))


def test_whoever_takes_nothing_in_has_no_form(signed_in, qibao):
    assert signed_in(bureau.officer(None, Role.LEGAL)).get("/issues/new/").status_code == 403


def test_a_point_answers_its_cell_and_unit(signed_in, qibao):
    make.cell(qibao)

    page = signed_in(actor("inspector")).get("/issues/place/", make.point(qibao))

    assert "310112102000001" in text_of(page)


@pytest.mark.parametrize("point", [{"longitude": "121", "latitude": "30"}, {"longitude": "abc", "latitude": "31"}])
def test_a_point_nowhere_is_told_in_words(signed_in, qibao, point):
    make.cell(qibao)

    page = signed_in(actor("inspector")).get("/issues/place/", point)

    assert page.status_code == 200
    assert "<code>" in text_of(page)


# one issue -----------------------------------------------------------------------------------------------------------


def test_another_units_issue_is_not_there(signed_in, qibao):
    issue = make.dispatched_issue(bureau.unit("meilong"))
    client = signed_in(actor("squad_leader"))

    for name in ("detail", "correct", "reporter"):
        assert client.get(reverse(f"grid:{name}", args=[issue.pk])).status_code == 404
    for name in ("move", "photo"):
        assert client.post(reverse(f"grid:{name}", args=[issue.pk])).status_code == 404


@pytest.mark.parametrize("status", ["reported", "confirming", "accepted", "filed", "dispatched", "handling", "handled",
                                    "verifying", "verified", "closed", "refused", "void"])  # fmt: skip
def test_the_page_of_every_status_opens_for_every_post(signed_in, qibao, status):
    issue = make.issue_in(status, qibao)

    for role in ("operator", "shift_leader", "dispatcher", "inspector", "unit_desk", "squad_leader", "squad_officer"):
        page = signed_in(actor(role)).get(issue.get_absolute_url())

        assert page.status_code == 200
        assert issue.number in text_of(page)


def test_the_page_asks_the_same_number_of_questions_however_long_its_record(signed_in, qibao):
    issue = make.issue_in("handling", qibao)
    client = signed_in(actor("squad_leader"))
    client.get(issue.get_absolute_url())

    with CaptureQueriesContext(connection) as short:
        client.get(issue.get_absolute_url())
    for place in range(3):
        move_issue(issue, "feed_back", by=actor("squad_leader"), at=make.minutes(6 + 3 * place), outcome="fixed",
                   photos=[make.photo(("red", "green", "blue")[place])])  # fmt: skip
        move_issue(issue, "withdraw_feedback", by=actor("squad_leader"), at=make.minutes(7 + 3 * place))
    with CaptureQueriesContext(connection) as long:
        client.get(issue.get_absolute_url())

    assert len(long) == len(short)
    assert len(of_the_page(long)) <= 20


def test_a_move_is_made_from_the_page(signed_in, qibao):
    issue = make.reported_issue(qibao)

    answer = send(signed_in(actor("operator")), issue, "accept")

    issue.refresh_from_db()
    assert (answer.status_code, issue.status) == (302, Issue.Status.ACCEPTED)


def test_the_button_of_a_dispatch_names_the_proposed_squad_and_why(signed_in, qibao):
    issue = make.issue_in("filed", qibao)

    page = signed_in(actor("dispatcher")).get(issue.get_absolute_url())

    first = page.context["offers"].open[0]
    assert str(bureau.squad(qibao)) in first.label
    assert first.hint


def test_another_organisation_is_chosen_with_a_reason_only(signed_in, qibao):
    issue, desk = make.issue_in("filed", qibao), bureau.organisation("sub_centre", qibao)
    client = signed_in(actor("dispatcher"))

    refused = send(client, issue, "dispatch", to=desk.code)
    sent = send(client, issue, "dispatch", to=desk.code, note="由分中心协调")

    issue.refresh_from_db()
    assert (refused.status_code, sent.status_code) == (400, 302)
    assert issue.handled_by == desk


def test_feeding_back_without_a_photo_is_refused_and_keeps_the_words(signed_in, qibao):
    issue = make.issue_in("handling", qibao)

    page = send(signed_in(actor("squad_leader")), issue, "feed_back", outcome="fixed", note="已清理完毕")

    assert page.status_code == 422
    assert "已清理完毕" in text_of(page)
    assert "after_photo_required" in text_of(page)
    assert "photos" in page.context["tried"].form.errors


def test_a_photo_waits_while_the_outcome_is_missing(signed_in, qibao):
    issue = make.issue_in("handling", qibao)
    client = signed_in(actor("squad_leader"))

    refused = send(client, issue, "feed_back", photos=[make.photo(name="clean.jpg")])
    token = refused.context["tried"].form["kept"].value()
    answer = send(client, issue, "feed_back", outcome="fixed", kept=token)

    issue.refresh_from_db()
    assert (refused.status_code, answer.status_code) == (400, 302)
    assert issue.status == Issue.Status.HANDLED
    assert issue.photos.filter(stage="after").count() == 1


@pytest.mark.parametrize(
    ("status", "role", "verb", "code", "http"),
    [
        ("accepted", "operator", "accept", "illegal_transition", 409),
        ("accepted", "squad_leader", "file", "not_your_move", 403),
        ("reported", "operator", "dance", "unknown_verb", 400),
    ],
)
def test_a_refused_move_tells_code_and_reason_on_the_page(signed_in, qibao, status, role, verb, code, http):
    issue = make.issue_in(status, qibao)

    page = send(signed_in(actor(role)), issue, verb, note="我的话")

    assert page.status_code == http
    assert code in text_of(page)


def test_what_cannot_be_undone_is_told_first_on_its_own_page(signed_in, qibao):
    issue = make.reported_issue(qibao)
    client = signed_in(actor("operator"))
    url = reverse("grid:move-page", args=[issue.pk, "refuse"])

    page = client.get(url)
    refused = send(client, issue, "refuse")
    answer = send(client, issue, "refuse", reason="duplicate")

    issue.refresh_from_db()
    assert len(page.context["lines"]) == 3
    assert refused.status_code == 400
    assert "reason" in refused.context["form"].errors
    assert (answer.status_code, issue.status) == (302, Issue.Status.REFUSED)
    assert client.get(url).status_code == 302


def test_photos_are_added_from_the_page_and_a_bad_one_is_named(signed_in, qibao):
    issue = make.reported_issue(qibao)
    client = signed_in(actor("inspector"))
    url = reverse("grid:photo", args=[issue.pk])

    answer = client.post(url, {"stage": "before", "photos": [make.photo("red"), make.photo("green")]})
    refused = client.post(url, {"stage": "before", "photos": [make.not_a_photo()]})

    assert (answer.status_code, refused.status_code) == (302, 422)
    assert issue.photos.count() == 2
    assert "shell.jpg" in text_of(refused)


def test_a_correction_shows_old_and_new(signed_in, qibao):
    issue = make.issue_in("filed", qibao)
    client = signed_in(actor("operator"))
    point = {"longitude": issue.longitude, "latitude": issue.latitude}
    given = {"type": issue.type_id, "address": "七莘路2号", "reason": "门牌写错", **point}

    answer = client.post(reverse("grid:correct", args=[issue.pk]), given)

    page = text_of(client.get(issue.get_absolute_url()))
    assert answer.status_code == 302
    assert re.search(r"七莘路1号</del>.*七莘路2号</ins>", page)


def test_a_wrong_photo_is_superseded_by_the_right_one(signed_in, qibao):
    issue = make.reported_issue(qibao, photos=[make.photo("red")])
    wrong = issue.photos.get()
    point = {"longitude": issue.longitude, "latitude": issue.latitude}
    given = {"type": issue.type_id, "address": issue.address, "reason": "拍错了", "wrong_photo": str(wrong.pk), **point}

    refused = signed_in(actor("operator")).post(reverse("grid:correct", args=[issue.pk]), given)
    answer = signed_in(actor("operator")).post(
        reverse("grid:correct", args=[issue.pk]), {**given, "photos": make.photo("green")}
    )

    assert (refused.status_code, answer.status_code) == (400, 302)
    assert Document.objects.get(pk=wrong.pk).superseded_by == issue.photos.get()


def test_a_correction_of_nothing_is_refused(signed_in, qibao):
    issue = make.reported_issue(qibao)
    given = {"type": issue.type_id, "address": issue.address, "reason": "看看", "longitude": issue.longitude,
             "latitude": issue.latitude}  # fmt: skip

    page = signed_in(actor("operator")).post(reverse("grid:correct", args=[issue.pk]), given)

    assert page.status_code == 400
    assert "nothing_changed" in text_of(page)


# personal data -------------------------------------------------------------------------------------------------------


CANARY = Caller("金丝雀", "13900000001")


def test_a_contact_is_shown_for_a_purpose_only_and_the_record_says_so(signed_in, qibao):
    operator = actor("operator")
    issue = make.reported_issue(qibao, by=operator, channel="hotline", reporter=CANARY)
    client, url = signed_in(operator), reverse("grid:reporter", args=[issue.pk])

    before = text_of(client.get(issue.get_absolute_url())) + text_of(client.get(url))
    refused = client.post(url, {})
    shown = client.post(url, {"purpose": "call_back"})

    assert "金丝雀" not in before
    assert url in before
    assert (refused.status_code, shown.status_code) == (400, 200)
    assert "13900000001" in text_of(shown)
    assert "no-store" in shown["Cache-Control"]
    assert Entry.objects.about(issue).filter(verb="reveal_reporter", facts={"purpose": "call_back"}).exists()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.LEGAL, Role.SYSADMIN])
def test_some_posts_never_learn_that_there_is_a_contact(signed_in, qibao, role):
    issue = make.reported_issue(qibao, reporter=CANARY)
    client = signed_in(bureau.officer(None, role))

    assert reverse("grid:reporter", args=[issue.pk]) not in text_of(client.get(issue.get_absolute_url()))
    assert client.get(reverse("grid:reporter", args=[issue.pk])).status_code == 404


def test_an_administrator_sees_neither_words_nor_photos(signed_in, qibao):
    issue = make.reported_issue(qibao, photos=[make.photo()])
    client = signed_in(bureau.officer(None, Role.SYSADMIN))

    page = text_of(client.get(issue.get_absolute_url())) + text_of(client.get(LIST))

    assert issue.number in page
    assert "路口有人设摊" not in page
    assert "七莘路1号" not in page
    assert "/documents/" not in page
