"""Clock arithmetic: from a start, a limit, pauses and extensions to the instants at which something is due.

Three kinds of limit are counted: *working time* (hours, and working days that start at an instant), *clock time*
(hours round the clock) and *dates* (the periods of law: first day excluded, due at 24:00 of the last day). Numbers of
rules are those of grid.md 7.1 and law.md 4.2. Instants are aware, results are in Asia/Shanghai.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Final, Literal

from bureau.desk.calendar import LAST_YEAR, BeyondCalendar, WorkingCalendar, add_natural_days, local, midnight
from bureau.desk.limits import BadLimit, Extension, Kind, Limit, Unit, last_day, rectification_period
from bureau.desk.pauses import Pause, as_day, as_instant, is_before, united

__all__ = ["BadLimit", "Extension", "Kind", "Light", "Limit", "Pause", "Timing", "Unit", "extension_refusal", "project"]

NOTHING: Final = timedelta(0)
Roll = Literal["none", "forward"]


class Light(StrEnum):
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    GREY = "grey"


@dataclass(frozen=True)
class Timing:
    """What a clock knows about its instants. None: behind a pause that still lasts.

    `due_at` is the end of the last day (next midnight) for a clock counted in dates; `due_on` is that last day, and
    `rolled_from` the rest day from which it was moved. `provisional`: an instant of the ladder hangs on a year whose
    days are not loaded; `due_provisional`: the due date itself does.
    """

    start: date | datetime
    limit: Limit
    kind: Kind
    calendar: WorkingCalendar = field(repr=False)
    pauses: tuple[Pause, ...]
    extensions: tuple[Extension, ...]
    roll: Roll
    counting_from: datetime
    allowed: timedelta | None
    rectification: timedelta
    due_on: date | None
    rolled_from: date | None

    # the ladder

    @cached_property
    def warn_at(self) -> datetime | None:
        """Elapsed = 0.8 E: the colour turns yellow just after (R5)."""
        return None if self.allowed is None else self.reaches(self.allowed * 4 / 5)

    @cached_property
    def due_at(self) -> datetime | None:
        """Elapsed = E: red just after, and the urging notice (R5, R6)."""
        return None if self.allowed is None else self.reaches(self.allowed)

    @cached_property
    def supervise_at(self) -> datetime | None:
        """Elapsed = E + Q (R7)."""
        return None if self.allowed is None else self.reaches(self.allowed + self.rectification)

    @cached_property
    def refer_at(self) -> datetime | None:
        """Elapsed = E + 2 Q (R8)."""
        return None if self.allowed is None else self.reaches(self.allowed + 2 * self.rectification)

    @cached_property
    def duty_at(self) -> datetime | None:
        """When a person must turn to the referral: the next working instant for what counts round the clock (R8)."""
        if self.refer_at is None or self.kind is Kind.WORKING:
            return self.refer_at
        return self.calendar.next_working_instant(self.refer_at)

    @cached_property
    def provisional(self) -> bool:
        """Hours round the clock need no calendar and never wait for one."""
        last = self.refer_at or self.due_at or self.warn_at or self.counting_from
        return self.kind is not Kind.CLOCK and self.calendar.is_provisional(self.start, last)

    @cached_property
    def due_provisional(self) -> bool:
        last = self.due_on or self.counting_from
        return self.kind is not Kind.CLOCK and self.calendar.is_provisional(self.start, last)

    # at an instant

    def elapsed(self, at: datetime) -> timedelta:
        """Counted time from the start to `at`, less pauses, in the limit's own kind (R3)."""
        return sum((self._between(start, min(end or at, at)) for start, end in self._running if start < at), NOTHING)

    def allowed_at(self, at: datetime) -> timedelta | None:
        """E as it was at `at`: the limit and the extensions granted by then; None: not known while paused."""
        granted = tuple(e for e in self.extensions if e.at is None or e.at <= at)
        if len(granted) == len(self.extensions):
            return self.allowed
        return project(
            self.start, self.limit, self.calendar, pauses=self.pauses, extensions=granted, roll=self.roll
        ).allowed

    def remaining(self, at: datetime) -> int | None:
        """Counted seconds left at `at`, negative when overdue; None: not known while a date-counted clock is paused."""
        allowed = self.allowed_at(at)
        return None if allowed is None else int((allowed - self.elapsed(at)).total_seconds())

    def is_suspended(self, at: datetime) -> bool:
        return any(p.kind == "suspended" and as_instant(p.start) <= at and is_before(at, p.end) for p in self.pauses)

    def light(self, at: datetime) -> Light:
        """Green to 0.8 E, yellow to E, red above, both ends in the lower colour; grey while suspended (R5)."""
        allowed = self.allowed_at(at)
        if allowed is None or self.is_suspended(at):
            return Light.GREY
        elapsed = self.elapsed(at)
        if elapsed > allowed:
            return Light.RED
        return Light.YELLOW if elapsed * 5 > allowed * 4 else Light.GREEN

    def reaches(self, amount: timedelta) -> datetime | None:
        """The first instant at which the elapsed time is `amount`; None when a lasting pause lies before it.

        Where a pause begins at exactly that instant the answer is the pause's end: nothing turns while it lasts.
        """
        for start, end in self._running:
            if end is None:
                return self._add(start, amount)
            counted = self._between(start, end)
            if amount < counted or (amount == counted and not self._costs(end)):
                return self._add(start, amount)
            amount -= counted
        return None

    # inside

    @cached_property
    def uncounted(self) -> tuple[tuple[datetime, datetime | None], ...]:
        """The pauses as disjoint instants [start, end) in order."""
        return united(self.pauses)

    @cached_property
    def _running(self) -> tuple[tuple[datetime, datetime | None], ...]:
        spans: list[tuple[datetime, datetime | None]] = []
        start = self.counting_from
        for pause, resume in self.uncounted:
            if pause > start:
                spans.append((start, pause))
            if resume is None:
                return tuple(spans)
            start = max(start, resume)
        return (*spans, (start, None))

    def _costs(self, pause: datetime) -> bool:
        """Whether the pause that begins at `pause` takes away any counted time."""
        resume = next(end for start, end in self.uncounted if start == pause)
        return resume is None or self._between(pause, resume) > NOTHING

    def _between(self, start: datetime, end: datetime) -> timedelta:
        if self.kind is Kind.WORKING:
            return self.calendar.working_time_between(start, end)
        return max(NOTHING, end - start)

    def _add(self, instant: datetime, amount: timedelta) -> datetime:
        if self.kind is Kind.WORKING:
            return self.calendar.add_working_time(instant, amount)
        return local(instant) + amount


def project(
    start: date | datetime,
    limit: Limit,
    calendar: WorkingCalendar,
    *,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Extension] = (),
    roll: Roll = "none",
) -> Timing:
    """Compute every instant of a clock.

    `start` is an aware instant, or a date for what the law counts in dates. An instant with natural days, months or
    years counts dates from its Shanghai date. `roll` moves the last day of such a period off a rest day (Civil Code
    203); it is refused for clock hours. Raises BadLimit, and BeyondCalendar past the year 2099.
    """
    kind = limit.kind_from(start)
    facts = (tuple(sorted(pauses, key=lambda pause: as_instant(pause.start))), tuple(extensions))
    if kind is Kind.DATES:
        timing = _project_dates(start, limit, calendar, *facts, roll)
    else:
        timing = _project_time(start, limit, kind, calendar, *facts, roll)
    if timing.due_on is not None and timing.due_on.year > LAST_YEAR:
        raise BeyondCalendar(f"{limit} reaches beyond {LAST_YEAR}")
    return timing


def extension_refusal(timing: Timing, at: datetime) -> str | None:
    """Why an extension asked at `at` must be refused, as a code; None when it may be asked (R4)."""
    if timing.is_suspended(at):
        return "E_CLOCK_SUSPENDED"
    allowed = timing.allowed_at(at)
    if allowed is None or timing.elapsed(at) > allowed:
        return "E_EXTENSION_LATE"
    return None


def _project_time(
    start: date | datetime,
    limit: Limit,
    kind: Kind,
    calendar: WorkingCalendar,
    pauses: tuple[Pause, ...],
    extensions: tuple[Extension, ...],
    roll: Roll,
) -> Timing:
    if roll == "forward" and kind is Kind.CLOCK:
        raise BadLimit(f"{limit}: hours round the clock never roll to a working day")
    for extension in extensions:
        if extension.limit.kind_from(start) is not kind:
            raise BadLimit(f"{limit} cannot be extended by {extension.limit}")
    begin = as_instant(start)
    timing = Timing(
        start=begin,
        limit=limit,
        kind=kind,
        calendar=calendar,
        pauses=pauses,
        extensions=extensions,
        roll=roll,
        counting_from=calendar.next_working_instant(begin) if kind is Kind.WORKING else begin,
        allowed=sum((extension.limit.as_time() for extension in extensions), limit.as_time()),
        rectification=rectification_period(limit, kind),
        due_on=None,
        rolled_from=None,
    )
    if timing.due_at is not None:
        object.__setattr__(timing, "due_on", timing.due_at.date())
    return timing


def _project_dates(
    start: date | datetime,
    limit: Limit,
    calendar: WorkingCalendar,
    pauses: tuple[Pause, ...],
    extensions: tuple[Extension, ...],
    roll: Roll,
) -> Timing:
    first = as_day(start)
    days = tuple(Pause(as_day(p.start), p.end and as_day(p.end), p.kind, p.reason) for p in pauses)
    raw = last_day(first, limit, calendar, days, [extension.limit for extension in extensions])
    due_on = calendar.roll_forward(raw) if raw and roll == "forward" else raw
    counting_from = midnight(add_natural_days(first, 1))
    return Timing(
        start=first,
        limit=limit,
        kind=Kind.DATES,
        calendar=calendar,
        pauses=days,
        extensions=extensions,
        roll=roll,
        counting_from=counting_from,
        allowed=_span(counting_from, due_on, days),
        rectification=rectification_period(limit, Kind.DATES),
        due_on=due_on,
        rolled_from=raw if raw != due_on else None,
    )


def _span(counting_from: datetime, due_on: date | None, pauses: Iterable[Pause]) -> timedelta | None:
    """The clock time from the first counted day to 24:00 of the last, less the pauses in between."""
    if due_on is None:
        return None
    due_at = midnight(add_natural_days(due_on, 1))
    paused = sum(
        (max(NOTHING, min(end or due_at, due_at) - max(start, counting_from)) for start, end in united(pauses)),
        NOTHING,
    )
    return due_at - counting_from - paused
