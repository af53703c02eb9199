"""Limits: an amount of one unit, what it counts in from a given start, and the last day of a period of law.

Numbers of rules are those of grid.md 7.1 and law.md 4.2.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final, Self

from bureau.desk.calendar import WorkingCalendar, add_months, add_natural_days, add_years
from bureau.desk.pauses import Pause, united

HOURS_OF_A_WORKING_DAY: Final = 8
LEAST_RECTIFICATION: Final = timedelta(hours=4)
MOST_RECTIFICATION: Final = timedelta(hours=24)


class Unit(StrEnum):
    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"
    NATURAL_DAYS = "natural_days"
    MONTHS = "months"
    YEARS = "years"
    CLOCK_HOURS = "clock_hours"


MOST: Final = {
    Unit.WORKING_HOURS: 20_000,
    Unit.WORKING_DAYS: 2_500,
    Unit.NATURAL_DAYS: 9_999,
    Unit.MONTHS: 600,
    Unit.YEARS: 50,
    Unit.CLOCK_HOURS: 99_999,
}


HOURS: Final = frozenset({Unit.WORKING_HOURS, Unit.CLOCK_HOURS})


class Kind(StrEnum):
    """In what a clock counts."""

    WORKING = "working"
    CLOCK = "clock"
    DATES = "dates"


class BadLimit(ValueError):
    """A limit that cannot be read, or that does not fit its start or its extension."""


@dataclass(frozen=True)
class Limit:
    """An amount of one unit, written `'5 working_days'`."""

    amount: int | Decimal
    unit: Unit

    def __post_init__(self) -> None:
        whole = int(self.amount)
        object.__setattr__(self, "unit", Unit(self.unit))
        if whole == self.amount:
            object.__setattr__(self, "amount", whole)
        elif self.unit not in HOURS:
            raise BadLimit(f"{self.amount} {self.unit}: only hours may have a fraction")
        if not 0 < self.amount <= MOST[self.unit]:
            raise BadLimit(f"{self.amount} {self.unit}: the amount must be above 0 and at most {MOST[self.unit]}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `'N unit'`; raises BadLimit naming the units there are."""
        match = re.fullmatch(r"\s*([0-9]{1,6}(?:\.[0-9]{1,2})?)\s+([a-z_]+)\s*", text, flags=re.ASCII)
        if match is None or match[2] not in list(Unit):
            raise BadLimit(f"{text!r} is not 'N unit' with a unit of {', '.join(Unit)}")
        return cls(Decimal(match[1]), Unit(match[2]))

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}"

    def kind_from(self, start: date | datetime) -> Kind:
        """In what the limit counts from this start: a date counts dates, an instant counts time where it can."""
        if self.unit in HOURS:
            if not isinstance(start, datetime):
                raise BadLimit(f"{self}: hours need an instant to start from, not a date")
            return Kind.CLOCK if self.unit is Unit.CLOCK_HOURS else Kind.WORKING
        if self.unit is Unit.WORKING_DAYS and isinstance(start, datetime):
            return Kind.WORKING
        return Kind.DATES

    def as_time(self) -> timedelta:
        """The limit as counted time; 1 working day = 8 working hours, 1 natural day = 24 clock hours (R1)."""
        if self.unit in HOURS:
            return timedelta(minutes=int(self.amount * 60))
        if self.unit is Unit.WORKING_DAYS:
            return timedelta(hours=int(self.amount) * HOURS_OF_A_WORKING_DAY)
        if self.unit is Unit.NATURAL_DAYS:
            return timedelta(days=int(self.amount))
        raise BadLimit(f"{self} has no length in hours")

    def after(self, on: date, calendar: WorkingCalendar) -> date:
        """The last day of the period that starts on `on`, first day excluded (law.md 4.2, rules 1 and 2)."""
        days = int(self.amount)
        match self.unit:
            case Unit.WORKING_DAYS:
                return calendar.add_working_days(on, days)
            case Unit.NATURAL_DAYS:
                return add_natural_days(on, days)
            case Unit.MONTHS:
                return add_months(on, days)
            case Unit.YEARS:
                return add_years(on, days)
        raise BadLimit(f"{self}: hours cannot be counted in dates")


@dataclass(frozen=True)
class Extension:
    """A granted extension; before `at` it does not count for the light, `at` None counts from the start."""

    limit: Limit
    at: datetime | None = None


def rectification_period(limit: Limit, kind: Kind) -> timedelta:
    """Q = max(4 h, 50 % of L), at most 24 h, in the limit's own hours (R6); 24 clock hours for dates."""
    if kind is Kind.DATES:
        return MOST_RECTIFICATION
    return min(max(LEAST_RECTIFICATION, limit.as_time() / 2), MOST_RECTIFICATION)


def last_day(
    start: date, limit: Limit, calendar: WorkingCalendar, pauses: Iterable[Pause], extensions: Iterable[Limit]
) -> date | None:
    """The last day of a period before any rolling; None behind a pause that still lasts.

    Each extension continues from the day before it. A clock that stops on S and resumes on R loses R - S days of the
    limit's own kind, half-open, one convention everywhere (law.md 4.2, rule 7).
    """
    due = limit.after(start, calendar)
    for extension in extensions:
        due = extension.after(due, calendar)
    for stopped, resumed in united(pauses):
        if stopped.date() > due:
            break
        if resumed is None:
            return None
        due = _shifted(due, max(start, stopped.date()), resumed.date(), limit, calendar)
    return due


def _shifted(due: date, stopped: date, resumed: date, limit: Limit, calendar: WorkingCalendar) -> date:
    if limit.unit is Unit.WORKING_DAYS:
        return calendar.add_working_days(due, calendar.working_days_between(stopped, resumed))
    return add_natural_days(due, max(0, (resumed - stopped).days))
