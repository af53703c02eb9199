"""What ends an issue: refused 不予受理, void 作废, closed 结案."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import pgettext_lazy as p_

from bureau.models import Officer
from grid.actions.handle import tell_officers
from grid.models import Issue
from grid.words import tidy_text

REFUSAL_REASONS = {
    "not_of_the_district": p_("reason", "not of this district"),
    "not_of_the_catalogue": p_("reason", "not among the types of the catalogue"),
    "duplicate": p_("reason", "already reported"),
    "not_found": p_("reason", "not found at the place"),
    "settled": p_("reason", "settled before it was accepted"),
    "no_place": p_("reason", "the place cannot be known"),
}
VOID_REASONS = {
    "accepted_by_mistake": p_("reason", "accepted by mistake"),
    "below_the_condition": p_("reason", "below the condition of grid filing"),
    "duplicate": p_("reason", "already reported"),
    "settled_on_the_spot": p_("reason", "settled on the spot"),
}


def end(issue: Issue, *, by: Officer, at: datetime, reason: str = "", **_facts: Any) -> dict[str, Any]:
    """Nothing more is to come; whoever reported it from an account is told. `reason` is a code, or words."""
    issue.closed_at = at
    if issue.reported_by and issue.reported_by != by:
        tell_officers(issue, f"issue_{issue.status}", [issue.reported_by], at)
    tell_those_along(issue, by, at)
    return {"reason": tidy_text(reason, "reason", longest=200)} if reason else {}


def tell_those_along(issue: Issue, by: Officer, at: datetime) -> None:
    """Whoever reported the same problem hears of its end as well, by the number that was read out to them."""
    for child in issue.children.select_related("reported_by"):
        if child.reported_by and child.reported_by not in (by, issue.reported_by):
            tell_officers(child, f"issue_{issue.status}", [child.reported_by], at)
