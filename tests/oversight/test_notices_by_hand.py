"""Notices by hand: drafted with a reason and a deadline, numbered when the bureau issues them, served on paper too."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from bureau.desk.models import Document, Entry, Notice, NumberSeries
from bureau.desk.refusal import BadValue, IllegalTransition, LawRefused, NotYourMove, SodConflict
from bureau.models import Organisation, Role
from grid.models import Issue
from oversight.actions import acknowledge_paper, draft_paper, move_draft, move_paper, reply_to_paper
from oversight.models import Paper, PaperDraft
from tests.make import bureau, grid
from tests.make import oversight as make

pytestmark = pytest.mark.django_db
at = bureau.shanghai
ISSUED = at("2026-06-22 15:30")


@pytest.fixture(autouse=True)
def _calendar() -> None:
    make.real_calendar()


def person(role: Role, name: str):
    return make.seat(None, role, name)


def supervisor():
    return person(Role.SUPERVISION, "supervisor")


def deputy():
    return person(Role.DEPUTY, "deputy")


def green_issue() -> Issue:
    unit = bureau.unit()
    make.seats(unit)
    return make.reported_at(grid.MONDAY, unit)


def test_a_draft_has_no_number_and_the_unit_sees_nothing_of_it(client):
    draft = make.drafted()
    client.force_login(make.seat(draft.unit, Role.SQUAD_LEADER, f"{draft.unit.slug}-leader"))

    assert not NumberSeries.objects.filter(kind="supervision").exists()
    assert client.get(draft.get_absolute_url()).status_code == 404
    assert client.get("/notices/drafts/").status_code == 404
    assert Entry.objects.about(draft.subject).filter(verb="issue_paper").count() == 0


def test_issuing_draws_the_next_number_of_the_same_series_as_the_ladder():
    paper = make.issued_by_hand(kind="urging")

    ladders = Paper.objects.get(rung__isnull=False)
    assert ladders.number == "闵城管催〔2026〕1号"
    assert paper.number == "闵城管催〔2026〕2号"


def test_an_issue_that_is_undone_gives_its_number_back():
    draft = make.drafted()

    with transaction.atomic():
        move_draft(draft, "issue", by=deputy(), at=ISSUED)
        transaction.set_rollback(True)
    draft.refresh_from_db()
    paper = move_draft(draft, "issue", by=deputy(), at=ISSUED).paper

    assert paper.number == "闵城管督〔2026〕1号"


def test_an_issued_notice_says_its_reason_and_deadline_and_is_served_in_the_portal():
    paper = make.issued_by_hand()

    told = set(Notice.objects.filter(kind="paper_issue").values_list("to_organisation__kind", "to_role"))
    assert paper.facts["reason"] == "群众多次反映。"
    assert (paper.rectify_by, paper.issued_at, paper.status) == (make.PUT_RIGHT, ISSUED, "issued")
    assert paper.to_organisation.kind == Organisation.Kind.SQUAD
    assert (Organisation.Kind.SQUAD, Role.SQUAD_LEADER) in told
    assert [entry.verb for entry in Entry.objects.about(paper)] == ["issue"]
    assert Entry.objects.about(paper.subject).order_by("-seq").first().verb == "issue_paper"


def test_the_unit_signs_for_it_and_answers_it_like_any_other():
    paper = make.issued_by_hand()
    leader = make.seat(paper.unit, Role.SQUAD_LEADER, f"{paper.unit.slug}-leader")

    acknowledge_paper(paper, by=leader, at=at("2026-06-22 16:00"))
    reply_to_paper(paper, "已处置。", by=leader, at=at("2026-06-22 16:10"))

    assert paper.status == Paper.Status.ANSWERED


def test_the_centre_drafts_and_the_bureau_issues():
    shift = person(Role.SHIFT_LEADER, "shift")
    draft = make.drafted(by=shift)

    with pytest.raises(NotYourMove):
        move_draft(draft, "issue", by=shift, at=ISSUED)

    assert move_draft(draft, "issue", by=supervisor(), at=ISSUED).paper is not None


def test_a_units_desk_drafts_urging_notices_only_and_never_signs_for_its_own():
    issue = make.red_issue()
    desk = make.seat(issue.unit, Role.UNIT_DESK, f"{issue.unit.slug}-desk")
    asked = {"words": "请催办。", "rectify_by": make.PUT_RIGHT, "by": desk, "at": make.DRAFTED}

    with pytest.raises(BadValue) as refused:
        draft_paper(issue, "supervision", **asked)
    paper = move_draft(draft_paper(issue, "urging", **asked), "issue", by=deputy(), at=ISSUED).paper

    assert refused.value.pointer == "/kind"
    with pytest.raises(SodConflict):
        acknowledge_paper(paper, by=desk, at=at("2026-06-22 16:00"))


def test_what_is_not_red_is_urged_by_decision_of_the_bureau_alone():
    issue = green_issue()
    asked = {"words": "区领导批示。", "rectify_by": make.PUT_RIGHT, "at": make.DRAFTED}

    with pytest.raises(LawRefused) as refused:
        draft_paper(issue, "urging", by=person(Role.SHIFT_LEADER, "shift"), **asked)
    draft = draft_paper(issue, "urging", by=supervisor(), **asked)
    paper = move_draft(draft, "issue", by=supervisor(), at=ISSUED).paper

    assert refused.value.code == "not_red"
    assert (paper.red_at, paper.clock) == (None, None)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"words": "  "}, "/words"),
        ({"rectify_by": make.DRAFTED}, "/rectify_by"),
        ({"rectify_by": make.DRAFTED + timedelta(days=61)}, "/rectify_by"),
        ({"kind": "letter"}, "/kind"),
    ],
)
def test_a_draft_that_lacks_its_reason_or_deadline_is_refused_by_its_field(change, pointer):
    issue = make.red_issue()
    asked = {"kind": "urging", "words": "x", "rectify_by": make.PUT_RIGHT, "by": supervisor(), "at": make.DRAFTED}

    with pytest.raises(BadValue) as refused:
        draft_paper(issue, **{**asked, **change})

    assert refused.value.pointer == pointer
    assert not PaperDraft.objects.exists()


def test_one_notice_of_a_kind_is_drafted_at_a_time():
    draft = make.drafted()

    with pytest.raises(IllegalTransition) as refused:
        draft_paper(
            draft.subject, "supervision", words="x", rectify_by=make.PUT_RIGHT, by=supervisor(), at=make.DRAFTED
        )

    assert refused.value.code == "already_drafted"


def test_a_draft_is_amended_and_discarded_without_a_number():
    draft = make.drafted()
    later = make.PUT_RIGHT + timedelta(days=1)

    move_draft(draft, "amend", by=supervisor(), at=ISSUED, words="补充理由。", rectify_by=later)
    move_draft(draft, "discard", by=supervisor(), at=ISSUED)

    draft.refresh_from_db()
    assert (draft.words, draft.rectify_by, draft.status, draft.paper) == ("补充理由。", later, "discarded", None)
    assert not NumberSeries.objects.filter(kind="supervision").exists()


def test_what_was_handled_since_is_not_issued():
    draft = make.drafted()
    type(draft.clock).objects.filter(pk=draft.clock_id).update(met_at=ISSUED, met_light="red", next_rung_at=None)

    with pytest.raises(IllegalTransition) as refused:
        move_draft(draft, "issue", by=deputy(), at=ISSUED)

    assert refused.value.code == "already_handled"


def test_an_issued_draft_is_never_changed_in_sql():
    make.issued_by_hand()

    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        PaperDraft.objects.update(words="x")


# service on paper


def served(paper: Paper, **change):
    facts = {"receiver": "王建国", "served_at": at("2026-06-22 16:00"), **change}
    return move_paper(paper, "serve_on_paper", by=supervisor(), at=at("2026-06-22 17:00"), **facts)


def test_service_on_paper_keeps_receiver_server_time_and_scan():
    paper = make.issued_by_hand()

    served(paper, served_by="deputy", files=[grid.photo()])

    scan = Document.objects.get(kind=Document.Kind.SCAN)
    assert (paper.status, paper.receiver_name, paper.served_by) == ("received", "王建国", deputy())
    assert paper.received_at == at("2026-06-22 16:00")
    assert (scan.subject_id, scan.by) == (paper.pk, supervisor())


def test_without_a_server_whoever_records_it_brought_it():
    paper = make.issued_by_hand()

    assert served(paper).served_by == supervisor()


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"served_at": at("2026-06-22 15:00")}, "/served_at"),
        ({"served_at": at("2026-06-22 17:01")}, "/served_at"),
        ({"receiver": " "}, "/receiver"),
        ({"served_by": "nobody"}, "/served_by"),
        ({"served_by": "shift"}, "/served_by"),
    ],
)
def test_a_service_that_cannot_have_been_is_refused_by_its_field(change, pointer):
    paper = make.issued_by_hand()

    with pytest.raises(BadValue) as refused:
        served(paper, **change)

    paper.refresh_from_db()
    assert refused.value.pointer == pointer
    assert paper.received_at is None


def test_a_service_on_paper_stands_as_it_was_recorded():
    paper = make.issued_by_hand()
    served(paper)

    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Paper.objects.filter(pk=paper.pk).update(receiver_name="李四")


def test_the_unit_answers_what_was_served_on_paper():
    paper = make.issued_by_hand()
    served(paper)

    leader = make.seat(paper.unit, Role.SQUAD_LEADER, f"{paper.unit.slug}-leader")
    reply_to_paper(paper, "已处置。", by=leader, at=at("2026-06-22 17:30"))

    assert paper.status == Paper.Status.ANSWERED


# pages and API


def test_from_the_page_of_a_red_issue_to_the_issued_notice(client, settings):
    issue = make.red_issue()
    client.force_login(supervisor())

    shown = client.get(issue.get_absolute_url()).content.decode()
    address = f"/notices/drafts/new/?noun=grid.issue&id={issue.pk}"
    client.get(address)
    ahead = grid.MONDAY.replace(year=2099)
    refused = client.post(address, {"kind": "urging", "words": "x", "rectify_by": f"{ahead:%Y-%m-%dT%H:%M}"})

    assert address.replace("&", "&amp;") in shown
    assert refused.status_code == 400
    assert "invalid_date" in refused.content.decode()


def test_a_draft_is_issued_on_its_page_only_after_a_look(client):
    draft = make.drafted()
    PaperDraft.objects.filter(pk=draft.pk).update(rectify_by=timezone.now() + timedelta(days=1))
    client.force_login(deputy())

    unsure = client.post(f"{draft.get_absolute_url()}moves/", {"verb": "issue"})
    done = client.post(f"{draft.get_absolute_url()}moves/", {"verb": "issue", "sure": "on"})

    draft.refresh_from_db()
    assert unsure.status_code == 400
    assert done["Location"] == draft.paper.get_absolute_url()
    assert draft.paper.number.endswith("〕1号")


def test_a_draft_about_what_one_may_not_see_or_not_urge_is_not_found(client):
    issue = make.red_issue()
    client.force_login(make.seat(issue.unit, Role.SQUAD_LEADER, f"{issue.unit.slug}-leader"))

    assert client.get(f"/notices/drafts/new/?noun=grid.issue&id={issue.pk}").status_code == 404
    assert client.get("/notices/drafts/new/?noun=bureau.officer&id=1").status_code == 404


def test_the_page_records_service_on_paper(client):
    paper = make.issued_by_hand()
    client.force_login(supervisor())
    url = paper.get_absolute_url()

    answer = client.post(
        f"{url}moves/",
        {"verb": "serve_on_paper", "receiver": "王建国", "served_at": "2026-06-22T16:00", "served_by": ""},
    )
    page = client.get(url).content.decode()

    assert answer.status_code == 302
    assert "王建国" in page
    assert "纸质送达" in page


def test_the_list_of_drafts_asks_a_fixed_number_of_questions(client, django_assert_max_num_queries):
    draft = make.drafted()
    client.force_login(supervisor())
    client.get("/notices/drafts/")

    with django_assert_max_num_queries(12):
        page = client.get("/notices/drafts/")

    assert [one.pk for one, _card in page.context["rows"]] == [draft.pk]


def test_the_api_drafts_amends_and_serves(client):
    issue = make.red_issue()
    client.force_login(supervisor())
    body = {"noun": "grid.issue", "subject": str(issue.pk), "kind": "supervision", "words": "x"}
    sent = {"content_type": "application/json"}

    late = client.post("/api/v1/notices/drafts/", {**body, "rectify_by": "2026-06-22T10:00:00+08:00"}, **sent)
    unknown = client.post(
        "/api/v1/notices/drafts/", {**body, "rectify_by": "2099-06-22T10:00:00+08:00", "number": "7"}, **sent
    )
    paper = make.issued_by_hand(bureau.unit("meilong"))
    served_now = client.post(
        f"/api/v1/notices/{paper.pk}/moves/",
        {"verb": "serve_on_paper", "receiver": "王建国", "served_at": "2026-06-22T16:00:00+08:00"}, **sent,
    ).json()  # fmt: skip

    assert (late.status_code, late.json()["code"]) == (400, "invalid_date")
    assert (unknown.status_code, unknown.json()["code"]) == (400, "unknown_field")
    assert (served_now["receiver_name"], served_now["served_by"]) == ("王建国", "supervisor")
