"""The relay: leases, backoff, dead letters, closed ways, and who may try again."""

from datetime import timedelta
from zlib import crc32

import pytest
from django.db import connections

from bureau.desk.models import Channel, Delivery, Entry, Lane, Notice
from bureau.desk.notices import mark_read
from bureau.desk.outbox import drop_delivery, due_channels, health, relay, retry_delivery
from bureau.desk.outbox.channels import ADAPTERS
from bureau.desk.outbox.failures import Deferred, Rejected, Unreachable
from bureau.desk.outbox.relay import LeaseLost, claim, settle
from bureau.desk.refusal import BadValue, IllegalTransition, NotYourMove
from bureau.models import Role
from tests import make
from tests.bureau.outbox.kit import NOON, Way, contact, queued, spread

pytestmark = pytest.mark.django_db
MAIL = Channel.MAIL


@pytest.fixture
def subject():
    issue = make.reported_issue(make.unit("qibao"))
    Notice.objects.update(sent_at=NOON)
    return issue


@pytest.fixture
def leader():
    return make.officer(make.unit("qibao"), Role.SQUAD_LEADER)


@pytest.fixture
def way(monkeypatch):
    """The way out of e-mail, as obedient as the test wants it."""
    way = Way()
    monkeypatch.setitem(ADAPTERS, MAIL, way)
    return way


def state_of(delivery):
    delivery.refresh_from_db()
    return delivery.state, delivery.tries, delivery.why


def test_a_message_is_sent_once_and_settled(subject, leader, way):
    one = queued(subject, leader)

    relay(MAIL, at=NOON)
    relay(MAIL, at=NOON)

    assert state_of(one) == ("sent", 1, "")
    assert [parcel.id for parcel in way.sent] == [one.pk]


def test_a_message_carries_number_and_kind_but_no_place_and_no_name(subject, leader, way):
    queued(subject, leader)

    relay(MAIL, at=NOON)

    (parcel,) = way.sent
    text = f"{parcel.title} {parcel.hint} {parcel.url}"
    assert "闵城管催〔2026〕1号" in parcel.title
    assert not any(secret in text for secret in ("七莘路", "王五", leader.name, leader.username))
    assert parcel.url.startswith("http://127.0.0.1:8000/messages/")


def test_the_title_speaks_the_language_of_the_receiver(subject, leader, way):
    leader.language = "en"
    leader.save()
    queued(subject, leader)

    relay(MAIL, at=NOON)

    assert way.sent[0].title.startswith("[Enforcement portal] Urging notice")


def test_a_deferred_message_is_tried_after_30_s_2_min_10_min_and_1_h_and_then_counts_as_dead(subject, leader, way):
    one = queued(subject, leader)
    way.answers = [Deferred("content_deferred 451")] * 5
    at, waits = NOON, []

    for _try in range(5):
        relay(MAIL, at=at)
        one.refresh_from_db()
        waits.append((one.due_at - at).total_seconds())
        at = max(at, one.due_at)

    assert waits[:4] == [30, 120, 600, 3600]
    assert state_of(one) == ("dead", 5, "content_deferred 451")
    assert len(way.sent) == 5


def test_a_rejected_message_is_dead_at_once_and_alarmed_once_a_day(subject, leader, way):
    make.officer(None, Role.SYSADMIN)
    way.answers = [Rejected("recipient_refused 550")] * 2
    first, second = queued(subject, leader), queued(subject, leader, "two", params={"paper": "2号"})

    relay(MAIL, at=NOON)

    assert state_of(first) == state_of(second) == ("dead", 1, "recipient_refused 550")
    assert Notice.objects.filter(kind="outbox_dead_mail", to_role=Role.SYSADMIN).count() == 1


def test_a_poisoned_message_never_holds_up_those_behind_it(subject, leader, way):
    way.answers = [ZeroDivisionError("poison")]
    first, second = queued(subject, leader), queued(subject, leader, "two", params={"paper": "2号"})

    relay(MAIL, at=NOON)

    assert state_of(first) == ("queued", 1, "broken")
    assert state_of(second) == ("sent", 1, "")


def test_an_unreachable_server_closes_its_way_only_and_costs_no_message_a_try(subject, leader, way):
    one = queued(subject, leader)
    way.answers = [Unreachable("timeout")]

    relay(MAIL, at=NOON)
    relay(MAIL, at=NOON + timedelta(seconds=29))

    assert state_of(one) == ("queued", 0, "")
    assert len(way.sent) == 1
    assert due_channels(at=NOON + timedelta(seconds=29)) == []
    assert due_channels(at=NOON + timedelta(seconds=30)) == [MAIL]


def test_a_way_opens_again_with_its_first_success(subject, leader, way):
    one = queued(subject, leader)
    way.at_open = Unreachable("no_connection")
    for minute in range(3):
        relay(MAIL, at=NOON + timedelta(minutes=5 * minute))
    assert Lane.objects.get(channel=MAIL).failures == 3
    way.at_open = None

    relay(MAIL, at=NOON + timedelta(minutes=20))

    assert state_of(one)[0] == "sent"
    assert Lane.objects.get(channel=MAIL).failures == 0


def test_a_way_that_fails_for_ten_minutes_is_alarmed_once(subject, leader, way):
    make.officer(None, Role.SYSADMIN)
    queued(subject, leader)
    way.at_open = Unreachable("no_connection")

    for minute in range(0, 30, 5):
        relay(MAIL, at=NOON + timedelta(minutes=minute))
        assert Notice.objects.filter(kind="outbox_lane_down_mail").count() == (1 if minute >= 10 else 0)


def test_whoever_lost_the_lease_settles_nothing(subject, leader, way):
    one = queued(subject, leader)
    slow = claim(MAIL, at=NOON)
    Delivery.objects.filter(pk=one.pk).update(leased_until=make.SINCE)
    fast = claim(MAIL, at=NOON)

    with pytest.raises(LeaseLost):
        settle(slow, state="dead", settled_at=NOON)
    settle(fast, state="sent", settled_at=NOON)

    assert state_of(one)[0] == "sent"


def test_a_leased_message_is_nobody_elses_until_the_lease_is_over(subject, leader):
    queued(subject, leader)

    claim(MAIL, at=NOON)

    assert claim(MAIL, at=NOON + timedelta(days=1)) is None, "a lease ends by the clock of the database"


def test_a_message_whose_relay_dies_at_each_try_is_buried_not_tried_for_ever(subject, leader, way):
    one = queued(subject, leader)
    for _try in range(5):
        claim(MAIL, at=NOON)
        Delivery.objects.filter(pk=one.pk).update(leased_until=make.SINCE)

    relay(MAIL, at=NOON)

    assert state_of(one) == ("dead", 5, "crashed")
    assert way.sent == []


def test_one_relay_a_way_at_a_time(subject, leader, way):
    queued(subject, leader)
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [crc32(b"outbox.mail")])
        count = relay(MAIL, at=NOON)
        cursor.execute("SELECT pg_advisory_unlock(%s)", [crc32(b"outbox.mail")])
    other.close()

    assert count == 0
    assert relay(MAIL, at=NOON) == 1


def test_a_knock_ends_after_its_time_and_leaves_the_rest_to_the_next(subject, leader, way):
    for number in range(3):
        queued(subject, leader, f"{number}", params={"paper": f"{number}号"})
    watch = iter((0.0, 1.0, 15.0, 21.0))

    assert relay(MAIL, at=NOON, seconds=lambda: next(watch)) == 2
    assert Delivery.objects.waiting().count() == 1


def test_urgent_messages_leave_first(subject, leader, way):
    queued(subject, leader, "calm", kind="clock_warn", is_urgent=False)
    urgent = queued(subject, leader, "urgent")

    relay(MAIL, at=NOON)

    assert way.sent[0].id == urgent.pk


def test_what_was_read_in_the_portal_before_its_turn_is_not_told_again(subject, leader, way):
    one = queued(subject, leader)
    mark_read([one.notice], by=leader, at=NOON)

    relay(MAIL, at=NOON)

    assert state_of(one) == ("dropped", 1, "read_already")
    assert way.sent == []


def test_nothing_goes_to_a_person_who_is_gone(subject, leader, way):
    one = queued(subject, leader)
    leader.is_active = False
    leader.save()

    relay(MAIL, at=NOON)

    assert state_of(one)[::2] == ("dropped", "no_longer_there")


def test_an_administrator_tries_a_dead_letter_again_and_it_is_logged(subject, leader, way):
    admin = make.officer(None, Role.SYSADMIN)
    one = queued(subject, leader)
    way.answers = [Rejected("recipient_refused 550")]
    relay(MAIL, at=NOON)

    retry_delivery(one, by=admin, at=NOON)
    relay(MAIL, at=NOON)

    assert state_of(one) == ("sent", 1, "")
    assert Entry.objects.about(one).get().by == admin


def test_a_dead_letter_is_set_aside_with_a_reason_only(subject, leader, way):
    admin = make.officer(None, Role.SYSADMIN)
    one = queued(subject, leader)
    way.answers = [Rejected("recipient_refused 550")]
    relay(MAIL, at=NOON)

    with pytest.raises(BadValue):
        drop_delivery(one, note=" ", by=admin, at=NOON)
    drop_delivery(one, note="地址已作废", by=admin, at=NOON)

    assert state_of(one)[0] == "dropped"
    with pytest.raises(IllegalTransition):
        retry_delivery(one, by=admin, at=NOON)


def test_nobody_but_an_administrator_touches_a_dead_letter(subject, leader, way):
    one = queued(subject, leader)

    for role in (Role.AUDITOR, Role.DIRECTOR, Role.SQUAD_LEADER):
        with pytest.raises(NotYourMove):
            retry_delivery(one, by=make.officer(make.unit("qibao"), role), at=NOON)


def test_health_tells_what_waits_how_long_and_what_is_dead(subject, leader, way):
    assert health(at=NOON).is_well
    queued(subject, leader)
    way.answers = [Rejected("recipient_refused 550")]
    relay(MAIL, at=NOON)
    queued(subject, leader, "two", params={"paper": "2号"})

    found = health(at=NOON + timedelta(minutes=3))

    assert (found.queued, found.oldest_age, found.dead) == (1, timedelta(minutes=3), 1)
    assert not found.is_well


def test_a_knock_asks_a_fixed_number_of_queries_when_nothing_is_due(django_assert_num_queries):
    with django_assert_num_queries(2):
        due_channels(at=NOON)


def test_an_ended_address_gets_nothing(subject, leader, way):
    one = queued(subject, leader)
    one.contact.ended_at = NOON
    one.contact.save()
    contact(leader, address="new@example.org")

    relay(MAIL, at=NOON)
    spread()

    assert state_of(one)[::2] == ("dropped", "no_longer_there")
    assert way.sent == []
