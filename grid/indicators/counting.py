"""Figures out of the very rows that a page of them shows: counted here, opened there, by one and the same query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Q

from bureau.desk.calendar import midnight
from bureau.desk.models.clock import Clock, ClockQuerySet
from bureau.models import Role
from grid.indicators.definitions import ALL, DUE, MET_THEN, SETTLED, STARTED, Indicator
from grid.models import Issue
from grid.querysets import IssueQuerySet

READERS: Final = frozenset(IssueQuerySet.access) - {Role.PARTNER, Role.STATION, Role.AUXILIARY, Role.SOCIAL}
GROUPS: Final = {"unit": "unit_id", "type": "topic", "organisation": "owed_by_id"}


@dataclass(frozen=True)
class Scope:
    """Days of the period, both included, and what it is narrowed to; empty: everything the person may know of."""

    first: date
    last: date
    unit: str = ""
    type: str = ""
    organisation: str = ""

    def instants(self, at: datetime) -> tuple[datetime, datetime]:
        """From the first midnight to the last, and never beyond now."""
        return midnight(self.first), min(midnight(self.last + timedelta(days=1)), at)


@dataclass(frozen=True)
class Reading:
    """`counted` of `of`; `share` is None when there is nothing to divide by (shown as a dash), or nothing recorded."""

    indicator: Indicator
    counted: int
    of: int

    @property
    def share(self) -> float | None:
        if self.indicator.is_count or self.indicator.missing or not self.of:
            return None
        return self.counted / self.of


def readings(officer: Any, scope: Scope, *, at: datetime) -> list[Reading]:
    """All indicators in one query for each kind and moment."""
    return [grouped.get("", Reading(one, 0, 0)) for one, grouped in counted(ALL, officer, scope, at=at).items()]


def by_group(indicator: Indicator, officer: Any, scope: Scope, group: str, *, at: datetime) -> dict[str, Reading]:
    """One indicator by unit, type or organisation, by their keys; '' is what belongs to none."""
    return counted([indicator], officer, scope, at=at, group=GROUPS[group])[indicator]


def counted(
    indicators: Iterable[Indicator], officer: Any, scope: Scope, *, at: datetime, group: str = ""
) -> dict[Indicator, dict[str, Reading]]:  # fmt: skip
    found: dict[Indicator, dict[str, Reading]] = {one: {} for one in indicators}
    sources: dict[tuple[str, str], list[Indicator]] = defaultdict(list)
    for one in found:
        if not one.missing:
            sources[one.kind, one.moment].append(one)
    for (kind, moment), ones in sources.items():
        clocks = clocks_of(kind, moment, officer, scope, at=at)
        counts = {name: value for place, one in enumerate(ones) for name, value in both(one, place).items()}
        rows = clocks.order_by().values(group).annotate(**counts) if group else [clocks.aggregate(**counts)]
        for row in rows:
            for place, one in enumerate(ones):
                key = str(row[group] or "") if group else ""
                found[one][key] = Reading(one, row[f"counted_{place}"], row[f"of_{place}"])
    return found


def both(one: Indicator, place: int) -> dict[str, Count]:
    """Issues, not clocks: one that was dispatched twice counts once."""
    return {
        f"of_{place}": Count("subject_id", filter=one.of, distinct=True),
        f"counted_{place}": Count("subject_id", filter=one.of & one.counts, distinct=True),
    }


def clocks_of(kind: str, moment: str, officer: Any, scope: Scope, *, at: datetime) -> ClockQuerySet:
    """The clocks of issues of that kind whose moment lies in the period, within the person's reach."""
    since, until = scope.instants(at)
    then = {
        STARTED: Q(started_at__gte=since, started_at__lt=until),
        DUE: Q(due_at__gte=since, due_at__lt=until),
        MET_THEN: Q(met_at__gte=since, met_at__lt=until),
        SETTLED: Q(met_at__gte=since, met_at__lt=until) | Q(met_at=None, due_at__gte=since, due_at__lt=until),
    }[moment]
    clocks = Clock.objects.visible_to(officer).filter(then, kind=kind, subject_type=type_of_issues())
    for name, column in GROUPS.items():
        if value := getattr(scope, name):
            clocks = clocks.filter(**{column if name != "organisation" else "owed_by__code": value})
    return clocks


def type_of_issues() -> ContentType:
    return ContentType.objects.get_for_model(Issue)


def rows_behind(indicator: Indicator, officer: Any, scope: Scope, *, at: datetime, is_whole: bool = False) -> Any:
    """The issues that make the number, or with `is_whole` those that it is a share of."""
    clocks = clocks_of(indicator.kind, indicator.moment, officer, scope, at=at).filter(indicator.of)
    if not is_whole:
        clocks = clocks.filter(indicator.counts)
    return Issue.objects.visible_to(officer).filter(pk__in=clocks.values("subject_id"))
