"""No sequence of one organisation's own actions lowers the time it used without another's approval (T06).

Random sequences of everything that the handling unit may try (its desk, which may act as the centre in its own unit,
among them), with time passing between. Nobody else acts, so nothing may ever lower what was used.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bureau.desk.clocks import reopen_clocks, timing_of
from bureau.desk.models import Clock, ClockRequest
from bureau.desk.refusal import Refusal
from bureau.desk.requests import Asked, ask, decide, lift, withdraw
from bureau.models import Officer
from grid.actions import move_issue
from grid.models import Issue
from tests.make import grid as make
from tests.make import oversight as make_oversight

pytestmark = pytest.mark.django_db
OWN = ("squad_leader", "squad_officer", "unit_desk")
VERBS = (
    "take", "arrive", "feed_back", "withdraw_feedback", "ask_verification",
    "dispatch", "redispatch", "rework", "verify",
)  # fmt: skip
ASKS = (
    Asked("extension", "evidence", amount="4"),
    Asked("suspension", "weather", resume_on=date(2026, 6, 30)),
    Asked("deferral", "season", resume_on=date(2026, 7, 6)),
    Asked("return", "not_our_duty"),
    Asked("void", "duplicate"),
    Asked("rework", "still_there"),
)
own_role = st.sampled_from(OWN)
step = st.one_of(
    st.tuples(st.just("move"), own_role, st.sampled_from(VERBS)),
    st.tuples(st.just("ask"), own_role, st.sampled_from(ASKS)),
    st.tuples(st.just("withdraw"), own_role, st.none()),
    st.tuples(st.just("decide"), own_role, st.booleans()),
    st.tuples(st.just("lift"), own_role, st.none()),
)
steps = st.lists(st.tuples(st.integers(1, 240), step), min_size=4, max_size=14)


class Unit:
    """A unit that does what it likes with one issue of eight working hours."""

    def __init__(self) -> None:
        make_oversight.real_calendar()
        self.issue: Issue = make.issue_in("handling", type="B1")
        self.people: dict[str, Officer] = make.crew(self.issue.unit)

    def do(self, kind: str, role: str, what: Any, *, at: datetime) -> None:
        """Try it; a refusal is as good as nothing done."""
        by = Officer.objects.get(pk=self.people[role].pk)
        issue = Issue.objects.get(pk=self.issue.pk)
        try:
            with transaction.atomic():
                getattr(self, kind)(issue, what, by, at)
        except (Refusal, Issue.DoesNotExist, ClockRequest.DoesNotExist, Clock.DoesNotExist):
            return

    def move(self, issue: Issue, verb: str, by: Officer, at: datetime) -> None:
        facts: dict[str, Any] = {
            "feed_back": {"outcome": "fixed", "photos": [make.photo()]},
            "redispatch": {"to": "qibao-sub-centre", "reason": "wrong_body"},
            "rework": {"note": "仍有"},
        }.get(verb, {})
        move_issue(issue, verb, by=by, at=at, **facts)

    def ask(self, issue: Issue, asked: Asked, by: Officer, at: datetime) -> None:
        ask(issue, asked, by=by, at=at)

    def withdraw(self, issue: Issue, _: None, by: Officer, at: datetime) -> None:
        withdraw(ClockRequest.objects.about(issue).pending().latest("asked_at"), by=by, at=at)

    def decide(self, issue: Issue, is_granted: bool, by: Officer, at: datetime) -> None:
        request = ClockRequest.objects.about(issue).pending().latest("asked_at")
        decide(request, is_granted=is_granted, reason="同意", by=by, at=at)

    def lift(self, issue: Issue, _: None, by: Officer, at: datetime) -> None:
        lift(Clock.objects.about(issue).running().get(kind="handling"), issue, by=by, at=at)

    def used(self, at: datetime) -> float:
        """What the unit used of its handling limit: the clock of the first dispatch, which nothing of its own ends."""
        clock = self.issue.clocks.filter(kind="handling").earliest("started_at")
        return timing_of(clock).elapsed(min(at, clock.met_at or at)).total_seconds()

    def clocks(self) -> int:
        return self.issue.clocks.filter(kind="handling").count()


def lowered(sequence: list[Any]) -> bool:
    """Whether the time used ever fell, or the limit began afresh."""
    with transaction.atomic():
        unit = Unit()
        at, before = make.minutes(5), 0.0
        try:
            for minutes, (kind, role, what) in sequence:
                at += timedelta(minutes=minutes)
                unit.do(kind, role, what, at=at)
                used = unit.used(at)
                if used < before or unit.clocks() > 1:
                    return True
                before = used
            return False
        finally:
            transaction.set_rollback(True)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps)
def test_nothing_that_the_unit_does_alone_lowers_the_time_it_used(sequence):
    assert not lowered(sequence)


FED_BACK_AND_TAKEN_BACK = [
    (60, ("move", "squad_leader", "feed_back")),
    (120, ("move", "squad_leader", "withdraw_feedback")),
]


def test_a_feedback_taken_back_counts_the_time_between():
    assert not lowered(FED_BACK_AND_TAKEN_BACK)


def test_the_check_sees_a_hole_when_there_is_one(monkeypatch):
    def begun_anew(subject, kinds, duty, *, at):
        reopen_clocks(subject, kinds, duty, at=at)
        Clock.objects.about(subject).filter(kind="handling").update(started_at=at)

    monkeypatch.setattr("bureau.desk.clocks.reopen_clocks", begun_anew)

    assert lowered(FED_BACK_AND_TAKEN_BACK)
