"""I25: packages that are lost, doubled or out of turn: each is received once, or told again; no number is missing."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

import pytest

from bureau.desk.models import Entry, Notice
from bureau.desk.refusal import IllegalTransition, NotYourMove
from bureau.models import Officer, Role
from oversight.actions import move_referral, tell_unreceived
from oversight.models import ReferralCandidate
from tests.faults.invariants import Violation
from tests.make import oversight as make

pytestmark = [pytest.mark.django_db, pytest.mark.fault]
REFERRALS, DAYS = 6, 6
LONGEST_SILENCE = timedelta(days=4)  # a working day, over a weekend and a holiday
SECOND = timedelta(seconds=1)


@pytest.fixture
def district() -> Officer:
    make.real_calendar()
    return make.seat(None, Role.DISTRICT_SUPERVISION, "district")


@pytest.mark.invariant("I25")
def test_lost_doubled_and_shuffled_packages_are_all_received_once_or_told_again(district: Officer, chance: Random):
    lost, *sent = [make.handed_over() for _ in range(REFERRALS)]

    for day in range(1, DAYS + 1):
        at = make.APPROVED + timedelta(days=day)
        tell_unreceived(at=at)
        arriving = [one for one in sent for _ in range(chance.choice([0, 0, 0, 1, 2, 3]))]
        chance.shuffle(arriving)
        for place, one in enumerate(arriving):
            receive(one, district, at + place * SECOND)
        check(at + timedelta(hours=1))

    assert ReferralCandidate.objects.get(pk=lost.pk).received_at is None
    assert sorted(ReferralCandidate.objects.values_list("serial", flat=True)) == list(range(1, REFERRALS + 1))


def receive(referral: ReferralCandidate, by: Officer, at: datetime) -> None:
    """A package that came; the second of its kind changes nothing."""
    try:
        move_referral(ReferralCandidate.objects.get(pk=referral.pk), "receive", by=by, at=at)
    except IllegalTransition:
        return


def check(at: datetime) -> None:
    for one in ReferralCandidate.objects.handed_over():
        receipts = Entry.objects.about(one).filter(verb="receive").count()
        if receipts != (one.received_at is not None):
            raise Violation(f"{one.number} has {receipts} receipts")
        told = Notice.objects.about(one).filter(kind="referral_unreceived").order_by("-created_at").first()
        last = told.created_at if told else one.handed_over_at
        if one.received_at is None and at - last > LONGEST_SILENCE:
            raise Violation(f"{one.number} was handed over, not received, and nobody was told since {last}")


@pytest.mark.invariant("I25")
def test_nothing_is_answered_that_was_not_received(district: Officer):
    referral = make.handed_over()

    try:
        move_referral(referral, "close", by=district, at=make.APPROVED + timedelta(hours=1), words="已办结")
    except IllegalTransition:
        return
    raise Violation("an answer came before the receipt")


def test_what_was_handed_over_is_not_withdrawn_by_one_alone(district: Officer):
    referral, supervisor = make.handed_over(), make.seat(None, Role.SUPERVISION, "supervisor")
    at = make.APPROVED + timedelta(hours=1)
    asked = move_referral(referral, "ask_withdrawal", by=supervisor, at=at, words="材料有误")

    with pytest.raises((IllegalTransition, NotYourMove)):
        move_referral(asked, "withdraw", by=supervisor, at=at + SECOND, digest=asked.digest)

    assert ReferralCandidate.objects.visible_to(district).filter(number=referral.number).exists()
