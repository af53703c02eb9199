"""Adjectives of enforcement cases: whose they are, which are open, which light they show."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery

from bureau.desk.models.clock import Clock, Light, light_case
from bureau.desk.scope import Grant, Projection, Reach, ScopedQuerySet
from bureau.models import Role
from cases.statuses import BEFORE_FILING, OPEN

if TYPE_CHECKING:
    from typing import Self

FULL, METADATA = Projection.FULL, Projection.METADATA
CLOCK_COLUMNS = (
    "kind", "started_at", "warn_at", "due_at", "next_rung", "is_provisional", "limit_unit", "ladder", "suspended_at",
)  # fmt: skip


class CaseQuerySet(ScopedQuerySet):
    """security.md section 3, `case.read`; district supervision sees what was handed over to it."""

    access = {
        Role.SQUAD_OFFICER: Grant(Reach.UNIT, FULL),
        Role.SQUAD_LEADER: Grant(Reach.UNIT, FULL),
        Role.DEPUTY: Grant(Reach.EVERY, FULL),
        Role.DIRECTOR: Grant(Reach.EVERY, FULL),
        Role.SUPERVISION: Grant(Reach.EVERY, FULL),
        Role.DISTRICT_SUPERVISION: Grant(Reach.HANDED_OVER, FULL),
        Role.AUDITOR: Grant(Reach.EVERY, METADATA),
    }
    at: datetime | None = None  # the instant of which `for_list` shows the lights

    def _clone(self) -> Self:
        clone = super()._clone()
        clone.at = self.at
        return clone

    def open(self) -> Self:
        return self.filter(status__in=OPEN)

    def closed(self) -> Self:
        return self.exclude(status__in=OPEN)

    def before_filing(self) -> Self:
        return self.filter(status__in=BEFORE_FILING)

    def of(self, officer: Any) -> Self:
        """Those of which this person is one of the two officers."""
        return self.filter(Q(first_officer=officer) | Q(second_officer=officer))

    def with_light(self, light: str, at: datetime) -> Self:
        """Cases whose running clocks show this light at `at`: the worst one counts."""
        red, yellow = Exists(clock_of_case().red(at)), Exists(clock_of_case().yellow(at))
        if light == Light.RED:
            return self.filter(red)
        if light == Light.YELLOW:
            return self.filter(yellow & ~red)
        if light == Light.GREY:
            return self.filter(Exists(clock_of_case().suspended()))
        return self.filter(Exists(clock_of_case().green(at)) & ~red & ~yellow)

    def for_list(self, at: datetime) -> Self:
        """All that a row shows, in one query: names, the party, and the nearest running clock with its light at `at`.

        `light` and the columns `clock_kind`, `clock_due_at` and so on (CLOCK_COLUMNS) are None when no clock runs.
        """
        nearest = clock_of_case().order_by("due_at")
        columns = {f"clock_{name}": Subquery(nearest.values(name)[:1]) for name in CLOCK_COLUMNS}
        light = Subquery(nearest.annotate(light_then=light_case(at)).values("light_then")[:1])
        told = self.select_related(
            "power", "power__edition", "party", "unit", "handled_by", "issue", "first_officer", "second_officer"
        )
        listed = told.annotate(**columns, light=light)
        listed.at = at
        return listed


def clock_of_case() -> models.QuerySet:
    """The running clocks of the outer case; ids are unique among all nouns, so the kind of subject adds nothing."""
    return Clock.objects.running().filter(subject_id=OuterRef("pk"))
