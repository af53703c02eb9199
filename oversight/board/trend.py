"""How many clocks turned red on each working day of the last thirty days, from the rungs that were stored.

What turned red on a rest day counts on the next working day: that is when somebody could first do something.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, Final

from django.contrib.postgres.fields import ArrayField
from django.db.models import Count, DateTimeField, F, Func, IntegerField, QuerySet, Value

from bureau.desk.almanac import current_calendar
from bureau.desk.calendar import WorkingCalendar, local, midnight
from bureau.desk.models.clock import Clock, Ladder, RungName
from bureau.models import Unit
from oversight.models import Rung
from oversight.querysets import RedListQuerySet

LAST_DAYS: Final = 30
BAR_WIDTH: Final = 24
MARGIN: Final = 10  # room for the label of the first day
HEIGHT: Final = 96
DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Point:
    """One working day: how many turned red, and its bar of the drawing."""

    on: date
    count: int
    x: int = 0
    height: int = 0

    @property
    def y(self) -> int:
        return HEIGHT - self.height

    @property
    def is_labelled(self) -> bool:
        """Mondays, and whatever day begins the drawing, unless it stands too close to one."""
        return self.on.isoweekday() == 1 or (self.x == MARGIN and self.on.isoweekday() <= 3)

    @property
    def middle(self) -> int:
        return self.x + BAR_WIDTH // 2 - 2


@dataclass(frozen=True)
class UnitTrend:
    unit: Unit | None
    points: list[Point]

    @property
    def total(self) -> int:
        return sum(point.count for point in self.points)


@dataclass(frozen=True)
class Trend:
    """Day by day, by unit and in all; every figure is the number of rows behind it."""

    days: list[date]
    rows: list[UnitTrend]

    @cached_property
    def bars(self) -> list[Point]:
        counts = [sum(row.points[place].count for row in self.rows) for place in range(len(self.days))]
        most = max(counts, default=0) or 1
        return [
            Point(on, count, MARGIN + place * BAR_WIDTH, round(count * HEIGHT / most))
            for place, (on, count) in enumerate(zip(self.days, counts, strict=True))
        ]

    @property
    def total(self) -> int:
        return sum(bar.count for bar in self.bars)

    @property
    def most(self) -> int:
        return max((bar.count for bar in self.bars), default=0)

    @property
    def width(self) -> int:
        return len(self.days) * BAR_WIDTH + 2 * MARGIN


def trend_of(officer: Any, units: list[Unit | None], *, at: datetime, unit: Unit | None = None) -> Trend:
    """The trend within the person's reach, in the order of `units`; one that is not among them follows.

    `unit` narrows it to that one. One query beside the calendar's, rarely two.
    """
    calendar, turned = current_calendar(), turned_red(officer, at=at)
    if unit is not None:
        turned = turned.filter(clock__unit=unit)
    days = working_days_up_to(calendar, at)
    starts = [span_of(on, calendar)[0] for on in days]
    known = Value(starts, output_field=ArrayField(DateTimeField()))
    day = Func(F("reached_at"), known, function="width_bucket", output_field=IntegerField())
    groups = turned.filter(reached_at__gte=starts[0]).order_by().values("clock__unit_id", day=day)
    counts = {(one["clock__unit_id"], one["day"] - 1): one["count"] for one in groups.annotate(count=Count("pk"))}
    units = [*units, *units_beyond({code for code, _day in counts}, units)]
    return Trend(days, [unit_trend(unit, days, counts) for unit in units])


def unit_trend(unit: Unit | None, days: list[date], counts: dict[tuple[str | None, int], int]) -> UnitTrend:
    code = unit.code if unit else None
    return UnitTrend(unit, [Point(on, counts.get((code, place), 0)) for place, on in enumerate(days)])


def units_beyond(codes: set[str | None], units: list[Unit | None]) -> list[Unit | None]:
    """The units of these codes that are not among `units`; None for the code None."""
    beyond = codes - {unit.code if unit else None for unit in units}
    found: list[Unit | None] = list(Unit.objects.filter(code__in=beyond - {None})) if beyond else []
    return [*found, None] if None in beyond else found


def turned_red(officer: Any, *, at: datetime) -> QuerySet[Rung]:
    """The rungs at which clocks within the person's reach turned red, whatever became of them since."""
    mine = RedListQuerySet(Clock).visible_to(officer).filter(ladder=Ladder.FULL)
    return Rung.objects.filter(name=RungName.URGE, reached_at__lte=at, clock__in=mine)


def working_days_up_to(calendar: WorkingCalendar, at: datetime) -> list[date]:
    """The working days of the last thirty days; a rest day at the end stands for the working day after it."""
    today = local(at).date()
    days = (today - DAY * ago for ago in range(LAST_DAYS - 1, -1, -1))
    found = [on for on in days if calendar.is_working_day(on)]
    last = calendar.roll_forward(today)
    return found if last == today else [*found, last]


def span_of(on: date, calendar: WorkingCalendar) -> tuple[datetime, datetime]:
    """The instants that count as this working day: from the midnight after the working day before to its own end."""
    return midnight(calendar.previous_working_day(on) + DAY), midnight(on + DAY)
