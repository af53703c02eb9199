"""The working calendar: which days and which hours count, as pure arithmetic over given days.

Every instant goes in aware and comes out in Asia/Shanghai; nothing here asks what time it is. A year whose days were
not loaded is computed from weekends and statutory holidays alone, and whatever touches it is provisional.
"""

import calendar as gregorian
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from holidays import country_holidays

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
FIRST_YEAR: Final = 1950
LAST_YEAR: Final = 2099
MICROSECOND: Final = timedelta(microseconds=1)
SUBSTITUTED: Final = "休息日"

Period = tuple[time, time]
DEFAULT_PERIODS: Final[tuple[Period, ...]] = ((time(9), time(12)), (time(13), time(18)))


class BeyondCalendar(ValueError):
    """A sum left the years for which days can be known (1950-2099)."""


class DayKind(StrEnum):
    WORKING = "working"
    MAKE_UP = "make_up"  # 调休上班: a weekend day that is worked
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


class DayMark(NamedTuple):
    """A day that differs from its weekday, or carries a name: (is it worked, what it is called)."""

    is_working: bool
    name: str


class _Day(NamedTuple):
    """Counted microseconds of one day and its periods as microseconds after midnight."""

    counted: int
    periods: tuple[tuple[int, int], ...]


_REST = _Day(0, ())


@lru_cache(maxsize=256)
def statutory_holidays(year: int) -> Mapping[date, str]:
    """The statutory holidays of a year without any weekend swap; the best that is known before the notice appears."""
    named = country_holidays("CN", years=year, observed=False, language="zh_CN")
    return MappingProxyType({on: name for on, name in named.items() if SUBSTITUTED not in name})


def local(instant: datetime) -> datetime:
    """The same instant in Asia/Shanghai.

    Raises ValueError for a naive instant: a time without a zone is a guess.
    """
    if instant.tzinfo is None:
        raise ValueError(f"naive instant: {instant.isoformat()}")
    return instant.astimezone(SHANGHAI)


def midnight(on: date) -> datetime:
    """00:00 of the day in Asia/Shanghai."""
    return datetime(on.year, on.month, on.day, tzinfo=SHANGHAI)


def add_natural_days(on: date, days: int) -> date:
    """The day `days` after `on`; the first day is not counted (Civil Code 201)."""
    return on + timedelta(days=days)


def add_months(on: date, months: int) -> date:
    """The same day number `months` later; a missing day becomes the month's last (Civil Code 202)."""
    years, month = divmod(on.month - 1 + months, 12)
    year, month = on.year + years, month + 1
    return date(year, month, min(on.day, gregorian.monthrange(year, month)[1]))


def add_years(on: date, years: int) -> date:
    """The same day `years` later; 29 February becomes the 28th where there is none (Civil Code 202)."""
    return add_months(on, 12 * years)


@dataclass(frozen=True)
class WorkingCalendar:
    """The days and periods of work.

    `marks` holds only days that differ from their weekday or have a name; `years` the years that were loaded;
    `periods` the working periods by the date from which they hold (the default ones hold before the first); `token`
    names the edition it was read as.
    """

    marks: Mapping[date, DayMark] = field(default_factory=dict, hash=False)
    years: frozenset[int] = frozenset()
    periods: tuple[tuple[date, tuple[Period, ...]], ...] = ()
    token: UUID | None = field(default=None, compare=False)
    _days: dict[int, _Day] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "periods", tuple(sorted(self.periods)))

    # days

    def mark_of(self, on: date) -> DayMark | None:
        """What is written about the day; for an unloaded year the statutory holiday, if it is one."""
        if on.year in self.years:
            return self.marks.get(on)
        if not FIRST_YEAR <= on.year <= LAST_YEAR:
            raise BeyondCalendar(f"no calendar for the year {on.year}")
        name = statutory_holidays(on.year).get(on)
        return DayMark(False, name) if name else None

    def is_working_day(self, on: date) -> bool:
        """Monday to Friday without a holiday, or a make-up day 调休上班 (law.md 4.2, rule 4)."""
        mark = self.mark_of(on)
        return mark.is_working if mark else on.weekday() < 5

    def day_kind(self, on: date) -> DayKind:
        mark = self.mark_of(on)
        if mark is None:
            return DayKind.WORKING if on.weekday() < 5 else DayKind.WEEKEND
        if not mark.is_working:
            return DayKind.HOLIDAY
        return DayKind.MAKE_UP if on.weekday() >= 5 else DayKind.WORKING

    def day_name(self, on: date) -> str:
        """The name of the holiday or of the make-up day as it was loaded; empty for a plain day or weekend."""
        mark = self.mark_of(on)
        return mark.name if mark else ""

    def roll_forward(self, on: date) -> date:
        """The day itself when it is worked, else the next worked day (Civil Code 203)."""
        while not self.is_working_day(on):
            on += timedelta(days=1)
        return on

    def previous_working_day(self, on: date) -> date:
        """The last working day before `on`, never `on` itself."""
        on -= timedelta(days=1)
        while not self.is_working_day(on):
            on -= timedelta(days=1)
        return on

    def add_working_days(self, on: date, days: int) -> date:
        """The `days`-th working day after `on`; the first day is not counted."""
        ordinal = on.toordinal()
        while days > 0:
            ordinal += 1
            days -= self.is_working_day(date.fromordinal(ordinal))
        return date.fromordinal(ordinal)

    def working_days_between(self, start: date, end: date) -> int:
        """The working days of [start, end)."""
        return sum(
            self.is_working_day(date.fromordinal(ordinal)) for ordinal in range(start.toordinal(), end.toordinal())
        )

    def is_provisional(self, start: date, end: date) -> bool:
        """Whether any year from `start` to `end` was not loaded; instants are read as their Shanghai dates."""
        first, last = (local(at).date() if isinstance(at, datetime) else at for at in (start, end))
        return any(year not in self.years for year in range(first.year, last.year + 1))

    # hours

    def periods_on(self, on: date) -> tuple[Period, ...]:
        """The working periods in force on the day; none on a rest day."""
        if not self.is_working_day(on):
            return ()
        held = DEFAULT_PERIODS
        for valid_from, periods in self.periods:
            if valid_from <= on:
                held = periods
        return held

    def period_at(self, instant: datetime) -> tuple[datetime, datetime] | None:
        """The working period [start, end) that holds the instant, or None."""
        ordinal, now = _split(instant)
        for opens, closes in self._day(ordinal).periods:
            if opens <= now < closes:
                return _join(ordinal, opens), _join(ordinal, closes)
        return None

    def next_working_instant(self, instant: datetime) -> datetime:
        """The instant itself inside working time, else the start of the next working period."""
        ordinal, now = _split(instant)
        while True:
            for opens, closes in self._day(ordinal).periods:
                if now < closes:
                    return _join(ordinal, max(opens, now))
            ordinal, now = ordinal + 1, 0

    def working_time_between(self, start: datetime, end: datetime) -> timedelta:
        """The working time of [start, end); nothing when `end` is not after `start`."""
        first, now = _split(start)
        last, until = _split(end)
        if (first, now) >= (last, until):
            return timedelta(0)
        if first == last:
            return timedelta(microseconds=_overlap(self._day(first), now, until))
        counted = _overlap(self._day(first), now, _DAY) + _overlap(self._day(last), 0, until)
        counted += sum(self._day(ordinal).counted for ordinal in range(first + 1, last))
        return timedelta(microseconds=counted)

    def add_working_time(self, instant: datetime, amount: timedelta) -> datetime:
        """The first instant at which `amount` of working time has passed.

        An instant that ends a working period is written as that end, 18:00, not as next morning (grid.md R5).
        """
        left = amount // MICROSECOND
        if left <= 0:
            return local(instant)
        ordinal, now = _split(instant)
        while True:
            day = self._day(ordinal)
            if now == 0 and day.counted < left:
                left -= day.counted
            else:
                for opens, closes in day.periods:
                    begin = max(opens, now)
                    if 0 < left <= closes - begin:
                        return _join(ordinal, begin + left)
                    left -= max(0, closes - begin)
            ordinal, now = ordinal + 1, 0

    def working_spans(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The working periods of [start, end), cut to it, in order."""
        first, now = _split(start)
        last, until = _split(end)
        for ordinal in range(first, last + 1):
            for opens, closes in self._day(ordinal).periods:
                begin = max(opens, now) if ordinal == first else opens
                finish = min(closes, until) if ordinal == last else closes
                if begin < finish:
                    yield _join(ordinal, begin), _join(ordinal, finish)

    def _day(self, ordinal: int) -> _Day:
        day = self._days.get(ordinal)
        if day is None:
            day = self._days[ordinal] = _measured(self.periods_on(date.fromordinal(ordinal)))
        return day


_DAY = timedelta(days=1) // MICROSECOND


def _measured(periods: tuple[Period, ...]) -> _Day:
    if not periods:
        return _REST
    spans = tuple((_after_midnight(opens), _after_midnight(closes) or _DAY) for opens, closes in periods)
    return _Day(sum(closes - opens for opens, closes in spans), spans)


def _after_midnight(at: time) -> int:
    return ((at.hour * 60 + at.minute) * 60 + at.second) * 1_000_000 + at.microsecond


def _split(instant: datetime) -> tuple[int, int]:
    here = local(instant)
    return here.toordinal(), _after_midnight(here.time())


def _join(ordinal: int, microseconds: int) -> datetime:
    return midnight(date.fromordinal(ordinal)) + timedelta(microseconds=microseconds)


def _overlap(day: _Day, start: int, end: int) -> int:
    return sum(max(0, min(closes, end) - max(opens, start)) for opens, closes in day.periods)
