"""The clocks of an issue as its page shows them: the one at the head, why its date, and all of them aside."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as p_

from bureau.desk.calendar import local, midnight
from bureau.desk.clocks import timing_of
from bureau.desk.clockwork import Kind, Timing
from bureau.desk.day_names import day_name_in_words
from bureau.desk.explain import as_json, limit_in_words, sentence
from bureau.desk.models import Clock
from bureau.desk.models.clock import RUNGS, Ladder, Light
from bureau.desk.refusal import Words
from grid.models import Issue
from grid.registrations import CLOCK_LABELS

START_WORDS = {
    "accept": p_("ruler", "Reported"),
    "confirm": p_("ruler", "Asked"),
    "filing": p_("ruler", "Accepted"),
    "dispatch": p_("ruler", "Filed"),
    "handling": p_("ruler", "Dispatched"),
    "response": p_("ruler", "Dispatched"),
    "verification": p_("ruler", "Fed back"),
    "closing": p_("ruler", "Verified"),
}
MET, MET_LATE = "met", "met_late"


@dataclass(frozen=True)
class Shown:
    """One clock at an instant. `left`, `spent` and `whole` are counted seconds; `left` is negative when it is over."""

    clock: Clock
    at: datetime

    @cached_property
    def timing(self) -> Timing:
        """Worked out only where it is shown: it asks for the calendar."""
        return timing_of(self.clock)

    @property
    def until(self) -> datetime:
        return self.clock.met_at or self.at

    @property
    def state(self) -> str:
        """The light, or `met` and `met_late` when it is over."""
        if self.clock.met_at is None:
            return self.clock.light(self.at)
        return MET_LATE if self.clock.met_light == Light.RED else MET

    @property
    def label(self) -> Words:
        return CLOCK_LABELS.get(self.clock.kind, self.clock.kind)

    @property
    def limit(self) -> str:
        return limit_in_words(self.clock.limit)

    @property
    def start_word(self) -> Words:
        return START_WORDS.get(self.clock.kind, "")

    @property
    def has_ladder(self) -> bool:
        return self.clock.ladder == Ladder.FULL

    @cached_property
    def left(self) -> int | None:
        return self.timing.remaining(self.until)

    @cached_property
    def spent(self) -> float:
        return self.timing.elapsed(self.until).total_seconds()

    @cached_property
    def whole(self) -> float:
        return (self.timing.allowed or timedelta()).total_seconds()

    @property
    def period(self) -> float:
        """One rectification period, in counted seconds."""
        return self.timing.rectification.total_seconds()

    @property
    def next_rung(self) -> tuple[str, datetime] | None:
        """The rung of the ladder that comes next if nothing is done."""
        if self.clock.met_at is not None or not self.has_ladder:
            return None
        ahead = [(rung, self.clock.rung_instant(rung)) for rung in RUNGS[Ladder.FULL][1:]]
        return next(((rung, instant) for rung, instant in ahead if instant and instant > self.at), None)

    @property
    def why(self) -> dict[str, Any]:
        """The working of the date, with what ran over the limit when it is red."""
        working = as_json(self.timing)
        over = [] if self.timing.kind is Kind.DATES else list(beyond(self))
        return {**working, "spans": [*working["spans"], *over]}

    @property
    def sentence(self) -> str:
        return sentence(self.timing)


def beyond(shown: Shown) -> Iterable[dict[str, Any]]:
    """What was counted after the limit, and what is left of the periods of the ladder."""
    due, end = shown.timing.due_at, shown.timing.refer_at
    if due is None or end is None or shown.until <= due:
        return
    if shown.timing.kind is Kind.WORKING:
        yield from rests(shown, local(due), local(end if shown.has_ladder else min(shown.until, end)))
    for start, stop, kind in ((due, min(shown.until, end), "overtime"), (max(due, shown.until), end, "rectification")):
        if kind == "rectification" and (not shown.has_ladder or shown.clock.met_at):
            continue
        for begins, ends in countable(shown.timing, start, stop):
            yield {"from": begins.isoformat(), "to": ends.isoformat(), "kind": kind}


def rests(shown: Shown, start: datetime, end: datetime) -> Iterable[dict[str, Any]]:
    """Days off after the limit, with their names."""
    calendar = shown.timing.calendar
    for ordinal in range(start.toordinal() + 1, end.toordinal()):
        on = date.fromordinal(ordinal)
        if not calendar.is_working_day(on):
            span = {"from": midnight(on).isoformat(), "to": midnight(on + timedelta(days=1)).isoformat()}
            yield {**span, "kind": "rest", "name": day_name_in_words(calendar.day_name(on))}


def countable(timing: Timing, start: datetime, end: datetime) -> Iterable[tuple[datetime, datetime]]:
    if start >= end:
        return []
    return timing.calendar.working_spans(start, end) if timing.kind is Kind.WORKING else [(start, end)]


def clocks_of(issue: Issue, at: datetime) -> list[Shown]:
    """All clocks of the issue: running ones first, then what is over, newest first. Two queries."""
    found = [Shown(clock, at) for clock in issue.clocks.prefetch_related("spans")]
    found.sort(key=lambda shown: shown.clock.started_at, reverse=True)
    return sorted(found, key=lambda shown: shown.clock.met_at is not None)


def head_clock(clocks: list[Shown]) -> Shown | None:
    """What runs and is due first, the handler's clocks before the centre's stages; else the handling that was.

    One that is over never hides one that runs; a suspended one stands behind those that count.
    """
    running = sorted((shown for shown in clocks if shown.clock.met_at is None), key=nearness)
    handling = [shown for shown in clocks if shown.clock.kind == "handling"]
    return next(iter([s for s in running if s.has_ladder] + running + handling + clocks), None)


def nearness(shown: Shown) -> tuple[bool, bool, datetime]:
    due = shown.clock.due_at
    return shown.clock.suspended_at is not None, due is None, due or shown.clock.started_at


RUNG_WORDS = {
    "warn": _("Yellow light: whoever handles it is reminded"),
    "urge": _("Still no feedback: red light, an urging notice goes to the unit"),
    "supervise": _("Still no feedback: a supervision notice goes to squad leader and sub-centre"),
    "refer": _("Still no feedback: listed as referral candidate, for a person to decide"),
}
STAGE_WORDS = {
    "warn": _("Yellow light: the post is reminded"),
    "urge": _("Red light: the shift leader is told"),
}
PASSED_WORDS = {
    "warn": _("Yellow light, whoever owed it was reminded"),
    "urge": _("Red light"),
    "supervise": _("Supervision notice due"),
    "refer": _("Listed as referral candidate"),
}
