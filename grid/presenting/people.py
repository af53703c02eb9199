"""Who can be named on an issue."""

from __future__ import annotations

from typing import Any

from bureau.models import Posting, Role
from grid.actions.handle import NAMED_ROLES
from grid.models import Issue


def officers_to_name(issue: Issue, by: Any) -> list[tuple[str, str]]:
    """Those who serve the handling organisation now, by username; the person who asks comes first."""
    serving = Posting.objects.current().held_by_active().filter(organisation=issue.handled_by_id, role__in=NAMED_ROLES)
    found: dict[str, str] = {}
    for posting in serving.select_related("officer").order_by("role", "officer__username"):
        found.setdefault(posting.officer.username, f"{posting.officer.name} {Role(posting.role).label}")
    return sorted(found.items(), key=lambda pair: pair[0] != by.username)
