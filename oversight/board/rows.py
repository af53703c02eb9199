"""The figures of the board unit by unit: one pass over the reds, one over the rest, however many there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Min, Q
from django.utils import timezone

from bureau.desk.calendar import WorkingCalendar
from bureau.desk.models.clock import Clock, Ladder, RungName
from bureau.desk.readings import counted
from bureau.models import Unit
from oversight.board.ages import BANDS, LONGEST, STEPS_OF_A_DAY, WORKING_DAY, Ages, band_of
from oversight.querysets import RedListQuerySet

DAY_WIDTH: Final = 80
AXIS_START: Final = 6
RUNG_AFTER: Final = {RungName.SUPERVISE: "urge", RungName.REFER: "supervise", "": "refer"}
COUNTS: Final = ("red", "urge", "supervise", "refer", "waiting", "yellow", "soon", "grey", "open")


@dataclass(frozen=True)
class Mark:
    """A red clock on the age axis: where, and on which rung."""

    x: int
    rung: str


@dataclass
class UnitRow:
    """The figures of one unit; `oldest` is the longest counted time over the limit, in seconds."""

    unit: Unit | None
    guests: str = ""
    red: int = 0
    urge: int = 0
    supervise: int = 0
    refer: int = 0
    waiting: int = 0
    yellow: int = 0
    soon: int = 0
    grey: int = 0
    open: int = 0
    ages: dict[str, int] = field(default_factory=lambda: dict.fromkeys(BANDS, 0))
    oldest: int = 0
    oldest_unit: str = "working_hours"
    oldest_days: float = 0.0
    marks: dict[Mark, None] = field(default_factory=dict)  # in order, each once
    place: int | None = None

    @property
    def order(self) -> tuple[Any, ...]:
        return (-self.red, -self.oldest_days, -self.refer, self.unit.code if self.unit else "~")


def empty_rows(at: datetime) -> dict[str, UnitRow]:
    """A row for every unit in force that has cells of its own, by code."""
    units = list(Unit.objects.in_force(timezone.localdate(at)).order_by("code"))
    hosts = {one.cells_stay_with_id: str(one) for one in units if one.cells_stay_with_id}
    return {one.code: UnitRow(one, guests=hosts.get(one.code, "")) for one in units if not one.cells_stay_with_id}


def rows_of(
    clocks: RedListQuerySet,
    rows: dict[str, UnitRow],
    calendar: WorkingCalendar,
    *,
    at: datetime,
    counts: Iterable[Mapping[str, Any]] | None = None,
) -> list[UnitRow]:
    """Figures by unit; a unit beyond the reach's own list gets a row when it has a clock, so that no sum loses any.

    `clocks` are those of the full ladder; `counts` are taken of them unless the caller has counted already.
    """
    ages = Ages(calendar, at)
    counts = counts_of(clocks, calendar, at=at) if counts is None else counts
    figures, reds = [one for one in counts if one["ladder"] == Ladder.FULL], list(reds_by_age(clocks, ages))
    beyond = {one["unit_id"] for one in figures} - set(rows) - {None}
    known = {unit.code: unit for unit in Unit.objects.filter(code__in=beyond)}
    for found in figures:
        row = rows.setdefault(found["unit_id"], UnitRow(known.get(found["unit_id"])))
        for name in ("open", "grey", "yellow", "soon"):
            setattr(row, name, getattr(row, name) + found[f"{name}_count"])
    seen = set()  # the first group of a unit and a kind of limit holds the eldest
    for found in reds:
        row, kind = rows[found["unit_id"]], (found["unit_id"], found["limit_unit"], found["counts_days"])
        put_reds(row, found)
        if kind not in seen:
            put_eldest(row, found, calendar, at)
        seen.add(kind)
    ordered = sorted(rows.values(), key=lambda row: row.order)
    for place, row in enumerate(ordered, start=1):
        row.place = place if row.red else None
    return ordered


def counts_of(clocks: RedListQuerySet, calendar: WorkingCalendar, *, at: datetime) -> list[Mapping[str, Any]]:
    """One pass over the running clocks, by unit, ladder and kind: how many, and what light they show."""
    counting = Q(suspended_at=None)
    soon = Q(due_at__gte=at, due_at__lte=calendar.add_working_time(at, WORKING_DAY))
    groups = clocks.order_by().values("unit_id", "ladder", "kind", "subject_type_id").annotate(
        open_count=Count("pk"),
        red_count=Count("pk", filter=counting & Q(due_at__lt=at)),
        yellow_count=Count("pk", filter=counting & Q(warn_at__lt=at, due_at__gte=at)),
        soon_count=Count("pk", filter=counting & soon),
        grey_count=Count("pk", filter=Q(suspended_at__isnull=False)),
    )  # fmt: skip
    return list(groups)


def reds_by_age(clocks: RedListQuerySet, ages: Ages) -> Iterable[Mapping[str, Any]]:
    """The red clocks by unit, rung, kind of limit and steps of age, oldest first. The next rung tells where one is."""
    groups = clocks.red(ages.at).order_by().values("unit_id", "next_rung", "limit_unit", "counts_days", age=ages.steps)
    return groups.annotate(count=Count("pk"), first_due_at=Min("due_at")).order_by("first_due_at")


def put_reds(row: UnitRow, found: Mapping[str, Any]) -> None:
    """Add a group of reds; what is older than the axis stands at its end, and equal places are drawn once."""
    rung = RUNG_AFTER.get(found["next_rung"], "waiting")
    row.red += found["count"]
    setattr(row, rung, getattr(row, rung) + found["count"])
    row.ages[band_of(found["age"])] += found["count"]
    row.marks[Mark(AXIS_START + round(min(found["age"], LONGEST) * DAY_WIDTH / STEPS_OF_A_DAY), rung)] = None


def put_eldest(row: UnitRow, found: Mapping[str, Any], calendar: WorkingCalendar, at: datetime) -> None:
    eldest = Clock(**{name: found[name] for name in ("limit_unit", "counts_days")}, due_at=found["first_due_at"])
    over = counted(eldest, found["first_due_at"], at, calendar)
    days = over / (WORKING_DAY.total_seconds() if eldest.counts_working_time else 86_400)
    if days > row.oldest_days or not row.oldest:
        row.oldest, row.oldest_unit, row.oldest_days = over, eldest.shown_unit, days
