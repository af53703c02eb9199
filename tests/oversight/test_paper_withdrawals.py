"""A paper is taken back by two persons: it keeps its number and place, marked wherever it shows."""

from __future__ import annotations

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, IntegrityError, transaction

from bureau.desk.models import Clock, Document, Entry, Imprint, Notice
from bureau.desk.refusal import BadValue, IllegalTransition, NotYourMove, SodConflict
from bureau.models import Role
from oversight.actions import act_on_withdrawal, decide_withdrawal, propose_withdrawal, reply_to_paper
from oversight.models import Paper, PaperWithdrawal
from oversight.printing import pdf_of
from tests.make import bureau
from tests.make import oversight as make
from tests.oversight.test_printing import text_of

pytestmark = pytest.mark.django_db
at = bureau.shanghai
PROPOSED, DECIDED, LATER = at("2026-06-22 15:30"), at("2026-06-22 16:00"), at("2026-06-22 17:00")


@pytest.fixture
def paper(db) -> Paper:
    make.real_calendar()
    return make.answered_paper()


def supervisor():
    return make.seat(None, Role.SUPERVISION, "supervisor")


def deputy():
    return make.seat(None, Role.DEPUTY, "deputy")


def proposed(paper: Paper) -> PaperWithdrawal:
    return propose_withdrawal(paper, words="承办机构登记有误。", by=supervisor(), at=PROPOSED)


def withdrawn(paper: Paper) -> Paper:
    decide_withdrawal(proposed(paper), "grant", by=deputy(), at=DECIDED)
    paper.refresh_from_db()
    return paper


def bytes_of(document: Document) -> bytes:
    with default_storage.open(document.original) as file:
        return file.read()


def test_two_persons_withdraw_it_and_it_keeps_number_answers_and_place(paper):
    number = paper.number

    withdrawn(paper)

    assert (paper.status, paper.number, paper.withdrawn_at) == ("withdrawn", number, DECIDED)
    assert paper.replies.count() == 1
    assert not Clock.objects.about(paper).running().exists()
    assert Paper.objects.visible_to(make.seat(paper.unit, Role.SQUAD_LEADER, "x")).filter(pk=paper.pk).exists()


def test_nobody_approves_the_own_proposal(paper):
    withdrawal = proposed(paper)

    with pytest.raises(SodConflict):
        decide_withdrawal(withdrawal, "grant", by=supervisor(), at=DECIDED)

    paper.refresh_from_db()
    assert paper.status == Paper.Status.ANSWERED


def test_not_even_in_sql(paper):
    withdrawal = proposed(paper)

    with pytest.raises(IntegrityError, match="a_decided_withdrawal_names_a_second_person"), transaction.atomic():
        PaperWithdrawal.objects.filter(pk=withdrawal.pk).update(
            status="granted", decided_by=supervisor(), decided_at=DECIDED
        )


def test_a_proposal_alone_changes_nothing_for_the_unit(paper, client):
    proposed(paper)

    paper.refresh_from_db()
    assert paper.withdrawn_at is None
    assert not Notice.objects.filter(kind="paper_withdraw").exists()


def test_a_refused_withdrawal_leaves_the_paper_and_may_be_proposed_again(paper):
    decide_withdrawal(proposed(paper), "refuse", by=deputy(), at=DECIDED, words="理由不足。")
    again = propose_withdrawal(paper, words="补充理由。", by=supervisor(), at=LATER)

    paper.refresh_from_db()
    assert paper.status == Paper.Status.ANSWERED
    assert [one.status for one in paper.withdrawals.all()] == ["refused", "proposed"]
    assert again.status == "proposed"


def test_a_refusal_says_why(paper):
    with pytest.raises(BadValue) as refused:
        decide_withdrawal(proposed(paper), "refuse", by=deputy(), at=DECIDED)

    assert refused.value.pointer == "/words"


@pytest.mark.parametrize("role", [Role.SHIFT_LEADER, Role.SQUAD_LEADER])
def test_only_the_issuing_body_takes_a_paper_back(paper, role):
    with pytest.raises(NotYourMove):
        propose_withdrawal(paper, words="x", by=bureau.officer(paper.unit, role), at=PROPOSED)


def test_a_withdrawn_paper_is_withdrawn_once_and_answered_no_more(paper):
    leader = make.seat(paper.unit, Role.SQUAD_LEADER, f"{paper.unit.slug}-leader")
    withdrawn(paper)

    with pytest.raises(IllegalTransition) as twice:
        propose_withdrawal(paper, words="x", by=supervisor(), at=LATER)
    with pytest.raises(IllegalTransition) as answered:
        reply_to_paper(paper, "x", by=leader, at=LATER)
    with pytest.raises(IllegalTransition) as nothing:
        act_on_withdrawal(paper, "grant", "", by=deputy(), at=LATER)

    assert (twice.value.code, nothing.value.code) == ("already_withdrawn", "not_proposed")
    assert answered.value.code == "illegal_transition"


def test_it_is_withdrawn_for_good(paper):
    withdrawn(paper)

    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Paper.objects.filter(pk=paper.pk).update(status="accepted", withdrawn_at=None)


def test_the_codes_of_old_and_new_copies_tell_of_the_withdrawal(paper, client):
    pdf_of(paper, at=at("2026-06-22 15:10"))
    before = client.get(f"/verify/{Imprint.objects.get().code}/").content.decode()
    withdrawn(paper)
    pdf_of(paper, at=LATER)

    pages = [client.get(f"/verify/{imprint.code}/").content.decode() for imprint in Imprint.objects.all()]

    assert "已被撤回" not in before
    assert len(pages) == 2
    assert all("已被撤回" in page and paper.number in page for page in pages)
    assert all(paper.facts["place"] not in page for page in pages)


def test_a_reprint_bears_the_mark_and_the_first_copy_stays_on_file(paper):
    first = pdf_of(paper, at=at("2026-06-22 15:10"))
    withdrawn(paper)

    marked, again = pdf_of(paper, at=LATER), pdf_of(paper, at=at("2026-06-23 09:00"))

    first.refresh_from_db()
    assert "撤回" in text_of(bytes_of(marked))
    assert "撤回" not in text_of(bytes_of(first))
    assert again.pk == marked.pk
    assert first.superseded_by_id == marked.pk


def test_page_and_list_mark_it_and_show_both_persons(paper, client):
    withdrawn(paper)
    client.force_login(make.seat(paper.unit, Role.SQUAD_LEADER, f"{paper.unit.slug}-leader"))

    page, listed = client.get(paper.get_absolute_url()).content.decode(), client.get("/notices/").content.decode()

    assert "承办机构登记有误。" in page
    assert str(supervisor()) in page
    assert str(deputy()) in page
    assert "已撤回" in page
    assert "已撤回" in listed


def test_the_unit_is_told_and_both_trails_say_so(paper):
    withdrawn(paper)

    assert Notice.objects.filter(kind="paper_withdraw", to_role=Role.SQUAD_LEADER).exists()
    assert Entry.objects.about(paper).order_by("-seq").first().verb == "withdraw"
    assert Entry.objects.about(paper.subject).order_by("-seq").first().verb == "withdraw_paper"


def test_two_people_do_it_on_the_page(paper, client):
    url = f"{paper.get_absolute_url()}withdrawal/"
    client.force_login(supervisor())
    client.post(url, {"verb": "propose", "words": "登记有误。"})
    own = client.post(url, {"verb": "grant", "sure": "on"})
    client.force_login(deputy())

    unsure = client.post(url, {"verb": "grant"})
    client.post(url, {"verb": "grant", "sure": "on"})

    paper.refresh_from_db()
    assert own.status_code == 403
    assert unsure.status_code == 400
    assert paper.status == Paper.Status.WITHDRAWN


def test_two_people_do_it_in_the_api(paper, client):
    address = f"/api/v1/notices/{paper.pk}/withdrawal/"
    client.force_login(supervisor())
    first = client.post(address, {"verb": "propose", "words": "登记有误。"}, content_type="application/json")
    client.force_login(deputy())

    second = client.post(address, {"verb": "grant"}, content_type="application/json")

    assert first.json()["withdrawals"][0]["status"] == "proposed"
    assert second.json()["status"] == "withdrawn"
    assert second.json()["withdrawals"][0]["decided_by"] == "deputy"
