"""Adjectives of issues: whose they are, which are open, red, near their limit."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery

from bureau.desk.models.clock import Clock, ClockQuerySet, Light, light_case
from bureau.desk.scope import Grant, Projection, Reach, ScopedQuerySet
from bureau.models import Officer, Posting, Role
from grid.statuses import FINAL, OPEN

if TYPE_CHECKING:
    from typing import Self

FULL, NO_PERSONS, METADATA = Projection.FULL, Projection.NO_PERSONS, Projection.METADATA
CLOCK_COLUMNS = ("kind", "started_at", "warn_at", "due_at", "next_rung", "is_provisional")


class IssueQuerySet(ScopedQuerySet):
    """security.md section 3, `issue.read`; district supervision sees only what was handed over."""

    access = {
        Role.INSPECTOR: Grant(Reach.EVERY, FULL),
        Role.OPERATOR: Grant(Reach.EVERY, FULL),
        Role.SHIFT_LEADER: Grant(Reach.EVERY, FULL),
        Role.DISPATCHER: Grant(Reach.EVERY, FULL),
        Role.UNIT_DESK: Grant(Reach.UNIT, FULL),
        Role.TOWN_LEADER: Grant(Reach.UNIT, FULL),
        Role.SQUAD_OFFICER: Grant(Reach.UNIT, FULL),
        Role.SQUAD_LEADER: Grant(Reach.UNIT, FULL),
        Role.AUXILIARY: Grant(Reach.OWN, FULL),
        Role.STATION: Grant(Reach.OWN, FULL),
        Role.PARTNER: Grant(Reach.OWN, FULL),
        Role.SOCIAL: Grant(Reach.MINE, NO_PERSONS),
        Role.LEGAL: Grant(Reach.EVERY, NO_PERSONS),
        Role.DEPUTY: Grant(Reach.EVERY, FULL),
        Role.DIRECTOR: Grant(Reach.EVERY, FULL),
        Role.SUPERVISION: Grant(Reach.EVERY, FULL),
        Role.DISTRICT_SUPERVISION: Grant(Reach.HANDED_OVER, FULL),
        Role.AUDITOR: Grant(Reach.EVERY, NO_PERSONS),
        Role.SYSADMIN: Grant(Reach.EVERY, METADATA),
    }
    maker_field = "reported_by"
    at: datetime | None = None  # the instant of which `for_list` shows the lights

    def _clone(self) -> Self:
        clone = super()._clone()
        clone.at = self.at
        return clone

    def held_by(self, posting: Posting) -> Q:
        """Handled by my organisation, now or before: a former handler keeps reading."""
        former = apps.get_model("grid", "Assignment").objects.filter(
            issue=OuterRef("pk"), organisation_id=posting.organisation_id, ended_at__isnull=False
        )
        return super().held_by(posting) | Q(Exists(former))

    def open(self) -> Self:
        """What somebody must still deal with; a report that goes along with another is dealt with there."""
        return self.filter(status__in=OPEN, merged_into=None)

    def closed(self) -> Self:
        return self.filter(status__in=FINAL)

    def of(self, officer: Officer) -> Self:
        """Those that this person reported, or is named on now."""
        named = apps.get_model("grid", "Assignment").objects.standing()
        return self.filter(Q(reported_by=officer) | Q(pk__in=named.filter(officers=officer).values("issue")))

    def red(self, at: datetime) -> Self:
        return self.filter(Exists(clock_of_issue().red(at)))

    def yellow(self, at: datetime) -> Self:
        return self.filter(Exists(clock_of_issue().yellow(at)) & ~Exists(clock_of_issue().red(at)))

    def with_light(self, light: str, at: datetime) -> Self:
        """Issues whose nearest running clock shows this light at `at`."""
        if light == Light.RED:
            return self.red(at)
        if light == Light.YELLOW:
            return self.yellow(at)
        if light == Light.GREY:
            return self.filter(Exists(clock_of_issue().suspended()))
        late = Exists(clock_of_issue().counting().filter(warn_at__lt=at))
        return self.filter(Exists(clock_of_issue().green(at)) & ~late)

    def for_list(self, at: datetime) -> Self:
        """All that a row of a list shows, in one query: names, and the nearest running clock with its light at `at`.

        Columns `clock_kind, clock_started_at, clock_warn_at, clock_due_at, clock_next_rung, clock_is_provisional`
        and `light` are None when no clock runs.
        """
        nearest = clock_of_issue().order_by("due_at")
        columns = {f"clock_{name}": Subquery(nearest.values(name)[:1]) for name in CLOCK_COLUMNS}
        light = Subquery(nearest.annotate(light_then=light_case(at)).values("light_then")[:1])
        listed = self.select_related("type", "unit", "handled_by").annotate(**columns, light=light)
        listed.at = at
        return listed


class AssignmentQuerySet(models.QuerySet):
    def standing(self) -> Self:
        return self.filter(ended_at=None)

    def given_back(self) -> Self:
        """Ended by a return that was granted (grid.md R10)."""
        return self.filter(ended_as="returned")

    def wrong(self) -> Self:
        """Dispatches that did not stand: another organisation had to take over (grid.md K07)."""
        return self.exclude(ended_as="")


def clock_of_issue() -> ClockQuerySet:
    """The running clocks of the outer issue; ids are unique among all nouns, so the kind of subject adds nothing."""
    return Clock.objects.running().filter(subject_id=OuterRef("pk"))
