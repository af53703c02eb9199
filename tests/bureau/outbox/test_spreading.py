"""From a notice to its deliveries: nobody waits behind a broken one, and nobody is told twice."""

import pytest

from bureau.desk.models import Channel, Contact, Delivery, Notice
from bureau.desk.notices import mark_read
from bureau.desk.outbox import retry_notice, spreading
from bureau.desk.refusal import IllegalTransition, NotYourMove
from bureau.models import Role
from tests import make
from tests.bureau.outbox.kit import NOON, Way, contact, notice, spread

pytestmark = pytest.mark.django_db


@pytest.fixture
def qibao():
    return make.unit("qibao")


@pytest.fixture
def leader(qibao):
    return make.officer(qibao, Role.SQUAD_LEADER)


@pytest.fixture
def subject(qibao):
    issue = make.reported_issue(qibao)
    Notice.objects.update(sent_at=NOON)
    return issue


def broken_for(key, monkeypatch):
    """Whatever is told under that key breaks our own code."""
    plain = spreading.spread

    def spread_or_break(notice, *, at):
        if notice.dedupe_key == key:
            raise ValueError("poison")
        plain(notice, at=at)

    monkeypatch.setattr(spreading, "spread", spread_or_break)


def test_a_message_that_fails_never_holds_up_those_behind_it(subject, leader, monkeypatch):
    broken_for("poison", monkeypatch)
    poison = notice(subject, "poison", at=NOON - make.minutes(1) + make.minutes(0), to_officer=leader)
    good = notice(subject, "good", to_officer=leader)

    spread()

    poison.refresh_from_db()
    good.refresh_from_db()
    assert (poison.sent_at, poison.tries) == (None, 1)
    assert poison.retry_at > NOON
    assert good.sent_at == NOON


def test_a_message_that_failed_goes_through_once_its_fault_is_gone(subject, leader, monkeypatch):
    with monkeypatch.context() as broken:
        broken_for("poison", broken)
        poison = notice(subject, "poison", to_officer=leader)
        spread()
        poison.refresh_from_db()

    spread(at=poison.retry_at)

    poison.refresh_from_db()
    assert poison.sent_at is not None


def test_after_five_failures_a_message_waits_for_an_administrator_who_is_logged(subject, leader, monkeypatch):
    with monkeypatch.context() as broken:
        broken_for("poison", broken)
        poison = notice(subject, "poison", to_officer=leader)
        at = NOON
        for _try in range(5):
            spread(at=at)
            poison.refresh_from_db()
            at = poison.retry_at
    admin = make.officer(None, Role.SYSADMIN)

    assert spread(at=at) == 0
    retry_notice(poison, by=admin, at=at)
    spread(at=at)

    poison.refresh_from_db()
    assert poison.sent_at == at
    with pytest.raises(IllegalTransition):
        retry_notice(poison, by=admin, at=at)
    with pytest.raises(NotYourMove):
        retry_notice(poison, by=leader, at=at)


def test_whoever_holds_two_posts_that_are_told_gets_one_message(subject, qibao, leader):
    contact(leader)
    make.post(leader, make.organisation("sub_centre", qibao), Role.UNIT_DESK)
    notice(subject, "squad", to_organisation=make.squad(qibao), to_role=Role.SQUAD_LEADER)
    notice(subject, "desk", to_organisation=make.organisation("sub_centre", qibao), to_role=Role.UNIT_DESK)

    spread()

    assert Delivery.objects.filter(contact__officer=leader).count() == 1


def test_two_papers_on_one_subject_are_two_messages(subject, leader):
    contact(leader)
    notice(subject, "first", params={"paper": "1号"}, to_officer=leader)
    notice(subject, "second", params={"paper": "2号"}, to_officer=leader)

    spread()

    assert Delivery.objects.count() == 2


def test_a_person_is_told_on_the_first_confirmed_way_that_is_switched_on(subject, leader, monkeypatch):
    monkeypatch.setitem(spreading.channels_on.__globals__["ADAPTERS"], Channel.SMS, Way())
    contact(leader, Channel.SMS, "13800000000")
    mail = contact(leader, Channel.MAIL)
    notice(subject, "one", to_officer=leader)
    spread()
    Contact.objects.filter(pk=mail.pk).update(confirmed_at=None)
    notice(subject, "two", to_officer=leader, params={"paper": "2号"})

    spread()

    assert list(Delivery.objects.order_by("queued_at", "pk").values_list("channel", flat=True)) == ["mail", "sms"]


def test_at_night_only_what_is_urgent_leaves_at_once(subject, leader):
    contact(leader)
    night = make.shanghai("2026-06-22 23:30")
    notice(subject, "calm", at=night, kind="clock_warn", is_urgent=False, to_officer=leader)
    notice(subject, "urgent", at=night, to_officer=leader)

    spread(at=night)

    due = dict(Delivery.objects.values_list("notice__dedupe_key", "due_at"))
    assert due == {"calm": make.shanghai("2026-06-23 09:00"), "urgent": night}
    assert Notice.objects.get(dedupe_key="calm").sent_at == night, "in the portal it stands at once"


def test_nobody_without_an_address_or_an_account_gets_a_delivery(subject, qibao, leader):
    gone = make.officer(qibao, Role.SQUAD_LEADER)
    contact(gone)
    gone.is_active = False
    gone.save()
    one = notice(subject, "one", to_organisation=make.squad(qibao), to_role=Role.SQUAD_LEADER)

    spread()

    assert not Delivery.objects.exists()
    mark_read([one], by=leader, at=NOON)
    assert one.receipts.count() == 1
