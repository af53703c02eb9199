"""The clocks of a case as its page shows them: an axis of days, why the date, and all of them aside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bureau.desk.calendar import midnight
from bureau.desk.clocks import timing_of
from bureau.desk.clockwork import Timing, project
from bureau.desk.explain import limit_in_words, sentence, span_in_words
from bureau.desk.models import Clock
from bureau.desk.models.clock import RUNGS, Ladder, Light
from bureau.desk.readings import counted
from bureau.desk.refusal import Words
from bureau.desk.spans import Span, spans_of
from bureau.face.panels import Happening
from cases.models import Case
from cases.registrations import CLOCK_LABELS

ONE_DAY = timedelta(days=1)
WIDTH, FLAG = 756.0, 110.0
BARS = {"red": "r-used", "yellow": "r-yellow", "green": "r-green", "grey": "r-grey"}
START_WORDS: Mapping[str, Words] = {
    "verification": pgettext_lazy("axis of a case", "Lead opened"),
    "decision": pgettext_lazy("axis of a case", "Filed"),
}


@dataclass(frozen=True)
class Axis:
    """The days of a clock on a line of `WIDTH`: how far it is, where yellow begins, where today stands."""

    css: str
    used: float
    tick: float
    now: float
    flag: float
    flag_middle: float
    day: int
    is_over: bool


@dataclass(frozen=True)
class DaySpan:
    """A row of the working: first and last day, how many days, and what they were."""

    first: date
    last: date
    days: int
    words: str


@dataclass(frozen=True)
class CaseClock:
    """One clock that counts dates, at an instant. `left` is in seconds, negative when it is over."""

    clock: Clock
    timing: Timing
    at: datetime

    @property
    def until(self) -> datetime:
        return timezone.localtime(self.clock.met_at or self.at)

    @property
    def state(self) -> str:
        """The light, or `met` and `met_late` when it is over."""
        if self.clock.met_at is None:
            return self.clock.light(self.at)
        return "met_late" if self.clock.met_light == Light.RED else "met"

    @property
    def limit(self) -> str:
        return limit_in_words(self.clock.limit)

    @property
    def left(self) -> int | None:
        """As lists count it: working time for a limit in working days, else clock time."""
        due = self.timing.due_at
        return counted(self.clock, self.until, due, self.timing.calendar) if due else None

    @property
    def sentence(self) -> str:
        return sentence(self.timing)

    @property
    def label(self) -> Words:
        return CLOCK_LABELS.get(self.clock.kind, self.clock.kind)

    @property
    def start_word(self) -> Words:
        return START_WORDS.get(self.clock.kind, "")

    @property
    def started_on(self) -> date:
        return day_of(self.timing.start)

    @property
    def due_on(self) -> date | None:
        return self.timing.due_on

    @property
    def warn_on(self) -> datetime | None:
        return self.timing.warn_at

    @property
    def days_left(self) -> int | None:
        """Whole days to the last one: 0 on the last day, negative after it."""
        due = self.timing.due_on
        return (due - self.until.date()).days if due else None

    @property
    def rolled_on(self) -> date | None:
        """The working day to which a last day that is a rest day would move; None when it is a working day."""
        timing = self.timing
        if timing.due_on is None:
            return None
        rolled = project(
            timing.start, timing.limit, timing.calendar, pauses=timing.pauses, extensions=timing.extensions,
            roll="forward",
        ).due_on  # fmt: skip
        return rolled if rolled != timing.due_on else None

    @property
    def rows(self) -> list[DaySpan]:
        return [day_span(span) for span in spans_of(self.timing)]

    @property
    def axis(self) -> Axis | None:
        start, end = midnight(self.started_on + ONE_DAY), self.timing.due_at
        if end is None or self.timing.warn_at is None:
            return None
        whole = (end - start).total_seconds()
        now = share(start, self.until, whole) * WIDTH
        flag = min(max(now - FLAG / 2, 0.0), WIDTH - FLAG)
        return Axis(
            css=BARS.get(self.clock.light(self.at) or "green", "r-green"),
            used=round(now, 1),
            tick=round(share(start, self.timing.warn_at, whole) * WIDTH, 1),
            now=round(now, 1),
            flag=round(flag, 1),
            flag_middle=round(flag + FLAG / 2, 1),
            day=max((self.until.date() - self.started_on).days, 0),
            is_over=self.until > end,
        )


def share(start: datetime, at: datetime, whole: float) -> float:
    return min(max((at - start).total_seconds() / whole, 0.0), 1.0) if whole > 0 else 1.0


def day_of(start: Any) -> date:
    return start.date() if isinstance(start, datetime) else start


def day_span(span: Span) -> DaySpan:
    first, end = day_of(span.start), day_of(span.end)
    return DaySpan(first, end - ONE_DAY, (end - first).days, span_in_words(span))


def clocks_of(case: Case, at: datetime) -> list[CaseClock]:
    """All clocks: running ones first, then what is over, newest first. Two queries, and the calendar."""
    found = [CaseClock(clock, timing_of(clock), at) for clock in case.clocks.prefetch_related("spans")]
    found.sort(key=lambda shown: shown.clock.started_at, reverse=True)
    return sorted(found, key=lambda shown: shown.clock.met_at is not None)


def turned_of(shown: CaseClock) -> list[Happening]:
    """The lights and rungs that this clock passed."""
    return [
        Happening(instant, PASSED[rung], mark="yellow" if rung == "warn" else "", seal="" if rung == "warn" else rung)
        for rung in RUNGS[Ladder.FULL]
        if (instant := shown.clock.rung_instant(rung)) is not None and instant < shown.until
    ]


def ahead_of(clocks: list[CaseClock]) -> list[Happening]:
    """What comes if nothing is done, the furthest first."""
    coming = [
        Happening(instant, COMING[rung], mark="yellow" if rung == "warn" else "", seal="" if rung == "warn" else rung)
        for shown in clocks
        if shown.clock.met_at is None and shown.clock.suspended_at is None
        for rung in RUNGS[Ladder.FULL]
        if (instant := shown.clock.rung_instant(rung)) is not None and instant > shown.at
    ]
    return sorted(coming, key=lambda happening: happening.at)[::-1]


PASSED: Mapping[str, Words] = {
    "warn": _("Yellow light, whoever owed it was reminded"),
    "urge": _("Red light"),
    "supervise": _("Supervision notice due"),
    "refer": _("Listed as referral candidate"),
}
COMING: Mapping[str, Words] = {
    "warn": _("Yellow light: whoever owes it is reminded"),
    "urge": _("Still not done: red light, an urging notice is issued"),
    "supervise": _("Still not done: a supervision notice follows"),
    "refer": _("Still not done: listed as referral candidate, for a person to decide"),
}
