"""What is not urgent together, once a day, for whoever wants it so."""

import pytest
from django.urls import reverse

from bureau.desk.models import Channel, Delivery, Notice
from bureau.desk.notices import mark_read
from bureau.desk.outbox import relay
from bureau.desk.outbox.channels import ADAPTERS
from bureau.desk.outbox.failures import Deferred
from bureau.models import Role
from tests import make
from tests.bureau.outbox.kit import NOON, Way, contact, notice, spread

pytestmark = pytest.mark.django_db
TOMORROW = make.shanghai("2026-06-23 09:00")


@pytest.fixture
def leader():
    person = make.officer(make.unit("qibao"), Role.SQUAD_LEADER)
    mine = contact(person)
    mine.is_digest = True
    mine.save()
    return person


@pytest.fixture
def subject():
    issue = make.reported_issue(make.unit("meilong"))
    Notice.objects.update(sent_at=NOON)
    return issue


@pytest.fixture
def way(monkeypatch):
    way = Way()
    monkeypatch.setitem(ADAPTERS, Channel.MAIL, way)
    return way


def calm(subject, leader, number):
    one = notice(
        subject, f"{number}", kind="clock_warn", params={"number": f"{number}号"}, is_urgent=False, to_officer=leader
    )
    spread()
    return one


def states():
    return sorted(Delivery.objects.values_list("state", "tries", "why"))


def test_it_leaves_in_one_message_at_the_beginning_of_the_next_working_day(subject, leader, way):
    for number in (1, 2, 3):
        calm(subject, leader, number)

    relay(Channel.MAIL, at=NOON)
    assert way.sent == []
    relay(Channel.MAIL, at=TOMORROW)

    (parcel,) = way.sent
    assert parcel.title == "〔执法综合门户〕3条消息"
    assert parcel.hint.splitlines() == ["黄灯：1号", "黄灯：2号", "黄灯：3号"]
    assert parcel.url.endswith("/messages/?unread=1")
    assert states() == [("sent", 1, "")] * 3


def test_what_is_urgent_does_not_wait_for_it(subject, leader, way):
    calm(subject, leader, 1)
    notice(subject, "urgent", to_officer=leader)
    spread()

    relay(Channel.MAIL, at=NOON)

    assert len(way.sent) == 1
    assert "催办通知书" in way.sent[0].title


def test_what_was_read_meanwhile_is_left_out_and_a_single_one_stands_for_itself(subject, leader, way):
    first = calm(subject, leader, 1)
    calm(subject, leader, 2)
    mark_read([first], by=leader, at=NOON)

    relay(Channel.MAIL, at=TOMORROW)

    (parcel,) = way.sent
    assert "2号" in parcel.title
    assert [state for state, _tries, _why in states()] == ["dropped", "sent"]


def test_when_it_fails_all_of_it_is_tried_again(subject, leader, way):
    calm(subject, leader, 1)
    calm(subject, leader, 2)
    way.answers = [Deferred("content_deferred 451")]

    relay(Channel.MAIL, at=TOMORROW)

    assert states() == [("queued", 1, "content_deferred 451")] * 2


def test_a_person_turns_it_on_and_off(client, leader):
    client.force_login(leader)
    mine = Delivery.contact.field.related_model.objects.get()

    client.post(reverse("contacts"), {"verb": "digest", "channel": "mail"})
    mine.refresh_from_db()
    assert mine.is_digest is False
    client.post(reverse("contacts"), {"verb": "digest", "channel": "mail"})
    mine.refresh_from_db()

    assert mine.is_digest is True
