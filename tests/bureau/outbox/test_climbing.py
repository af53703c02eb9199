"""An urgent message that nobody reads goes on, and one whose receiver is not there finds somebody: never silence."""

from datetime import timedelta

import pytest
from django.urls import reverse

from bureau.context import bell_of
from bureau.desk.models import Absence, Channel, Clock, Delivery, Notice
from bureau.desk.notices import mark_read
from bureau.desk.outbox import climb_one, climbing, health, retry_notice
from bureau.desk.outbox.absences import come_back, go_away
from bureau.desk.outbox.channels import ADAPTERS
from bureau.desk.refusal import BadValue
from bureau.models import OrganisationTie, Posting, Role
from tests import make
from tests.bureau.outbox.kit import NOON, Way, contact, notice, spread

pytestmark = pytest.mark.django_db
HALF = timedelta(minutes=30)


@pytest.fixture
def qibao():
    return make.unit("qibao")


@pytest.fixture
def leader(qibao):
    return make.officer(qibao, Role.SQUAD_LEADER)


@pytest.fixture
def shift():
    return make.officer(None, Role.SHIFT_LEADER)


@pytest.fixture
def subject():
    """Of another unit, so that nobody serves here whom the test did not name; its clocks run in working time."""
    issue = make.reported_issue(make.unit("meilong"))
    Clock.objects.update(limit_unit="working_hours")
    Notice.objects.update(sent_at=NOON)
    return issue


def deputy_of(officer, role=Role.SQUAD_OFFICER):
    mine = officer.postings.get()
    deputy = make.officer(mine.organisation.unit, role)
    Posting.objects.filter(officer=deputy).update(deputy_of=mine)
    return deputy


def to_the_squad(subject, key="one", **said):
    said.setdefault("to_role", Role.SQUAD_LEADER)
    one = notice(subject, key, to_organisation=make.squad(make.unit("qibao")), **said)
    spread(at=one.created_at)
    one.refresh_from_db()
    return one


def climb(at):
    while climb_one(at=at):
        pass
    spread(at=at)


def copies(one):
    return {(copy.passed_on, copy.to_officer or copy.to_role) for copy in one.copies.all()}


def is_off_duty(officer, *, at=NOON):
    Absence.objects.create(
        officer=officer, starts_at=at - timedelta(days=1), ends_at=at + timedelta(days=1), entered_at=at
    )


# unread


def test_unread_it_goes_to_the_next_way_then_to_the_deputy_then_to_the_duty_desk(subject, leader, shift, monkeypatch):
    monkeypatch.setitem(ADAPTERS, Channel.SMS, Way())
    contact(leader)
    contact(leader, Channel.SMS, "13800000000")
    deputy = deputy_of(leader)
    one = to_the_squad(subject)
    assert list(one.deliveries.values_list("channel", flat=True)) == ["mail"]

    climb(NOON + HALF)
    assert set(one.deliveries.values_list("channel", flat=True)) == {"mail", "sms"}
    assert copies(one) == set()

    climb(NOON + 2 * HALF)
    assert copies(one) == {("unread", deputy)}

    climb(NOON + 3 * HALF)
    assert copies(one) == {("unread", deputy), ("desk", Role.SHIFT_LEADER)}
    one.refresh_from_db()
    assert one.climbs_at is None


def test_a_step_that_reaches_nobody_is_passed_over_at_once(subject, leader, shift):
    one = to_the_squad(subject)

    climb(NOON + HALF)

    assert copies(one) == {("desk", Role.SHIFT_LEADER)}


@pytest.mark.parametrize("reader", ["leader", "deputy"])
def test_once_anybody_told_has_read_it_nothing_goes_on(subject, leader, shift, reader):
    deputy = deputy_of(leader)
    one = to_the_squad(subject)
    if reader == "leader":
        mark_read([one], by=leader, at=NOON)
    else:
        climb(NOON + HALF)
        mark_read(one.copies.all(), by=deputy, at=NOON + HALF)

    climb(NOON + 4 * HALF)

    assert not one.copies.filter(passed_on="desk").exists()


def test_what_is_not_urgent_waits_for_its_reader(subject, leader, shift):
    one = to_the_squad(subject, kind="clock_warn", is_urgent=False)

    climb(NOON + timedelta(days=3))

    assert copies(one) == set()


def test_the_time_to_read_is_working_time_unless_a_clock_runs_day_and_night(subject, leader, shift):
    evening = make.shanghai("2026-06-22 17:50")
    calm = to_the_squad(subject, "calm", at=evening)
    Clock.objects.update(limit_unit="clock_hours")
    pressing = to_the_squad(subject, "pressing", at=evening, params={"number": "2"})

    assert calm.climbs_at == make.shanghai("2026-06-23 09:20")
    assert pressing.climbs_at == make.shanghai("2026-06-22 18:20")


def test_a_message_that_cannot_go_on_holds_up_no_other(subject, leader, shift, monkeypatch):
    first, second = to_the_squad(subject, "first"), to_the_squad(subject, "second", params={"number": "2"})
    plain = climbing.climb

    def climb_or_break(one, *, at):
        if one.pk == first.pk:
            raise ValueError("poison")
        plain(one, at=at)

    monkeypatch.setattr(climbing, "climb", climb_or_break)

    climb(NOON + HALF)

    first.refresh_from_db()
    assert copies(second) == {("desk", Role.SHIFT_LEADER)}
    assert first.climbs_at == NOON + HALF + timedelta(minutes=10)


def test_the_duty_desk_sounds_until_one_of_it_has_read_the_message(client, subject, leader, shift):
    colleague = make.officer(None, Role.SHIFT_LEADER)
    one = to_the_squad(subject)
    climb(NOON + HALF)
    client.force_login(shift)

    page = client.get(reverse("bureau:messages-bell")).content.decode()
    assert "data-sounds" in page
    assert "1条紧急消息无人阅读" in page
    mark_read(one.copies.all(), by=colleague, at=NOON + HALF)

    assert "data-sounds" not in client.get(reverse("bureau:messages-bell")).content.decode()
    assert bell_of(shift)["unread"] >= 1


def test_the_bell_tells_a_stranger_nothing_and_puts_no_page_in_its_place(client):
    answer = client.get(reverse("bureau:messages-bell"))

    assert (answer.status_code, answer.content) == (401, b"")


# on leave, moved, gone


@pytest.mark.parametrize("why", ["on leave", "moved", "gone"])
def test_a_receiver_who_is_not_there_is_stood_in_for_by_deputy_and_head(subject, qibao, leader, why):
    person = make.officer(qibao)
    deputy = deputy_of(person)
    if why == "on leave":
        is_off_duty(person)
    elif why == "moved":
        Posting.objects.filter(officer=person).update(ends_at=NOON - timedelta(days=1))
    else:
        person.is_active = False
        person.save()
    one = notice(subject, to_officer=person)

    spread()

    assert copies(one) == {("absent", deputy), ("absent", leader)}
    assert not Notice.objects.unheard().exists()


def test_a_post_without_anybody_there_is_stood_in_for_by_the_head_of_the_body_above(subject, qibao, leader):
    town = make.officer(qibao, Role.TOWN_LEADER)
    squad, government = make.squad(qibao), town.postings.get().organisation
    OrganisationTie.objects.create(organisation=squad, kind="administered_by", to=government, valid_from=make.FOUNDED)
    is_off_duty(leader)

    one = to_the_squad(subject)

    assert copies(one) == {("absent", town)}


def test_while_one_holder_of_the_post_is_there_nobody_stands_in(subject, qibao, leader):
    make.officer(qibao, Role.SQUAD_LEADER)
    is_off_duty(leader)

    one = to_the_squad(subject)

    assert copies(one) == set()


def test_a_deputy_who_is_away_too_does_not_stand_in(subject, qibao, leader):
    person = make.officer(qibao)
    is_off_duty(person)
    is_off_duty(deputy_of(person))
    one = notice(subject, to_officer=person)

    spread()

    assert copies(one) == {("absent", leader)}


def test_when_nobody_is_left_supervision_is_alarmed_once_and_the_message_stands_in_the_list(client, subject, qibao):
    supervisor, admin = make.officer(None, Role.SUPERVISION), make.officer(None, Role.SYSADMIN)
    one = to_the_squad(subject)
    to_the_squad(subject, "again", params={"number": "2"})

    assert Notice.objects.filter(kind="outbox_unheard", to_role=Role.SUPERVISION).count() == 1
    assert health(at=NOON).unheard == 2
    assert not health(at=NOON).is_well
    assert Notice.objects.unread_by(supervisor).filter(kind="outbox_unheard").exists()
    client.force_login(admin)
    assert "无人接收" in client.get(reverse("bureau:outbox")).content.decode()

    make.officer(qibao, Role.SQUAD_LEADER)
    client.post(reverse("bureau:outbox"), {"message": str(one.pk)})

    assert health(at=NOON).unheard == 1


def test_an_alarm_that_reaches_nobody_does_not_raise_alarms_without_end(subject):
    make.organisation("bureau")
    one = to_the_squad(subject)

    climb(NOON + HALF)
    climb(NOON + 2 * HALF)

    alarms = Notice.objects.filter(kind="outbox_unheard", copy_of=None)
    assert set(Notice.objects.unheard()) == {one, alarms.get()}


def test_a_message_told_again_by_hand_goes_to_whoever_is_there_now(subject, qibao):
    one, admin = to_the_squad(subject), make.officer(None, Role.SYSADMIN)
    contact(make.officer(qibao, Role.SQUAD_LEADER))

    retry_notice(one, by=admin, at=NOON)

    assert Delivery.objects.filter(notice=one).count() == 1


# being away


def test_a_person_names_an_absence_and_takes_it_back(client, leader):
    client.force_login(leader)
    address = reverse("contacts")

    wrong = client.post(address, {"verb": "away", "starts_at": "2099-01-02T09:00", "ends_at": "2099-01-01T09:00"})
    client.post(address, {"verb": "away", "starts_at": "2099-01-02T09:00", "ends_at": "2099-01-05T09:00"})

    assert wrong.status_code == 400
    assert Absence.objects.get().officer == leader
    client.post(address, {"verb": "back"})
    assert not Absence.objects.at(make.shanghai("2099-01-03 09:00")).exists()


def test_an_absence_ends_in_the_future_and_within_a_year(leader):
    for start, end in ((-2, -1), (1, 1), (0, 400)):
        with pytest.raises(BadValue):
            go_away(leader, starts_at=NOON + timedelta(days=start), ends_at=NOON + timedelta(days=end), at=NOON)


def test_whoever_came_back_is_told_again(subject, leader):
    is_off_duty(leader)
    come_back(leader, at=NOON)

    one = to_the_squad(subject, at=NOON)

    assert copies(one) == set()
    assert not one.is_unheard
