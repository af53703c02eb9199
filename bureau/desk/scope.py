"""Whose row it is: the only place that turns postings into the rows a person may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Q

from bureau.desk import contributions
from bureau.models.roles import Role

if TYPE_CHECKING:
    from typing import Self

    from bureau.models.people import Posting


class Reach(Enum):
    """How far a role sees."""

    EVERY = "every"
    UNIT = "unit"  # rows of my unit, and rows my organisation holds wherever they lie
    OWN = "own"  # rows that my organisation holds or that I made
    MINE = "mine"  # rows that I made
    HANDED_OVER = "handed_over"  # rows that were handed over to district supervision


class Projection(IntEnum):
    """Which columns a role sees; a greater one shows more."""

    METADATA = 1
    NO_PERSONS = 2
    FULL = 3


@dataclass(frozen=True)
class Grant:
    reach: Reach
    projection: Projection


WIDTH = {Reach.HANDED_OVER: 0, Reach.MINE: 0, Reach.OWN: 1, Reach.UNIT: 2, Reach.EVERY: 3}


def handed_over_ids() -> list[Any]:
    """What was handed over, a query of ids for each room that hands over."""
    return [ids() for ids in contributions.handed_over]


class ScopedQuerySet(models.QuerySet):
    """A noun states `access` once; every list, detail, count and export starts at `visible_to`."""

    access: ClassVar[Mapping[Role, Grant]] = {}
    holder_field: ClassVar[str] = "handled_by"
    maker_field: ClassVar[str] = ""
    subject_field: ClassVar[str] = "pk"

    def visible_to(self, officer: Any) -> Self:
        """The rows this person may know of; none for a visitor and for someone without a posting."""
        if not officer.is_authenticated:
            return self.none()
        grants = [(posting, self.access.get(Role(posting.role))) for posting in officer.postings_now]
        if any(grant and grant.reach is Reach.EVERY for _, grant in grants):
            return self.all()
        reach = Q()
        for posting, grant in grants:
            if grant:
                reach |= self.reach_of(posting, grant.reach)
        return self.filter(reach) if reach else self.none()

    def files_visible_to(self, officer: Any) -> Self:
        """The rows whose files this person may open: not from metadata alone."""
        return self.none() if self.projection_for(officer) is Projection.METADATA else self.visible_to(officer)

    def reach_of(self, posting: Posting, reach: Reach) -> Q:
        """Never a null in a comparison: an organisation without a unit adds no unit to what it sees."""
        if reach is Reach.HANDED_OVER:
            return self.among(handed_over_ids())
        found = Q(**{f"{self.maker_field}_id": posting.officer_id}) if self.maker_field else Q()
        if reach is Reach.MINE:
            return found
        found |= self.held_by(posting)
        if reach is Reach.UNIT and posting.organisation.unit_id:
            found |= Q(unit_id=posting.organisation.unit_id)
        return found

    def among(self, subjects: Iterable[Any]) -> Q:
        """The rows that are, or are about, these subjects; each a query of ids."""
        found = Q(pk__in=[])
        for ids in subjects:
            found |= Q(**{f"{self.subject_field}__in": ids})
        return found

    def held_by(self, posting: Posting) -> Q:
        return Q(**{f"{self.holder_field}_id": posting.organisation_id})

    @classmethod
    def projection_for(cls, officer: Any) -> Projection:
        """The columns that go with the widest reach this person has; METADATA for whoever has none."""
        if not officer.is_authenticated:
            return Projection.METADATA
        grants = [grant for posting in officer.postings_now if (grant := cls.access.get(Role(posting.role)))]
        widest = max((WIDTH[grant.reach] for grant in grants), default=None)
        return max((grant.projection for grant in grants if WIDTH[grant.reach] == widest), default=Projection.METADATA)
