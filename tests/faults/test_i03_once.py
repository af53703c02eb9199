"""I03: a message that comes again, late and out of its turn, by two ways at once, has its effect once."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from random import Random

import pytest

from bureau.desk.models import Channel, Clock, Delivery, Notice
from bureau.desk.models.notice import NoticeReceipt
from bureau.desk.notices import mark_read, post_notice
from bureau.desk.outbox import deliver_one, relay
from bureau.desk.outbox.channels import ADAPTERS
from bureau.models import Role
from grid.models import Issue
from oversight import ladder
from oversight.models import Paper, Rung
from tests import make
from tests.api.callers import V1, by_session
from tests.bureau.outbox.kit import Way, contact
from tests.faults.invariants import Violation
from tests.make import oversight as make_oversight

pytestmark = [pytest.mark.django_db, pytest.mark.fault]
MESSAGES = 12
HOUR = timedelta(hours=1)


@pytest.fixture
def way(monkeypatch) -> Way:
    way = Way()
    monkeypatch.setitem(ADAPTERS, Channel.MAIL, way)
    return way


@pytest.mark.invariant("I03")
def test_each_message_one_to_ten_times_shuffled_and_an_hour_late_leaves_once(way: Way, chance: Random):
    issue, leader = make.reported_issue(), make.officer(make.unit(), Role.SQUAD_LEADER)
    contact(leader)
    Notice.objects.update(sent_at=make.MONDAY)
    orders = [number for number in range(MESSAGES) for _ in range(chance.randint(1, 10))]
    chance.shuffle(orders)

    for at in (make.MONDAY, make.MONDAY + HOUR):
        for number in orders:
            key, params = f"told:{number}", {"paper": f"闵城管催〔2026〕{number}号"}
            post_notice(
                issue, "clock_urge", at=make.MONDAY, dedupe_key=key, to_officer=leader, params=params, is_urgent=True
            )
        redeliver(at)
        relay(Channel.MAIL, at=at)
        relay(Channel.MAIL, at=at)

    sent = Counter(parcel.title for parcel in way.sent)
    if len(sent) != MESSAGES or set(sent.values()) != {1}:
        raise Violation(f"{sum(sent.values())} messages left for {MESSAGES} that were ordered")
    assert Delivery.objects.count() == MESSAGES


def redeliver(at) -> None:
    """Spread all, forget that it was done, and spread all again: what a relay does whose mark was lost."""
    for _ in range(2):
        Notice.objects.update(sent_at=None)
        while deliver_one(at=at):
            pass


@pytest.mark.invariant("I03")
def test_a_sweep_that_comes_again_with_what_it_knew_before_tells_nothing_twice():
    make_oversight.real_calendar()
    unit = make.unit()
    make_oversight.seats(unit)
    clock = make_oversight.clock_on(make_oversight.reported_at(make.MONDAY, unit), "4 working_hours", at=make.MONDAY)
    before = {name: getattr(clock, name) for name in ("next_rung", "next_rung_at")}

    for _ in range(3):
        Clock.objects.filter(pk=clock.pk).update(**before)
        ladder.climb(at=make.shanghai("2026-06-22 18:00:10"))

    told = Notice.objects.filter(kind__startswith="clock_").values_list("kind", "to_organisation", "to_role")
    assert Counter(Rung.objects.values_list("name", flat=True)) == {"warn": 1, "urge": 1, "supervise": 1}
    assert set(Counter(told).values()) == {1}
    assert Paper.objects.count() == 2


def test_a_creation_asked_ten_times_under_one_key_is_made_once():
    inspector = by_session(make.crew(make.unit())["inspector"])
    place = make.point(make.unit())
    body = {
        "type": make.issue_type().code,
        "description": "路口有人设摊",
        "channel": "patrol",
        "address": "1号",
        **place,
    }

    told = [inspector.post(f"{V1}/issues/", body, headers={"Idempotency-Key": "one"}) for _ in range(10)]

    assert {answer.status_code for answer in told} == {201}
    assert len({answer.json()["id"] for answer in told}) == Issue.objects.count() == 1


def test_a_message_read_ten_times_is_read_once():
    issue, leader = make.reported_issue(), make.officer(make.unit(), Role.SQUAD_LEADER)
    post_notice(issue, "clock_urge", at=make.MONDAY, dedupe_key="one", to_officer=leader)

    for minute in range(10):
        mark_read(Notice.objects.filter(dedupe_key="one"), by=leader, at=make.minutes(minute))

    assert NoticeReceipt.objects.get().read_at == make.minutes(0)
