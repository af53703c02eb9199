"""I22: one among a hundred that breaks our own code holds up no other, is tried a few times, and is told of."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bureau.desk.models import Clock, Notice
from bureau.desk.models.notice import MOST_TRIES
from bureau.desk.outbox import deliver_one, health, spreading
from bureau.desk.tasks import BATCH
from bureau.models import Role
from oversight import ladder
from oversight.models import Rung
from tests import make
from tests.bureau.outbox.kit import notice
from tests.faults.invariants import Violation
from tests.make import oversight as make_oversight

pytestmark = [pytest.mark.django_db, pytest.mark.fault]
HUNDRED = 100
RED = make.shanghai("2026-06-22 14:00:10")
PAUSES = [timedelta(0), *(timedelta(hours=hours) for hours in range(2, 12))]


@pytest.fixture
def poison(monkeypatch) -> set:
    """Keys of what breaks: dedupe keys of messages, keys of clocks."""
    keys: set = set()
    spread, reached = spreading.spread, ladder.rungs_reached

    def broken_spread(message, *, at):
        if message.dedupe_key in keys:
            raise ValueError("poison")
        spread(message, at=at)

    def broken_reached(clock, calendar, *, at):
        if clock.pk in keys:
            raise ValueError("poison")
        return reached(clock, calendar, at=at)

    monkeypatch.setattr(spreading, "spread", broken_spread)
    monkeypatch.setattr(ladder, "rungs_reached", broken_reached)
    return keys


@pytest.mark.invariant("I22")
def test_a_message_that_breaks_holds_up_no_other_and_is_tried_five_times(poison: set):
    issue, leader = make.reported_issue(), make.officer(make.unit(), Role.SQUAD_LEADER)
    Notice.objects.update(sent_at=make.MONDAY)
    for number in range(HUNDRED):
        notice(issue, f"told:{number}", at=make.minutes(number), to_officer=leader)
    poison.add("told:0")

    for pause in PAUSES:
        knock(make.minutes(HUNDRED) + pause)
        waiting = Notice.objects.unsent().exclude(dedupe_key="told:0").count()
        if waiting:
            raise Violation(f"{waiting} messages wait behind one that is broken")

    at = make.minutes(HUNDRED) + PAUSES[-1]
    assert Notice.objects.get(dedupe_key="told:0").tries == MOST_TRIES
    assert health(at=at).dead == 1


def knock(at) -> None:
    """As the task does it: no more than a batch."""
    for _ in range(BATCH):
        if not deliver_one(at=at):
            return


@pytest.mark.invariant("I22")
def test_a_clock_that_cannot_climb_holds_up_no_other_and_climbs_when_it_can_again(poison: set):
    make_oversight.real_calendar()
    unit = make.unit()
    make_oversight.seats(unit)
    clocks = [
        make_oversight.clock_on(make_oversight.reported_at(make.MONDAY, unit), "4 working_hours", at=make.MONDAY)
        for _ in range(20)
    ]
    broken = clocks[0]
    poison.add(broken.pk)

    ladder.climb(at=RED)

    climbed = set(Rung.objects.filter(name="urge").values_list("clock", flat=True))
    if climbed != {clock.pk for clock in clocks[1:]}:
        raise Violation(f"{len(climbed)} of 19 clocks climbed beside one that cannot")
    assert Notice.objects.filter(kind="clock_cannot_climb", to_role=Role.SUPERVISION).count() == 1
    ladder.climb(at=RED + timedelta(minutes=50))
    assert Notice.objects.filter(kind="clock_cannot_climb").count() == 1

    poison.clear()
    ladder.climb(at=RED + timedelta(minutes=61))

    broken = Clock.objects.get(pk=broken.pk)
    reached = dict(Rung.objects.filter(clock=broken).values_list("name", "reached_at"))
    assert reached == {"warn": broken.warn_at, "urge": broken.due_at}
