"""The working behind a date, span by span: what was counted, what was left out, and why.

Spans are half-open, [start, end): instants for clocks that count time, dates for clocks that count dates.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Literal

from bureau.desk.calendar import DayKind, midnight
from bureau.desk.clockwork import Kind, Timing, Unit
from bureau.desk.pauses import Pause, as_instant

SpanKind = Literal["excluded", "counted", "extended", "rest", "suspended", "stopped", "rolled"]
DAY = timedelta(days=1)
MAKE_UP = "调休上班"


@dataclass(frozen=True)
class Span:
    """`excluded`: the first day, which the law does not count; `extended`: counted beyond the first limit;
    `rolled`: the working day to which a last day was moved. `name`: the rest day's name, the make-up day's (counted,
    though its weekday rests), or the pause's reason.
    """

    start: date | datetime
    end: date | datetime
    kind: SpanKind
    name: str = ""


def spans_of(timing: Timing) -> tuple[Span, ...]:
    """Everything between the start and the due date, in order; up to the pause when one still lasts."""
    if timing.kind is Kind.DATES:
        return tuple(_merged(_days_of(timing)))
    return tuple(sorted(_stretches_of(timing), key=lambda span: span.start))


# clocks that count time


def _stretches_of(timing: Timing) -> Iterator[Span]:
    begin, finish = as_instant(timing.start), _horizon(timing)
    pauses = [(start, end or max(start, finish)) for start, end in timing.uncounted]
    yield from (
        Span(as_instant(pause.start), as_instant(pause.end) if pause.end else finish, pause.kind, pause.reason)
        for pause in timing.pauses
        if as_instant(pause.start) < finish or pause.end is None
    )
    first_limit = timing.reaches(timing.limit.as_time()) or finish
    for start, end in _countable(timing, begin, finish):
        for left, right in _without(start, end, pauses):
            name = made_up(timing, left.date())
            if left < first_limit:
                yield Span(left, min(right, first_limit), "counted", name)
            if right > first_limit:
                yield Span(max(left, first_limit), right, "extended", name)
    if timing.kind is Kind.WORKING:
        for rest in _rests(timing, begin, finish):
            for left, right in _without(as_instant(rest.start), as_instant(rest.end), pauses):
                yield Span(left, right, "rest", rest.name)


def made_up(timing: Timing, on: date) -> str:
    """The name of a make-up working day 调休上班, where working time is counted."""
    if timing.kind is not Kind.WORKING or timing.calendar.day_kind(on) is not DayKind.MAKE_UP:
        return ""
    return timing.calendar.day_name(on) or MAKE_UP


def _horizon(timing: Timing) -> datetime:
    if timing.due_at is not None:
        return timing.due_at
    return max(start for start, end in timing.uncounted if end is None)


def _countable(timing: Timing, begin: datetime, finish: datetime) -> Iterable[tuple[datetime, datetime]]:
    if timing.kind is Kind.WORKING:
        return timing.calendar.working_spans(begin, finish)
    return [(begin, finish)] if begin < finish else []


def _rests(timing: Timing, begin: datetime, finish: datetime) -> Iterator[Span]:
    calendar, on = timing.calendar, begin.date()
    days = []
    while on <= finish.date() and begin < finish:
        if not calendar.is_working_day(on):
            days.append(Span(on, on + DAY, "rest", calendar.day_name(on)))
        on += DAY
    for rest in _merged(days):
        yield Span(max(begin, midnight(rest.start)), min(finish, midnight(rest.end)), "rest", rest.name)


def _without(
    start: datetime, end: datetime, pauses: Iterable[tuple[datetime, datetime]]
) -> Iterator[tuple[datetime, datetime]]:
    for pause, resume in pauses:
        if resume <= start or pause >= end:
            continue
        if start < pause:
            yield start, pause
        start = resume
    if start < end:
        yield start, end


# clocks that count dates


def _days_of(timing: Timing) -> Iterator[Span]:
    """Each day from the start to the last one, as what it was taken for."""
    first = timing.start
    last = timing.due_on or max(start for start, end in timing.uncounted if end is None).date()
    raw = timing.rolled_from or last
    left = _counted_by_first_limit(timing)
    restart = _restart(timing)
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        on = date.fromordinal(ordinal)
        pause = _pause_on(timing.pauses, on)
        rests = not timing.calendar.is_working_day(on)
        if pause is not None:
            yield Span(on, on + DAY, pause.kind, pause.reason)
        elif on in (first, restart):
            yield Span(on, on + DAY, "excluded")
        elif rests and (on > raw or timing.limit.unit is Unit.WORKING_DAYS):
            yield Span(on, on + DAY, "rest", timing.calendar.day_name(on))
        elif on > raw:
            yield Span(on, on + DAY, "rolled")
        else:
            left -= 1
            yield Span(on, on + DAY, "counted" if left >= 0 or not timing.extensions else "extended")


def _counted_by_first_limit(timing: Timing) -> int:
    last = timing.limit.after(timing.start, timing.calendar)
    if timing.limit.unit is Unit.WORKING_DAYS:
        return timing.calendar.working_days_between(timing.start + DAY, last + DAY)
    return (last - timing.start).days


def _restart(timing: Timing) -> date | None:
    """The day on which a clock suspended on its very first day begins: first day again, so not counted."""
    if timing.limit.unit is Unit.WORKING_DAYS and not timing.calendar.is_working_day(timing.start):
        return None
    for start, end in timing.uncounted:
        if end is not None and start.date() <= timing.start < end.date():
            return end.date()
    return None


def _pause_on(pauses: Iterable[Pause], on: date) -> Pause | None:
    return next((p for p in pauses if p.start <= on and (p.end is None or on < p.end)), None)


def _merged(days: Iterable[Span]) -> Iterator[Span]:
    for (kind, name), run in groupby(days, key=lambda span: (span.kind, span.name)):
        spans = list(run)
        start = spans[0]
        for before, after in zip(spans, spans[1:] + [None], strict=True):
            if after is None or after.start != before.end:
                yield Span(start.start, before.end, kind, name)
                start = after or start
