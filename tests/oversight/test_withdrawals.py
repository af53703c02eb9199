"""A hand-over is received or told again, and withdrawn by two persons or not at all; no number is ever missing."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.utils import DatabaseError
from pypdf import PdfReader

from bureau.desk.models import Clock, Entry, Figure, Imprint, Notice
from bureau.desk.models.numbers import NumberSeries
from bureau.desk.refusal import IllegalTransition, NotYourMove, SodConflict
from bureau.models import Organisation, Role
from oversight.actions import move_referral, tell_unreceived
from oversight.models import ReferralCandidate
from oversight.pack import letter_from
from tests.make import bureau
from tests.make import oversight as make

pytestmark = pytest.mark.django_db
AT = bureau.shanghai("2026-06-23 17:00")  # an hour after the hand-over
NEXT_DAY = bureau.shanghai("2026-06-24 16:00")  # one working day after it
WHY = {"words": "附件有误，另行移送。"}


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


def asked(referral):
    return move_referral(referral, "ask_withdrawal", by=supervisor(), at=AT, **WHY)


def digest_of(referral, client):
    client.force_login(deputy())
    return client.get(f"/api/v1/referrals/{referral.pk}/").json()["withdrawal_digest"]


def withdrawn(referral, client, at=AT):
    return move_referral(asked(referral), "withdraw", by=deputy(), at=at, digest=digest_of(referral, client))


def tellings(referral):
    return Notice.objects.filter(kind="referral_unreceived", subject_id=referral.pk).values_list("to_role", flat=True)


def test_what_nobody_received_within_one_working_day_is_told_again(referral):
    told = [tell_unreceived(at=moment) for moment in (AT, NEXT_DAY, NEXT_DAY)]

    referral.refresh_from_db()
    assert told == [0, 1, 0]
    assert sorted(tellings(referral)) == ["district_supervision", "supervision"]
    assert referral.tell_again_at == bureau.shanghai("2026-06-25 16:00")
    assert Entry.objects.about(referral).latest("seq").verb == "tell_again"


def test_after_a_standstill_it_is_told_once_for_all_that_was_missed(referral):
    tell_unreceived(at=bureau.shanghai("2026-06-30 10:00"))

    referral.refresh_from_db()
    assert len(tellings(referral)) == 2
    assert referral.tell_again_at == bureau.shanghai("2026-06-30 16:00")


def test_what_was_received_is_not_told_again(referral):
    move_referral(referral, "receive", by=district(), at=AT)

    assert tell_unreceived(at=NEXT_DAY) == 0


def test_the_time_for_the_receipt_is_a_figure(db):
    make.real_calendar()
    Figure.objects.create(
        name="oversight_receipt_limit", value="2 working_hours", valid_from="2026-01-01", reason="x", set_at=AT
    )

    assert make.handed_over().tell_again_at == bureau.shanghai("2026-06-23 18:00")


def test_two_persons_withdraw_and_the_number_stays(referral, client):
    withdrawn(referral, client)

    referral.refresh_from_db()
    assert (referral.status, referral.number) == ("withdrawn", "闵城管移〔2026〕1号")
    assert (referral.withdrawal_asked_by, referral.withdrawn_by) == (supervisor(), deputy())
    assert tell_unreceived(at=NEXT_DAY) == 0
    told = Notice.objects.filter(kind="referral_withdraw").values_list("to_role", flat=True)
    assert {"district_supervision", "squad_leader"} <= set(told)
    assert Entry.objects.about(referral.subject).latest("seq").verb == "withdraw_referral"


def test_the_code_of_a_withdrawn_letter_tells_of_it_and_the_next_copy_bears_the_mark(referral, client):
    before = letter_from(referral, at=AT)
    withdrawn(referral, client, at=bureau.shanghai("2026-06-23 17:30"))

    after = letter_from(referral, at=NEXT_DAY)

    page = client.get(f"/verify/{Imprint.objects.get(document=before).code}/").content.decode()
    assert "撤回" in page
    with default_storage.open(after.original) as file:
        assert "本函已于2026年6月23日17:30撤回" in PdfReader(file).pages[0].extract_text().replace(" ", "")
    assert after.pk != before.pk


def test_who_asked_for_a_withdrawal_never_approves_it(referral):
    both = supervisor()
    one = asked(referral)
    bureau.post(both, bureau.organisation(Organisation.Kind.BUREAU), Role.DEPUTY)

    with pytest.raises(SodConflict):
        move_referral(one, "withdraw", by=both, at=AT, digest="0" * 64)
    with pytest.raises(DatabaseError), transaction.atomic():
        ReferralCandidate.objects.filter(pk=one.pk).update(withdrawn_by=both, withdrawn_at=AT)


def test_a_withdrawal_is_signed_as_it_was_asked_for(referral):
    with pytest.raises(IllegalTransition) as refused:
        move_referral(asked(referral), "withdraw", by=deputy(), at=AT, digest="0" * 64)

    assert refused.value.code == "proposal_changed"


def test_a_withdrawal_stands_in_sql(referral, client):
    one = withdrawn(referral, client)

    for change in ({"withdrawn_at": NEXT_DAY}, {"withdrawal_words": "x"}, {"withdrawn_by": supervisor()}):
        with pytest.raises(DatabaseError), transaction.atomic():
            ReferralCandidate.objects.filter(pk=one.pk).update(**change)


def test_a_receipt_ends_what_was_asked_about_a_withdrawal(referral):
    one = move_referral(asked(referral), "receive", by=district(), at=AT)

    assert one.status == "received"
    assert not Clock.objects.about(one).running().exists()


def test_what_was_received_is_not_withdrawn(referral):
    one = move_referral(referral, "receive", by=district(), at=AT)

    with pytest.raises(IllegalTransition):
        asked(one)


def test_a_withdrawal_that_is_refused_lets_the_hand_over_stand(referral):
    one = move_referral(asked(referral), "keep", by=deputy(), at=AT, note="附件无误。")

    assert (one.status, tell_unreceived(at=NEXT_DAY)) == ("handed_over", 1)


def test_district_supervision_withdraws_nothing(referral):
    with pytest.raises(NotYourMove):
        move_referral(referral, "ask_withdrawal", by=district(), at=AT, **WHY)


def test_the_district_still_reads_what_was_withdrawn_with_its_reason(referral, client):
    withdrawn(referral, client)
    client.force_login(district())

    page = client.get(referral.get_absolute_url()).content.decode()
    series = client.get("/api/v1/packages/series/?year=2026").json()

    assert WHY["words"] in page
    assert series == {"year": 2026, "last": 1, "missing": [], "withdrawn": [1], "unreceived": []}


def test_a_number_that_was_taken_and_is_not_there_shows_at_the_end_as_well(referral, client):
    NumberSeries.objects.filter(kind="referral").update(last=3)
    client.force_login(district())

    page = client.get("/packages/?year=2026")
    told = client.get("/api/v1/packages/series/?year=2026").json()

    assert [(serial, bool(one)) for serial, one in page.context["series"].rows] == [(3, False), (2, False), (1, True)]
    assert told["missing"] == [3, 2]


def test_a_squad_is_shown_its_own_hand_overs_and_no_false_gap(referral, client):
    NumberSeries.objects.filter(kind="referral").update(last=3)
    client.force_login(make.seat(referral.unit, Role.SQUAD_LEADER, "qibao-leader"))

    page = client.get("/packages/?year=2026")

    assert [serial for serial, _one in page.context["series"].rows] == [1]
    assert page.context["series"].missing == []


@pytest.mark.parametrize("year", ["x", "20266", "-1"])
def test_a_year_that_is_none_is_refused(referral, client, year):
    client.force_login(district())

    assert client.get(f"/api/v1/packages/series/?year={year}").status_code == 400


def test_the_second_person_signs_within_24_hours(db):
    make.real_calendar()
    one = make.proposed()
    late = bureau.shanghai("2026-06-24 15:00:01")

    with pytest.raises(IllegalTransition) as refused:
        move_referral(one, "approve", by=deputy(), at=late, digest=one.digest)
    one = move_referral(ReferralCandidate.objects.get(pk=one.pk), "renew", by=supervisor(), at=late)
    one = move_referral(one, "approve", by=deputy(), at=late, digest=one.digest)

    assert refused.value.code == "approval_lapsed"
    assert one.status == "handed_over"


def test_the_last_instant_of_the_24_hours_is_in_time(db):
    make.real_calendar()
    one = make.proposed()

    move_referral(one, "approve", by=deputy(), at=bureau.shanghai("2026-06-24 15:00"), digest=one.digest)


def test_confirming_a_proposal_again_gives_its_approval_no_more_time(db):
    make.real_calendar()
    one = make.proposed()
    before = Clock.objects.about(one).running().get(kind="referral_approval").due_at

    move_referral(one, "renew", by=supervisor(), at=AT)

    assert Clock.objects.about(one).running().get(kind="referral_approval").due_at == before


def test_a_candidate_from_before_decisions_had_a_clock_gets_it(db):
    make.real_calendar()
    one = make.candidate()
    old = Clock.objects.about(one).get()
    Clock.objects.about(one).delete()
    start_clocks = import_module("oversight.migrations.0008_give_old_candidates_their_clock").start_clocks

    start_clocks(apps, None)
    start_clocks(apps, None)

    clock = Clock.objects.about(one).get()
    same = ("kind", "ladder", "limit", "started_at", "due_at", "owed_by", "owed_role", "unit_id")
    assert [getattr(clock, name) for name in same] == [getattr(old, name) for name in same]
    assert move_referral(one, "explained", by=supervisor(), at=AT, **make.REASON).status == "explained"
    assert not Clock.objects.about(one).running().exists()


def test_the_decision_is_owed_by_the_bureau_in_force_even_when_its_end_is_known(db):
    make.real_calendar()
    home = bureau.organisation(Organisation.Kind.BUREAU)
    Organisation.objects.filter(pk=home.pk).update(valid_to="2027-12-31")

    one = make.candidate()

    assert Clock.objects.about(one).running().get(kind="referral_decision").owed_by == home
