"""Who is told at each rung: one look at the organisations and their people for a whole batch of clocks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Q
from django.utils import timezone

from bureau.desk.models.clock import Clock, Ladder, RungName
from bureau.models import Organisation, Posting, Role

LOCAL = (Organisation.Kind.GOVERNMENT, Organisation.Kind.SQUAD, Organisation.Kind.SUB_CENTRE)
LEADERS = {
    Organisation.Kind.SQUAD: Role.SQUAD_LEADER,
    Organisation.Kind.SUB_CENTRE: Role.UNIT_DESK,
    Organisation.Kind.GOVERNMENT: Role.TOWN_LEADER,
}


@dataclass(frozen=True)
class Receiver:
    """A post of an organisation, or a person by name."""

    organisation_id: Any = None
    role: str = ""
    officer_id: Any = None

    def __str__(self) -> str:
        return f"{self.officer_id}" if self.officer_id else f"{self.organisation_id}/{self.role}"


@dataclass
class Directory:
    """The organisations and the serving people around some clocks, at an instant."""

    bureau: Organisation
    organisations: dict[Any, Organisation] = field(default_factory=dict)
    local: dict[tuple[str, str], Organisation] = field(default_factory=dict)
    posts: set[tuple[Any, str]] = field(default_factory=set)
    people: set[tuple[Any, Any]] = field(default_factory=set)
    told: dict[tuple[Any, ...], list[Receiver]] = field(default_factory=dict)

    def of_unit(self, unit_id: str | None, kind: str) -> Organisation | None:
        return self.local.get((unit_id, kind)) if unit_id else None

    def has_somebody(self, receiver: Receiver) -> bool:
        if receiver.officer_id:
            return True
        if receiver.role:
            return (receiver.organisation_id, receiver.role) in self.posts
        return any(organisation_id == receiver.organisation_id for organisation_id, _ in self.posts)

    def handlers(self, clock: Clock) -> list[Receiver]:
        """The handler by name while the person serves there, else the post, else the post of its leader."""
        named = [pk for pk in clock.owed_officers if (clock.owed_by_id, pk) in self.people]
        if named:
            return [Receiver(officer_id=pk) for pk in named]
        if clock.owed_by_id and clock.owed_role:
            return [Receiver(clock.owed_by_id, clock.owed_role)]
        return self.leaders(clock.owed_by_id)

    def leaders(self, organisation_id: Any) -> list[Receiver]:
        organisation = self.organisations.get(organisation_id)
        if organisation is None:
            return []
        role = LEADERS.get(Organisation.Kind(organisation.kind), "")
        return [Receiver(organisation.pk, role)]

    def of_the_unit(self, clock: Clock) -> list[Receiver]:
        """The leader of the handling squad (or other handler) and the desk of the unit (grid.md R6, R7)."""
        desk = self.of_unit(clock.unit_id, Organisation.Kind.SUB_CENTRE)
        told = [*self.leaders(clock.owed_by_id), *self.leaders(desk and desk.pk)]
        return list(dict.fromkeys(told))

    def bureau_posts(self, *roles: Role) -> list[Receiver]:
        return [Receiver(self.bureau.pk, role) for role in roles]

    def told_at(self, clock: Clock, rung: str) -> list[Receiver]:
        """The same for all clocks of one owner, unit and ladder: found out once in a batch."""
        officers = tuple(clock.owed_officers) if rung == RungName.WARN else ()
        key = (rung, clock.ladder, clock.unit_id, clock.owed_by_id, clock.owed_role, officers)
        if key not in self.told:
            self.told[key] = self.found_out(clock, rung)
        return self.told[key]

    def found_out(self, clock: Clock, rung: str) -> list[Receiver]:
        if rung == RungName.WARN:
            return self.handlers(clock)
        if clock.ladder == Ladder.LIGHT_ONLY:
            return self.above_the_stage(clock)
        if rung == RungName.REFER:
            return self.bureau_posts(Role.DEPUTY, Role.SUPERVISION)
        government = self.of_unit(clock.unit_id, Organisation.Kind.GOVERNMENT)
        above = self.leaders(government.pk) if government and rung == RungName.URGE else []
        return [*above, *self.of_the_unit(clock)]

    def above_the_stage(self, clock: Clock) -> list[Receiver]:
        """Who is told of a red stage: the bureau's director, the centre's shift leader, or the unit with the bureau."""
        if clock.owed_by_id is None:
            return []
        if clock.owed_by_id == self.bureau.pk:
            return self.bureau_posts(Role.DIRECTOR)
        owing = self.organisations.get(clock.owed_by_id)
        if owing is not None and owing.kind in LOCAL:
            return [*self.of_the_unit(clock), *self.bureau_posts(Role.SUPERVISION)]
        return [Receiver(clock.owed_by_id, Role.SHIFT_LEADER)]

    def addressee(self, clock: Clock, rung: str) -> Organisation:
        """An urging notice goes to the unit's government, a supervision notice to the handling organisation."""
        government = self.of_unit(clock.unit_id, Organisation.Kind.GOVERNMENT)
        handler = self.organisations.get(clock.owed_by_id)
        first, second = (government, handler) if rung == RungName.URGE else (handler, government)
        return first or second or self.bureau


def directory_around(clocks: Iterable[Clock], *, at: datetime) -> Directory:
    """Two queries. Raises ImproperlyConfigured while the district has no bureau to sign the papers."""
    clocks = list(clocks)
    units = {clock.unit_id for clock in clocks if clock.unit_id}
    owing = {clock.owed_by_id for clock in clocks if clock.owed_by_id}
    wanted = Q(unit_id__in=units, kind__in=LOCAL) | Q(pk__in=owing) | Q(kind=Organisation.Kind.BUREAU)
    found = list(Organisation.objects.in_force(timezone.localdate(at)).filter(wanted).order_by("valid_from", "code"))
    bureau = next((one for one in found if one.kind == Organisation.Kind.BUREAU), None)
    if bureau is None:
        raise ImproperlyConfigured("No organisation of kind 'bureau' is in force: load the reference data first.")
    directory = Directory(bureau, {one.pk: one for one in found})
    for one in found:
        if one.unit_id:
            directory.local.setdefault((one.unit_id, one.kind), one)
    serving = Posting.objects.at(at).held_by_active().filter(organisation__in=found)
    for organisation_id, role, officer_id in serving.values_list("organisation_id", "role", "officer_id"):
        directory.posts.add((organisation_id, role))
        directory.people.add((organisation_id, officer_id))
    return directory
