"""Who is told by a notice: the person named or whoever holds the post, and who stands in when nobody of them is there.

On leave, moved or gone: the deputies and the head of the body are told instead (peers' errors: a reminder to a person
who had left went nowhere, and nobody saw it).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils import timezone

from bureau.desk.models.absence import Absence
from bureau.desk.models.notice import Notice
from bureau.models.people import Officer, Posting, PostingQuerySet
from bureau.models.roles import Role
from bureau.models.units import Organisation, OrganisationTie

Kind = Organisation.Kind
HEADS: Final = {
    Kind.BUREAU: Role.DIRECTOR,
    Kind.BRIGADE: Role.DIRECTOR,
    Kind.GRID_CENTRE: Role.SHIFT_LEADER,
    Kind.DISTRICT_SUPERVISION: Role.DISTRICT_SUPERVISION,
    Kind.GOVERNMENT: Role.TOWN_LEADER,
    Kind.SQUAD: Role.SQUAD_LEADER,
    Kind.SUB_CENTRE: Role.UNIT_DESK,
    Kind.STATION: Role.STATION,
    Kind.PARTNER: Role.PARTNER,
}


@dataclass(frozen=True)
class Receivers:
    """`people` are there and were addressed; `stand_ins` are told instead when there are none."""

    people: list[Officer]
    stand_ins: list[Officer]


def receivers_of(notice: Notice, *, at: datetime) -> Receivers:
    addressed = addressed_by(notice, at=at)
    people = present(addressed, at=at)
    if people or notice.copy_of_id:
        return Receivers(people, [])
    return Receivers([], stand_ins_for(notice, addressed, at=at))


def addressed_by(notice: Notice, *, at: datetime) -> list[Officer]:
    """Each person once: the one named, or those who hold the post, in the order of their service."""
    if notice.to_officer is not None:
        return [notice.to_officer]
    return holders(Posting.objects.at(at), notice.to_organisation, notice.to_role)


def holders(postings: PostingQuerySet, body: Organisation | None, role: str) -> list[Officer]:
    held = postings.held_by_active().filter(organisation=body)
    return people_of(held.filter(role=role) if role else held)


def people_of(postings: Any) -> list[Officer]:
    return list({post.officer_id: post.officer for post in postings.select_related("officer")}.values())


def present(people: Iterable[Officer], *, at: datetime) -> list[Officer]:
    """Active ones with a post now who are not on leave."""
    asked = [person for person in people if person.is_active]
    away = set(Absence.objects.at(at).filter(officer__in=asked).values_list("officer", flat=True))
    serving = set(Posting.objects.at(at).filter(officer__in=asked).values_list("officer", flat=True))
    return [person for person in asked if person.pk in serving and person.pk not in away]


def stand_ins_for(notice: Notice, addressed: list[Officer], *, at: datetime) -> list[Officer]:
    """Deputies of those addressed, and the head of the body; where it has none, the head of the body above it."""
    found = {person.pk: person for person in deputies_of(addressed, at=at)}
    for body in bodies_of(notice, addressed, at=at):
        heads = heads_of(body, but_not=addressed, at=at)
        for head in heads:
            found[head.pk] = head
        if heads:
            break
    return list(found.values())


def deputies_of(people: Iterable[Officer], *, at: datetime) -> list[Officer]:
    acting = Posting.objects.at(at).held_by_active().filter(deputy_of__officer__in=list(people))
    return present(people_of(acting), at=at)


def heads_of(body: Organisation, *, but_not: list[Officer], at: datetime) -> list[Officer]:
    role = HEADS.get(Kind(body.kind))
    if role is None:
        return []
    there = present(holders(Posting.objects.at(at), body, role), at=at)
    return [person for person in there if person not in but_not]


def bodies_of(notice: Notice, addressed: list[Officer], *, at: datetime) -> list[Organisation]:
    """The body told, or the last one that the named person served; then those that administer or guide it."""
    body = notice.to_organisation or last_body_of(addressed)
    if body is None:
        return []
    ties = OrganisationTie.objects.in_force(timezone.localdate(at)).filter(organisation=body)
    above = ties.exclude(kind=OrganisationTie.Kind.SHARES_STAFF_WITH).select_related("to").order_by("kind", "pk")
    return [body, *(tie.to for tie in above)]


def last_body_of(people: list[Officer]) -> Organisation | None:
    last = Posting.objects.filter(officer__in=people).select_related("organisation").order_by("starts_at", "pk").last()
    return last.organisation if last else None
