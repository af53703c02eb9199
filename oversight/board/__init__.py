"""The red-light board as values: every sum is the sum of its rows, and the number of queries is fixed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final

from bureau.desk.almanac import current_calendar
from bureau.desk.calendar import WorkingCalendar
from bureau.desk.contributions import SubjectCard, subject_kinds
from bureau.desk.fence import cards_of
from bureau.desk.models.clock import Clock, Ladder
from bureau.desk.scope import Reach
from bureau.models import Role, Unit
from oversight.board.ages import BAND_LABELS, BANDS, WORKING_DAY
from oversight.board.rows import COUNTS, RUNG_AFTER, Mark, UnitRow, counts_of, empty_rows, rows_of
from oversight.board.topics import TopicRow, topic_rows
from oversight.models import ReferralCandidate
from oversight.querysets import (
    RED_LIST_ACCESS,
    CandidateListQuerySet,
    RedListQuerySet,
)

__all__ = ["COUNTS", "RUNG_AFTER", "WORKING_DAY", "Board", "Mark", "UnitRow", "board_of", "empty_rows", "rows_of"]
SHOWN: Final = 5
TOPICS_SHOWN: Final = 8


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
    light: str = ""


@dataclass(frozen=True)
class Band:
    """How many are red for so long."""

    name: str
    label: Any
    count: int


@dataclass(frozen=True)
class Board:
    """All that the board shows at one instant to one reader; `soon` is what turns red within a working day.

    Whoever reads figures only gets none by type, which is the subject's title.
    """

    at: datetime
    rows: list[UnitRow]
    stages: list[StageRow]
    topics: list[TopicRow]
    candidates: list[Near]
    candidate_count: int
    handled_count: int
    newly_red: list[Near]
    newly_red_count: int
    soon: list[Near]
    soon_until: datetime
    earliest: Clock | None
    is_metadata: bool
    unit: Unit | None = None

    @property
    def bands(self) -> list[Band]:
        return [Band(name, label, self.total.ages[name]) for name, label in BAND_LABELS]

    @property
    def first_topics(self) -> list[TopicRow]:
        return self.topics[:TOPICS_SHOWN]

    @cached_property
    def total(self) -> UnitRow:
        """The sum of the rows, column by column."""
        ages = {band: sum(row.ages[band] for row in self.rows) for band in BANDS}
        return UnitRow(None, ages=ages, **{name: sum(getattr(row, name) for row in self.rows) for name in COUNTS})


def board_of(officer: Any, *, at: datetime, unit: Unit | None = None) -> Board:
    """The board within this person's reach, narrowed to one unit when one is given."""
    calendar = current_calendar()
    running = RedListQuerySet(Clock).running().visible_to(officer)
    candidates = CandidateListQuerySet(ReferralCandidate).visible_to(officer).undecided()
    if unit is not None:
        running = running.filter(unit=unit)
        candidates = candidates.filter(unit=unit)
    is_metadata = RedListQuerySet.is_metadata(officer)
    clocks, counts = running.filter(ladder=Ladder.FULL), counts_of(running, calendar, at=at)
    rows = rows_of(clocks, units_for(officer, unit, at), calendar, at=at, counts=counts)
    until = calendar.add_working_time(at, WORKING_DAY)
    fresh = clocks.red(at).filter(due_at__gt=at - timedelta(hours=1))
    newly = list(fresh.select_related("unit").order_by("-due_at")[:SHOWN])
    soon = list(clocks.turning_red(at, until).select_related("unit").order_by("due_at", "pk")[:SHOWN])
    waiting = list(candidates.select_related("unit", "rung__clock").order_by("decide_by", "pk")[:SHOWN])
    cards = cards_of([*newly, *soon, *waiting])
    return Board(
        at=at,
        rows=rows,
        stages=stage_rows(counts),
        topics=[] if is_metadata else topic_rows(clocks, at=at),
        candidates=[near_candidate(one, cards, calendar, at) for one in waiting],
        candidate_count=candidates.count() if len(waiting) == SHOWN else len(waiting),
        handled_count=sum(one.rung.clock.met_at is not None for one in waiting),
        newly_red=[near_clock(clock, cards, at) for clock in newly],
        newly_red_count=fresh.count() if len(newly) == SHOWN else len(newly),
        soon=[near_clock(clock, cards, at) for clock in soon],
        soon_until=until,
        earliest=clocks.counting().filter(due_at__gte=at).order_by("due_at").first() if is_green(rows) else None,
        is_metadata=is_metadata,
        unit=unit,
    )


def is_green(rows: list[UnitRow]) -> bool:
    return not any(row.red for row in rows)


def near_clock(clock: Clock, cards: Mapping[Any, SubjectCard], at: datetime) -> Near:
    due_at = clock.due_at or clock.started_at
    return Near(cards.get(clock.subject_id), clock.unit, due_at, light=clock.light(at))


def near_candidate(
    one: ReferralCandidate, cards: Mapping[Any, SubjectCard], calendar: WorkingCalendar, at: datetime
) -> Near:
    """A candidate waits for its decision also when the matter was dealt with since; it then says so."""
    left = left_of(one, calendar, at)
    return Near(cards.get(one.subject_id), one.unit, one.decide_by, left, one.rung.clock.met_at is not None)


def left_of(candidate: ReferralCandidate, calendar: WorkingCalendar, at: datetime) -> int:
    """Working seconds left to decide; negative when the day is over."""
    if at > candidate.decide_by:
        return -round(calendar.working_time_between(candidate.decide_by, at).total_seconds())
    return round(calendar.working_time_between(max(at, candidate.duty_at), candidate.decide_by).total_seconds())


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


def stage_rows(counts: Iterable[Mapping[str, Any]]) -> list[StageRow]:
    """The clocks that only show a light, by kind, from the counts by unit."""
    labels = {name: label for kind in subject_kinds for name, label in kind.clock_labels.items()}
    sums: dict[tuple[str, Any], Counter[str]] = {}
    for one in counts:
        if one["ladder"] == Ladder.LIGHT_ONLY:
            found = sums.setdefault((one["kind"], one["subject_type_id"]), Counter())
            found.update({name: one[f"{name}_count"] for name in ("open", "red", "yellow")})
    rows = [
        StageRow(kind, labels.get(kind, kind), found["open"], found["red"], found["yellow"])
        for (kind, _type), found in sums.items()
    ]
    return sorted(rows, key=lambda row: (-row.red, -row.yellow, -row.open, row.kind))
