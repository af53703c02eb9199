"""The red-light board as values: every sum is the sum of its rows, and the number of queries is fixed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final

from django.db.models import Count, F, Q
from django.utils import timezone

from bureau.desk.almanac import current_calendar
from bureau.desk.calendar import WorkingCalendar
from bureau.desk.contributions import SubjectCard, subject_kinds
from bureau.desk.fence import cards_of
from bureau.desk.limits import HOURS_OF_A_WORKING_DAY
from bureau.desk.models.clock import Clock, RungName
from bureau.desk.readings import counted
from bureau.desk.scope import Projection, Reach
from bureau.models import Role, Unit
from oversight.models import ReferralCandidate
from oversight.querysets import (
    NOT_RAISED,
    RED_LIST_ACCESS,
    CandidateListQuerySet,
    RedListQuerySet,
    red_list,
    stages_of_the_centre,
)

WORKING_DAY: Final = timedelta(hours=HOURS_OF_A_WORKING_DAY)
AXIS_DAYS: Final = 4
DAY_WIDTH: Final = 80
AXIS_START: Final = 6
SHOWN: Final = 5
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
    oldest: int = 0
    oldest_unit: str = "working_hours"
    oldest_days: float = 0.0
    marks: list[Mark] = field(default_factory=list)
    place: int | None = None

    @property
    def order(self) -> tuple[Any, ...]:
        return (-self.red, -self.oldest_days, -self.refer, self.unit.code if self.unit else "~")


@dataclass(frozen=True)
class StageRow:
    """The centre's own clocks of one kind: they only show a light."""

    kind: str
    label: Any
    open: int
    red: int
    yellow: int

    @property
    def light(self) -> str:
        return "red" if self.red else "yellow" if self.yellow else "green"


@dataclass(frozen=True)
class Near:
    """A single clock or candidate in one of the blocks below the table."""

    card: SubjectCard | None
    unit: Any
    at: datetime
    left: int = 0
    is_handled: bool = False


@dataclass(frozen=True)
class Board:
    """All that the board shows at one instant to one reader."""

    at: datetime
    rows: list[UnitRow]
    stages: list[StageRow]
    candidates: list[Near]
    candidate_count: int
    handled_count: int
    newly_red: list[Near]
    newly_red_count: int
    earliest: Clock | None
    is_metadata: bool
    unit: Unit | None = None

    @cached_property
    def total(self) -> UnitRow:
        """The sum of the rows, column by column."""
        return UnitRow(None, **{name: sum(getattr(row, name) for row in self.rows) for name in COUNTS})


def near_candidate(
    one: ReferralCandidate, cards: Mapping[Any, SubjectCard], calendar: WorkingCalendar, at: datetime
) -> Near:
    """A candidate waits for its decision also when the matter was dealt with since; it then says so."""
    left = left_of(one, calendar, at)
    return Near(cards.get(one.subject_id), one.unit, one.decide_by, left, one.rung.clock.met_at is not None)


def board_of(officer: Any, *, at: datetime, unit: Unit | None = None) -> Board:
    """The board within this person's reach, narrowed to one unit when one is given."""
    calendar = current_calendar()
    clocks, stages = red_list(officer), stages_of_the_centre(officer)
    candidates = CandidateListQuerySet(ReferralCandidate).visible_to(officer).undecided()
    if unit is not None:
        clocks, stages = clocks.filter(unit=unit), stages.filter(unit=unit)
        candidates = candidates.filter(unit=unit)
    reds = list(clocks.red(at).only("unit_id", "due_at", "limit_unit", "counts_days", "next_rung").order_by("-due_at"))
    hour_ago = at - timedelta(hours=1)
    new_count = sum(1 for clock in reds if clock.due_at and clock.due_at > hour_ago)
    newly = list(clocks.red(at).filter(due_at__gt=hour_ago).select_related("unit").order_by("-due_at")[:SHOWN])
    waiting = list(candidates.select_related("unit", "rung__clock").order_by("decide_by", "pk")[:SHOWN])
    cards = cards_of([*newly, *waiting])
    return Board(
        at=at,
        rows=rows_of(clocks, reds, units_for(officer, unit, at), calendar, at=at),
        stages=stage_rows(stages, at),
        candidates=[near_candidate(one, cards, calendar, at) for one in waiting],
        candidate_count=candidates.count() if len(waiting) == SHOWN else len(waiting),
        handled_count=sum(one.rung.clock.met_at is not None for one in waiting),
        newly_red=[Near(cards.get(clock.subject_id), clock.unit, clock.due_at) for clock in newly if clock.due_at],
        newly_red_count=new_count,
        earliest=None if reds else clocks.counting().filter(due_at__gte=at).order_by("due_at").first(),
        is_metadata=RedListQuerySet.projection_for(officer) is Projection.METADATA,
        unit=unit,
    )


def units_for(officer: Any, unit: Unit | None, at: datetime) -> dict[str, UnitRow]:
    """An empty row for every unit that this person's reach covers; a unit without cells of its own has none."""
    grants = [(post, RED_LIST_ACCESS.get(Role(post.role))) for post in officer.postings_now]
    sees_all = any(grant and grant.reach is Reach.EVERY for _, grant in grants)
    own = {post.organisation.unit_id for post, grant in grants if grant}
    return {
        code: row
        for code, row in empty_rows(at).items()
        if (sees_all or code in own) and (unit is None or row.unit == unit)
    }


def empty_rows(at: datetime) -> dict[str, UnitRow]:
    """A row for every unit in force that has cells of its own, by code."""
    units = list(Unit.objects.in_force(timezone.localdate(at)).order_by("code"))
    hosts = {one.cells_stay_with_id: str(one) for one in units if one.cells_stay_with_id}
    return {one.code: UnitRow(one, guests=hosts.get(one.code, "")) for one in units if not one.cells_stay_with_id}


def rows_of(
    clocks: RedListQuerySet, reds: Sequence[Clock], rows: dict[str, UnitRow], calendar: WorkingCalendar, *, at: datetime
) -> list[UnitRow]:
    """Figures by unit; a unit beyond the reach's own list gets a row when it has a clock, so that no sum loses any."""
    figures = {found["unit_id"]: found for found in counts_by_unit(clocks, calendar, at)}
    known = {unit.code: unit for unit in Unit.objects.filter(code__in=set(figures) - set(rows) - {None})}
    for code, found in figures.items():
        row = rows.setdefault(code, UnitRow(known.get(code)))
        for name in COUNTS:
            setattr(row, name, found[f"{name}_count"])
    for clock in reds:
        if clock.unit_id in rows:
            put_mark(rows[clock.unit_id], clock, calendar, at)
    ordered = sorted(rows.values(), key=lambda row: row.order)
    for place, row in enumerate(ordered, start=1):
        row.place = place if row.red else None
    return ordered


def counts_by_unit(clocks: RedListQuerySet, calendar: WorkingCalendar, at: datetime) -> Iterable[Mapping[str, Any]]:
    """One pass over the running clocks. A red clock's rung is told by the rung that comes next."""
    counting, red = Q(suspended_at=None), Q(suspended_at=None, due_at__lt=at)
    soon = Q(due_at__gte=at, due_at__lte=calendar.add_working_time(at, WORKING_DAY))
    return clocks.order_by().values("unit_id").annotate(
        open_count=Count("pk"),
        red_count=Count("pk", filter=red),
        urge_count=Count("pk", filter=red & Q(next_rung=RungName.SUPERVISE)),
        supervise_count=Count("pk", filter=red & Q(next_rung=RungName.REFER)),
        refer_count=Count("pk", filter=red & Q(next_rung="")),
        waiting_count=Count("pk", filter=red & Q(next_rung__in=NOT_RAISED)),
        yellow_count=Count("pk", filter=counting & Q(warn_at__lt=at, due_at__gte=at)),
        soon_count=Count("pk", filter=counting & soon),
        grey_count=Count("pk", filter=Q(suspended_at__isnull=False)),
    )  # fmt: skip


def put_mark(row: UnitRow, clock: Clock, calendar: WorkingCalendar, at: datetime) -> None:
    """The diamond of a red clock; what is older than the axis stands at its end, and equal places are drawn once."""
    over = counted(clock, clock.due_at or at, at, calendar)
    days = over / (WORKING_DAY.total_seconds() if clock.counts_working_time else 86_400)
    mark = Mark(AXIS_START + round(min(days, AXIS_DAYS) * DAY_WIDTH), RUNG_AFTER.get(clock.next_rung, "waiting"))
    if mark not in row.marks:
        row.marks.append(mark)
    if days >= row.oldest_days:
        row.oldest, row.oldest_unit, row.oldest_days = over, clock.shown_unit, days


def stage_rows(stages: RedListQuerySet, at: datetime) -> list[StageRow]:
    counted_by_kind = stages.order_by().values("kind", type_id=F("subject_type_id")).annotate(
        open=Count("pk"),
        red=Count("pk", filter=Q(suspended_at=None, due_at__lt=at)),
        yellow=Count("pk", filter=Q(suspended_at=None, warn_at__lt=at, due_at__gte=at)),
    )  # fmt: skip
    labels = {name: label for kind in subject_kinds for name, label in kind.clock_labels.items()}
    rows = [
        StageRow(found["kind"], labels.get(found["kind"], found["kind"]), found["open"], found["red"], found["yellow"])
        for found in counted_by_kind
    ]
    return sorted(rows, key=lambda row: (-row.red, -row.yellow, -row.open, row.kind))


def left_of(candidate: ReferralCandidate, calendar: WorkingCalendar, at: datetime) -> int:
    """Working seconds left to decide; negative when the day is over."""
    if at > candidate.decide_by:
        return -round(calendar.working_time_between(candidate.decide_by, at).total_seconds())
    return round(calendar.working_time_between(max(at, candidate.duty_at), candidate.decide_by).total_seconds())
