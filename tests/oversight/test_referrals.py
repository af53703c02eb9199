"""Referrals: one of the bureau decides within a working day, a second approves, the district answers (grid.md R8)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import close_old_connections, transaction
from django.db.utils import DatabaseError

from bureau.desk.models import Clock, Entry, Notice
from bureau.desk.refusal import BadValue, IllegalTransition, NotYourMove, Refusal, SodConflict
from bureau.models import Organisation, Role
from oversight import ladder
from oversight.actions import move_referral
from oversight.models import Paper, ReferralCandidate
from tests.make import bureau
from tests.make import oversight as make

pytestmark = pytest.mark.django_db
AT, LATER = make.DECIDED, make.APPROVED
REASON = make.REASON


@pytest.fixture
def candidate(db):
    make.real_calendar()
    return make.candidate()


def supervisor():
    return make.seat(None, Role.SUPERVISION, "supervisor")


def deputy():
    return make.seat(None, Role.DEPUTY, "deputy")


def district():
    return make.seat(None, Role.DISTRICT_SUPERVISION, "district")


def leader():
    return make.seat(bureau.unit(), Role.SQUAD_LEADER, "qibao-leader")


def clocks_of(referral):
    return {clock.kind: clock for clock in Clock.objects.about(referral)}


def test_the_decision_has_a_clock_of_one_working_day_from_the_computed_instant(candidate):
    clock = clocks_of(candidate)["referral_decision"]

    assert (clock.started_at, clock.due_at) == (candidate.reached_at, candidate.decide_by)
    assert (clock.owed_by.kind, clock.owed_role) == (Organisation.Kind.BUREAU, Role.SUPERVISION)
    call_command("verify_trail", stdout=StringIO())


def test_an_undecided_candidate_turns_red_and_the_director_is_told(candidate):
    ladder.climb(at=bureau.shanghai("2026-06-24 14:00:05"))

    told = Notice.objects.filter(kind="stage_urge", subject_id=candidate.pk).values_list("to_role", flat=True)
    assert list(told) == [Role.DIRECTOR]


def test_a_second_person_approves_and_the_letter_gets_its_number(candidate):
    move_referral(candidate, "transfer", by=supervisor(), at=AT, **REASON)

    move_referral(candidate, "approve", by=deputy(), at=LATER, digest=candidate.digest)

    candidate.refresh_from_db()
    assert (candidate.status, candidate.number) == ("handed_over", "闵城管移〔2026〕1号")
    assert (candidate.decided_by, candidate.approved_by) == (supervisor(), deputy())
    assert clocks_of(candidate)["referral_decision"].met_at == AT
    assert Entry.objects.about(candidate.subject).latest("seq").verb == "hand_over"


def test_who_proposed_never_approves_even_with_a_second_posting(candidate):
    both = supervisor()
    move_referral(candidate, "transfer", by=both, at=AT, **REASON)
    bureau.post(both, bureau.organisation(Organisation.Kind.BUREAU), Role.DEPUTY)

    with pytest.raises(SodConflict):
        move_referral(candidate, "approve", by=both, at=LATER, digest=candidate.digest)

    with pytest.raises(DatabaseError), transaction.atomic():
        ReferralCandidate.objects.filter(pk=candidate.pk).update(approved_by=both)


def test_nobody_of_the_unit_concerned_decides(candidate):
    both = leader()
    bureau.post(both, bureau.organisation(Organisation.Kind.BUREAU), Role.SUPERVISION)

    with pytest.raises(SodConflict):
        move_referral(candidate, "explained", by=both, at=AT, **REASON)


def test_the_second_person_signs_exactly_what_the_first_one_signed(candidate):
    move_referral(candidate, "transfer", by=supervisor(), at=AT, **REASON)
    clock = candidate.clock
    clock.met_at, clock.met_light, clock.next_rung_at = AT, "red", None
    clock.save()

    with pytest.raises(IllegalTransition) as changed:
        move_referral(candidate, "approve", by=deputy(), at=LATER, digest=candidate.digest)
    with pytest.raises(IllegalTransition) as other:
        move_referral(candidate, "approve", by=deputy(), at=LATER, digest="0" * 64)

    assert changed.value.code == other.value.code == "proposal_changed"
    assert not ReferralCandidate.objects.exclude(number=None).exists()


def test_what_is_sent_back_is_decided_anew_and_takes_no_number(candidate):
    move_referral(candidate, "transfer", by=supervisor(), at=AT, **REASON)

    move_referral(candidate, "send_back", by=deputy(), at=LATER, note="请补充现场照片。")

    candidate.refresh_from_db()
    clock = clocks_of(candidate)["referral_decision"]
    assert (candidate.status, candidate.number, clock.met_at) == ("candidate", None, None)
    assert clock.due_at == bureau.shanghai("2026-06-24 15:00")


def test_one_more_order_opens_a_new_round_that_climbs_to_a_new_candidate(candidate):
    move_referral(candidate, "one_more_order", by=supervisor(), at=AT, **REASON)

    ladder.climb(at=bureau.shanghai("2026-06-24 18:00"))

    clock = Clock.objects.get(pk=candidate.rung.clock_id)
    found = Paper.objects.filter(kind="supervision").order_by("issued_at")
    assert clock.round == 1
    assert clock.supervise_at == bureau.shanghai("2026-06-24 10:00")
    assert clock.refer_at == bureau.shanghai("2026-06-24 15:00")
    assert [paper.rung.round for paper in found] == [0, 1]
    assert ReferralCandidate.objects.filter(rung__round=1).count() == 1


def test_what_was_handled_since_is_not_ordered_once_more(candidate):
    Clock.objects.filter(pk=candidate.rung.clock_id).update(met_at=AT, met_light="red", next_rung_at=None)
    candidate = ReferralCandidate.objects.get(pk=candidate.pk)

    with pytest.raises(IllegalTransition) as refused:
        move_referral(candidate, "one_more_order", by=supervisor(), at=AT, **REASON)

    assert refused.value.code == "already_handled"


@pytest.mark.parametrize(
    ("facts", "pointer"), [({"reason": "sloth", "words": "慢"}, "/reason"), ({"reason": "other"}, "/words")]
)
def test_a_decision_needs_a_reason_of_the_list_and_words(candidate, facts, pointer):
    with pytest.raises(BadValue) as refused:
        move_referral(candidate, "explained", by=supervisor(), at=AT, **facts)

    assert refused.value.pointer == pointer


def test_the_district_finds_a_referral_when_it_was_handed_over_and_not_before(candidate, client):
    client.force_login(district())
    url = candidate.get_absolute_url()

    before = client.get(url).status_code
    move_referral(candidate, "transfer", by=supervisor(), at=AT, **REASON)
    proposed = client.get(url).status_code
    move_referral(candidate, "approve", by=deputy(), at=LATER, digest=candidate.digest)

    assert (before, proposed, client.get(url).status_code) == (404, 404, 200)


def test_the_whole_way_to_a_confirmed_correction(candidate):
    steps = [
        ("transfer", supervisor(), REASON),
        ("approve", deputy(), None),
        ("receive", district(), {}),
        ("order_correction", district(), {"words": "限期整改", "days": 3}),
        ("report_correction", leader(), {"note": "已整改。"}),
        ("reject_correction", district(), {"note": "照片不清。"}),
        ("report_correction", leader(), {"note": "补充照片。"}),
        ("confirm_correction", district(), {}),
    ]

    for hour, (verb, by, facts) in enumerate(steps):
        facts = {"digest": candidate.digest} if facts is None else facts
        move_referral(candidate, verb, by=by, at=AT.replace(day=24 + hour // 4, hour=9 + hour % 4), **facts)

    candidate.refresh_from_db()
    correction = clocks_of(candidate)["correction"]
    assert candidate.status == "closed"
    assert correction.owed_by == candidate.owed_by
    assert correction.met_at is not None
    assert Notice.objects.filter(kind="referral_order_correction", to_role=Role.SQUAD_LEADER).exists()
    call_command("verify_trail", stdout=StringIO())


@pytest.mark.parametrize("days", [0, -1, 61, "三", None])
def test_a_correction_is_due_within_1_to_60_working_days(candidate, days):
    one = proposed_and_received(candidate)

    with pytest.raises(BadValue) as refused:
        move_referral(one, "order_correction", by=district(), at=LATER, words="整改", days=days)

    assert refused.value.pointer == "/days"


def proposed_and_received(candidate):
    move_referral(candidate, "transfer", by=supervisor(), at=AT, **REASON)
    move_referral(candidate, "approve", by=deputy(), at=LATER, digest=candidate.digest)
    return move_referral(candidate, "receive", by=district(), at=LATER)


@pytest.mark.parametrize("role", [Role.SQUAD_LEADER, Role.SHIFT_LEADER, Role.TOWN_LEADER, Role.AUDITOR])
def test_nobody_else_decides(candidate, role):
    person = bureau.officer(candidate.unit, role)

    with pytest.raises(NotYourMove):
        move_referral(candidate, "transfer", by=person, at=AT, **REASON)


def test_a_number_once_given_stands_in_sql(candidate):
    proposed_and_received(candidate)

    for change in ({"number": "x"}, {"serial": 2}, {"handed_over_at": AT}):
        with pytest.raises(DatabaseError), transaction.atomic():
            ReferralCandidate.objects.filter(pk=candidate.pk).update(**change)


def test_the_page_proposes_explained_when_the_matter_was_handled_since(candidate, client):
    Clock.objects.filter(pk=candidate.rung.clock_id).update(met_at=AT, met_light="red", next_rung_at=None)
    client.force_login(supervisor())

    page = client.get(candidate.get_absolute_url())

    explained = next(move for move in page.context["moves"] if move.verb == "explained")
    assert explained.form.initial["reason"] == "handled"
    assert "one_more_order" not in [move.verb for move in page.context["moves"]]


def test_the_page_tells_how_late_the_rung_was_raised(db, client):
    make.real_calendar()
    make.urging_paper()
    ladder.climb(at=bureau.shanghai("2026-06-23 17:00"))
    client.force_login(supervisor())

    page = client.get(ReferralCandidate.objects.get().get_absolute_url())

    assert page.context["is_late"]


def test_decision_and_approval_on_the_page(candidate, client):
    url = candidate.get_absolute_url()
    client.force_login(supervisor())
    empty = client.post(f"{url}moves/", {"verb": "transfer", "reason": "unanswered", "words": ""})

    client.post(f"{url}moves/", {"verb": "transfer", **REASON})
    client.force_login(deputy())
    candidate.refresh_from_db()
    client.post(f"{url}moves/", {"verb": "approve", "digest": candidate.digest})

    candidate.refresh_from_db()
    assert empty.status_code == 400
    assert candidate.status == "handed_over"


@pytest.mark.parametrize("address", ["/referrals/", "/referrals/?all", "/packages/", "/packages/?year=x"])
def test_the_lists_ask_a_fixed_number_of_questions(db, client, address, django_assert_max_num_queries):
    make.real_calendar()
    make.handed_over()
    client.force_login(supervisor())
    client.get(address)

    with django_assert_max_num_queries(16):
        answer = client.get(address)

    assert answer.status_code == 200


@pytest.mark.django_db(transaction=True)
def test_of_two_racing_approvers_one_wins():
    make.real_calendar()
    one = make.proposed()
    approvers = [deputy(), make.seat(None, Role.DIRECTOR, "director")]

    def approve(by):
        try:
            move_referral(ReferralCandidate.objects.get(pk=one.pk), "approve", by=by, at=LATER, digest=one.digest)
        except Refusal as refusal:
            return refusal.code
        finally:
            close_old_connections()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(approve, approvers))

    assert answers == ["done", "illegal_transition"]
    assert ReferralCandidate.objects.get().serial == 1
