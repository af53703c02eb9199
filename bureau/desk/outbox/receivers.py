"""Who is told by a notice: the person named, or whoever holds the post."""

from __future__ import annotations

from datetime import datetime

from bureau.desk.models.notice import Notice
from bureau.models.people import Officer, Posting


def people_told(notice: Notice, *, at: datetime) -> list[Officer]:
    """Active people only, each once, in the order of their service."""
    if notice.to_officer is not None:
        return [notice.to_officer] if notice.to_officer.is_active else []
    held = Posting.objects.at(at).held_by_active().filter(organisation=notice.to_organisation)
    if notice.to_role:
        held = held.filter(role=notice.to_role)
    people = {posting.officer_id: posting.officer for posting in held.select_related("officer")}
    return list(people.values())
