"""What district supervision said on sealed paper is entered by one person, confirmed by another, and marked so."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction
from django.db.utils import DatabaseError, IntegrityError

from bureau.desk.models import Clock, Document, Entry, Notice
from bureau.desk.refusal import BadValue, IllegalTransition, NotYourMove, Refusal, Several, SodConflict
from bureau.models import Role
from oversight.actions import (
    confirm_sealed_answer,
    enter_sealed_answer,
    move_referral,
    reject_sealed_answer,
    tell_unreceived,
)
from oversight.models import ReferralCandidate, SealedAnswer
from oversight.workflow import BY_PAPER, REFERRAL_FLOW
from tests.make import bureau, grid
from tests.make import oversight as make

pytestmark = pytest.mark.django_db
AT = bureau.shanghai("2026-06-24 10:00")
LATER = bureau.shanghai("2026-06-24 11:00")
PAPER = {"number": "闵监函〔2026〕7号", "on": date(2026, 6, 24)}


@pytest.fixture
def referral(db):
    make.real_calendar()
    return make.handed_over()


def supervisor():
    return make.seat(None, Role.SUPERVISION, "supervisor")


def deputy():
    return make.seat(None, Role.DEPUTY, "deputy")


def district():
    return make.seat(None, Role.DISTRICT_SUPERVISION, "district")


def entered(referral, verb="receive", *, by=None, at=AT, **said):
    given = {**PAPER, "scan": grid.photo(name="scan.jpg"), **said}
    return enter_sealed_answer(referral, verb, by=by or supervisor(), at=at, **given)


def confirmed(referral, verb="receive", at=LATER, **said):
    answer = entered(referral, verb, at=at, **said)
    return confirm_sealed_answer(referral, digest=answer.digest, by=deputy(), at=at)


def test_nothing_follows_from_an_entry_before_its_second_person(referral):
    answer = entered(referral)

    referral.refresh_from_db()
    assert (referral.status, referral.received_at, answer.verdict) == ("handed_over", None, "")
    assert Clock.objects.about(referral).running().get().kind == "sealed_answer"
    assert Notice.objects.filter(kind="referral_sealed_answer", to_role=Role.DEPUTY).exists()


def test_a_second_person_makes_it_a_receipt_marked_as_entered_from_paper(referral):
    one = confirmed(referral)

    assert (one.status, one.received_by, one.received_at) == ("received", None, LATER)
    assert one.is_received_on_paper
    assert [entry.verb for entry in Entry.objects.about(one).order_by("-seq")[:3]] == [
        "confirm_sealed_answer", "receive_by_paper", "enter_sealed_answer",
    ]  # fmt: skip
    assert Entry.objects.about(one.subject).latest("seq").verb == "receive_referral_by_paper"
    assert tell_unreceived(at=bureau.shanghai("2026-06-30 10:00")) == 0


def test_district_supervision_is_told_of_every_paper_entered_in_its_name(referral):
    confirmed(referral)

    assert Notice.objects.filter(kind="referral_from_paper", to_role=Role.DISTRICT_SUPERVISION).exists()


def test_who_entered_it_never_confirms_it(referral):
    answer = entered(referral)

    with pytest.raises(SodConflict):
        confirm_sealed_answer(referral, digest=answer.digest, by=supervisor(), at=LATER)
    with pytest.raises(DatabaseError), transaction.atomic():
        SealedAnswer.objects.filter(pk=answer.pk).update(verdict="confirmed", judged_by=supervisor(), judged_at=AT)


def test_the_second_person_signs_exactly_what_was_entered_within_24_hours(referral):
    answer = entered(referral)

    with pytest.raises(IllegalTransition) as other:
        confirm_sealed_answer(referral, digest="0" * 64, by=deputy(), at=LATER)
    with pytest.raises(IllegalTransition) as late:
        confirm_sealed_answer(referral, digest=answer.digest, by=deputy(), at=bureau.shanghai("2026-06-25 10:00:01"))

    assert (other.value.code, late.value.code) == ("proposal_changed", "approval_lapsed")


def test_a_rejected_entry_stays_on_record_and_may_be_entered_anew(referral):
    entered(referral)

    reject_sealed_answer(referral, reason="文号有误。", by=deputy(), at=LATER)

    entered(referral, at=LATER, number="闵监函〔2026〕8号")
    assert [answer.verdict for answer in referral.sealed_answers.all()] == ["rejected", ""]
    assert ReferralCandidate.objects.get(pk=referral.pk).status == "handed_over"


def test_a_correction_ordered_on_paper_gives_the_unit_its_clock(referral):
    confirmed(referral)

    one = confirmed(referral, "order_correction", words="限期整改。", days="3")

    assert (one.status, one.outcome_words, one.correction_days) == ("correcting", "限期整改。", 3)
    assert one.is_outcome_on_paper
    assert Clock.objects.about(one).running().get().owed_by == one.owed_by
    assert Notice.objects.filter(kind="referral_order_correction_by_paper", to_role=Role.SQUAD_LEADER).exists()


def test_a_confirmed_and_a_rejected_correction_may_come_on_paper_too(referral):
    leader = make.seat(referral.unit, Role.SQUAD_LEADER, "qibao-leader")
    confirmed(referral)
    confirmed(referral, "order_correction", words="限期整改。", days="3")
    move_referral(referral, "report_correction", by=leader, at=LATER, note="已整改。")
    confirmed(referral, "reject_correction", words="不到位。")
    move_referral(referral, "report_correction", by=leader, at=LATER, note="再次整改。")

    one = confirmed(referral, "confirm_correction")

    assert one.status == "closed"


def test_one_entry_waits_at_a_time(referral):
    entered(referral)

    with pytest.raises(IllegalTransition) as refused:
        entered(referral)

    assert refused.value.code == "entry_waits"
    with pytest.raises(IntegrityError), transaction.atomic():
        SealedAnswer.objects.create(
            referral=referral, verb="receive", scan=Document.objects.last(), entered_by=deputy(), entered_at=AT, **PAPER
        )


@pytest.mark.parametrize(
    ("said", "pointers"),
    [
        ({"number": " "}, ["/number"]),
        ({"on": None, "scan": None}, ["/on", "/scan"]),
        ({"on": date(2026, 6, 22)}, ["/on"]),
        ({"on": date(2026, 6, 25)}, ["/on"]),
        ({"verb": "approve"}, ["/verb"]),
        ({"verb": "close", "words": ""}, ["/words"]),
        ({"verb": "order_correction", "words": "整改", "days": "0"}, ["/days"]),
        ({"scan": grid.not_a_photo()}, ["/file"]),
    ],
)
def test_what_is_missing_or_wrong_is_named_and_nothing_is_kept(referral, said, pointers):
    if said.get("verb") in ("close", "order_correction"):
        move_referral(referral, "receive", by=district(), at=AT)
    before = Document.objects.count()

    with pytest.raises((BadValue, Several, Refusal)) as refused:
        entered(referral, **said)

    found = getattr(refused.value, "refusals", [refused.value])
    assert [refusal.pointer for refusal in found] == pointers
    assert (SealedAnswer.objects.count(), Document.objects.count()) == (0, before)


def test_what_does_not_lead_on_from_here_is_not_entered(referral):
    with pytest.raises(IllegalTransition):
        entered(referral, "close", words="已办结。")


@pytest.mark.parametrize("role", [Role.SQUAD_LEADER, Role.SHIFT_LEADER, Role.DISTRICT_SUPERVISION, Role.AUDITOR])
def test_nobody_outside_the_bureaus_inspectorate_and_leaders_enters(referral, role):
    person = bureau.officer(referral.unit, role)

    with pytest.raises(NotYourMove):
        entered(referral, by=person)


def test_nobody_is_offered_a_move_by_paper_and_no_door_makes_it(referral):
    offered = {found.move.verb for found in REFERRAL_FLOW.open_to(referral, supervisor())}

    assert offered.isdisjoint(BY_PAPER.values())
    with pytest.raises(BadValue):
        move_referral(referral, "receive_by_paper", by=supervisor(), at=AT, paper="x")


def test_an_answer_stands_as_it_was_entered_and_judged_in_sql(referral):
    confirmed(referral)
    answer = referral.sealed_answers.get()

    for change in ({"words": "x"}, {"number": "x"}, {"reason": "x"}, {"verdict": "rejected"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            SealedAnswer.objects.filter(pk=answer.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        answer.delete()


def test_both_persons_do_it_on_the_page_and_it_says_entered_from_paper(referral, client):
    url = referral.get_absolute_url()
    client.force_login(supervisor())
    said = {"says": "receive", "number": PAPER["number"], "on": "2026-06-24", "scan": grid.photo()}
    empty = client.post(f"{url}from-paper/", {"says": "receive"})
    client.post(f"{url}from-paper/", said)
    mine = client.get(url)
    client.force_login(deputy())
    shown = client.get(url)
    answer = SealedAnswer.objects.get()
    client.post(f"{url}from-paper/confirm/", {"digest": answer.digest})
    client.force_login(district())

    page = client.get(url).content.decode()

    assert empty.status_code == 400
    assert [move.verb for move in mine.context["moves"] if "paper" in move.url] == []
    assert [move.verb for move in shown.context["moves"] if "paper" in move.url] == ["reject", "confirm"]
    assert client.get(answer.scan.get_absolute_url()).status_code == 200
    assert "据纸质公文录入" in page
    assert "据纸质公文录入" in client.get("/packages/?year=2026").content.decode()


def test_the_api_enters_and_confirms(referral, client):
    url = f"/api/v1/referrals/{referral.pk}/from-paper/"
    client.force_login(supervisor())
    wrong = client.post(url, {"verb": "receive", "number": "x", "on": "never", "scan": grid.photo(), "more": "x"})
    made = client.post(url, {"verb": "receive", "number": "闵监函1号", "on": "2026-06-24", "scan": grid.photo()})
    client.force_login(deputy())
    digest = made.json()["sealed_answers"][0]["digest"]

    done = client.post(f"{url}verdict/", {"verdict": "confirm", "digest": digest}, content_type="application/json")

    assert {error["pointer"] for error in wrong.json()["errors"]} == {"/on", "/more"}
    assert (made.status_code, done.status_code) == (200, 200)
    assert (done.json()["status"], done.json()["is_received_on_paper"]) == ("received", True)
