"""The calendar as it stands in the rows: read, kept per process, and replaced a year at a time."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bureau.desk.calendar import FIRST_YEAR, LAST_YEAR, DayKind, DayMark, Period, WorkingCalendar
from bureau.desk.models.calendar import CalendarDay, CalendarEdition, CalendarVersion, CalendarYear, WorkPeriod
from bureau.desk.refusal import BadValue, Words, raise_all

if TYPE_CHECKING:
    from bureau.models.people import Officer

FEWEST_WORKING_DAYS = 240
MOST_WORKING_DAYS = 262


class DayRow(NamedTuple):
    """One day that differs from its weekday or has a name."""

    on: date
    is_working: bool
    name: str


class DayFault(NamedTuple):
    """What is wrong with a row: its place in the list (from 0; None for the whole) and the reason."""

    place: int | None
    reason: Words

    @property
    def pointer(self) -> str:
        return "/rows" if self.place is None else f"/rows/{self.place}"


@dataclass
class _Kept:
    """The copy of this process and the version it was read at."""

    token: uuid.UUID | None = None
    calendar: WorkingCalendar | None = field(default=None)
    editions: dict[uuid.UUID, WorkingCalendar] = field(default_factory=dict)


_kept = _Kept()


def current_calendar() -> WorkingCalendar:
    """The calendar of the rows: one query when nothing changed, four when it did.

    The token is read before the rows, so a copy is at worst marked older than it is and read once more.
    """
    token = CalendarVersion.objects.values_list("token", flat=True).first()
    if _kept.calendar is None or _kept.token != token:
        _kept.calendar, _kept.token = _read(token), token
    return _kept.calendar


def calendar_of(token: uuid.UUID | None, present: WorkingCalendar) -> WorkingCalendar:
    """The calendar as it stood under that token; `present` when it stands so still, or when no edition was kept.

    A change of the calendar concerns later work only (grid.md R15). One query for an edition in the life of a process.
    """
    if token is None or token == present.token:
        return present
    if token not in _kept.editions:
        edition = CalendarEdition.objects.filter(pk=token).first()
        if edition is None:
            return present
        _kept.editions[token] = _calendar_from(edition)
    return _kept.editions[token]


@transaction.atomic
def load_year(
    year: int, rows: Sequence[DayRow], *, by: Officer | None, at: datetime | None, source: str
) -> tuple[DayRow, ...]:
    """Replace the days of a year and mark it loaded; returns the rows that changed (added, altered, removed).

    The caller then calls `recalculation.recompute_provisional(at=)`. Raises BadValue, or Several of it, for the faults
    of the year.
    """
    faults = faults_of_year(year, rows)
    raise_all([BadValue(fault.reason, code="bad_calendar_year", pointer=fault.pointer) for fault in faults])
    _lock()
    before = {DayRow(*row) for row in CalendarDay.objects.filter(on__year=year).values_list("on", "is_working", "name")}
    CalendarDay.objects.filter(on__year=year).delete()
    CalendarDay.objects.bulk_create(CalendarDay(**row._asdict(), source=source) for row in rows)
    CalendarYear.objects.update_or_create(year=year, defaults={"loaded_at": at, "loaded_by": by, "source": source})
    _bump()
    return tuple(sorted(before ^ set(rows)))


@transaction.atomic
def set_work_periods(valid_from: date, periods: Sequence[Period]) -> None:
    """The working periods from a date on; raises BadValue when they overlap or are none."""
    ordered = sorted(periods)
    if not ordered or any(opens >= closes for opens, closes in ordered):
        raise BadValue(_("Working periods must open before they close."), code="bad_work_period", pointer="/periods")
    if any(before[1] > after[0] for before, after in pairwise(ordered)):
        raise BadValue(_("Working periods must not overlap."), code="bad_work_period", pointer="/periods")
    _lock()
    WorkPeriod.objects.filter(valid_from=valid_from).delete()
    WorkPeriod.objects.bulk_create(
        WorkPeriod(valid_from=valid_from, opens=opens, closes=closes) for opens, closes in ordered
    )
    _bump()


def faults_of_year(year: int, rows: Sequence[DayRow]) -> list[DayFault]:
    """Why these days cannot be the calendar of the year: row by row, then the sum of its working days."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return [DayFault(None, _("The year must lie between 1950 and 2099."))]
    faults: list[DayFault] = []
    seen: set[date] = set()
    for place, row in enumerate(rows):
        if row.on.year != year:
            faults.append(DayFault(place, _("%(on)s does not lie in %(year)s.") % {"on": row.on, "year": year}))
        elif row.on in seen:
            faults.append(DayFault(place, _("%(on)s stands there twice.") % {"on": row.on}))
        elif row.is_working and row.on.weekday() < 5 and not row.name:
            faults.append(DayFault(place, _("%(on)s is a weekday and worked anyway.") % {"on": row.on}))
        seen.add(row.on)
    return faults or _faults_of_sum(year, rows)


def working_days_of(year: int, rows: Sequence[DayRow]) -> int:
    """How many days of the year are worked when these rows are its calendar."""
    calendar = WorkingCalendar({row.on: DayMark(row.is_working, row.name) for row in rows}, frozenset({year}))
    return calendar.working_days_between(date(year, 1, 1), date(year + 1, 1, 1))


@dataclass(frozen=True)
class YearDay:
    on: date
    kind: DayKind
    name: str


@dataclass(frozen=True)
class YearTable:
    """A year day by day, for page and API. `provisional`: weekends and statutory holidays only."""

    year: int
    provisional: bool
    working_days: int
    days: tuple[YearDay, ...]
    loaded: CalendarYear | None


def year_table(year: int) -> YearTable:
    """The whole year as it counts today."""
    calendar = current_calendar()
    first, end = date(year, 1, 1), date(year + 1, 1, 1)
    dates = [first + timedelta(days=days) for days in range((end - first).days)]
    return YearTable(
        year=year,
        provisional=year not in calendar.years,
        working_days=calendar.working_days_between(first, end),
        days=tuple(YearDay(on, calendar.day_kind(on), calendar.day_name(on)) for on in dates),
        loaded=CalendarYear.objects.select_related("loaded_by").filter(year=year).first(),
    )


def _faults_of_sum(year: int, rows: Sequence[DayRow]) -> list[DayFault]:
    worked = working_days_of(year, rows)
    if FEWEST_WORKING_DAYS <= worked <= MOST_WORKING_DAYS and any(not row.is_working for row in rows):
        return []
    words = _(
        "The year would have %(worked)s working days; a year has between %(fewest)s and %(most)s, and some holidays."
    )
    return [DayFault(None, words % {"worked": worked, "fewest": FEWEST_WORKING_DAYS, "most": MOST_WORKING_DAYS})]


def _read(token: uuid.UUID | None) -> WorkingCalendar:
    return _calendar(
        token,
        CalendarDay.objects.values_list("on", "is_working", "name"),
        CalendarYear.objects.values_list("year", flat=True),
        WorkPeriod.objects.values_list("valid_from", "opens", "closes"),
    )


def _calendar_from(edition: CalendarEdition) -> WorkingCalendar:
    days = [(date.fromisoformat(on), worked, name) for on, worked, name in edition.days]
    periods = [
        (date.fromisoformat(since), time.fromisoformat(opens), time.fromisoformat(closes))
        for since, opens, closes in edition.periods
    ]
    return _calendar(edition.token, days, edition.years, periods)


def _calendar(
    token: uuid.UUID | None, days: Iterable[tuple[date, bool, str]], years: Iterable[int],
    rows: Iterable[tuple[date, time, time]],
) -> WorkingCalendar:  # fmt: skip
    marks = {on: DayMark(worked, name) for on, worked, name in days}
    periods: dict[date, list[tuple[time, time]]] = {}
    for valid_from, opens, closes in rows:
        periods.setdefault(valid_from, []).append((opens, closes))
    spans = tuple((valid_from, tuple(found)) for valid_from, found in periods.items())
    return WorkingCalendar(marks, frozenset(years), spans, token)


def _lock() -> None:
    """One change of the calendar at a time."""
    CalendarVersion.objects.get_or_create(pk=CalendarVersion.ROW)
    CalendarVersion.objects.select_for_update().get(pk=CalendarVersion.ROW)


def _bump() -> None:
    """Another token, and the edition that it names."""
    token = uuid.uuid4()
    CalendarVersion.objects.filter(pk=CalendarVersion.ROW).update(token=token)
    days = CalendarDay.objects.values_list("on", "is_working", "name")
    periods = WorkPeriod.objects.values_list("valid_from", "opens", "closes")
    CalendarEdition.objects.create(
        token=token,
        days=[[str(on), worked, name] for on, worked, name in days],
        years=list(CalendarYear.objects.values_list("year", flat=True)),
        periods=[[str(cell) for cell in row] for row in periods],
    )
