"""What goes along with an issue, what it goes along with, and what may be the same problem."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from grid.actions.merge import can_merge, posting_of
from grid.likeness import Likeness, likely_duplicates
from grid.models import Issue


@dataclass(frozen=True)
class Merging:
    root: Issue | None
    children: list[Issue]
    likely: list[Likeness]
    may_merge: bool
    may_unmerge: bool


def merging_of(issue: Issue, by: Any) -> Merging | None:
    """None when there is nothing to show: no suggestion, nothing along."""
    may_merge = can_merge(issue, by)
    visible = Issue.objects.visible_to(by)
    likely = likely_duplicates(issue, visible) if may_merge else []
    root = visible.filter(pk=issue.merged_into_id).first() if issue.merged_into_id else None
    children = list(visible.filter(merged_into=issue).order_by("reported_at"))
    if not (likely or root or children or may_merge):
        return None
    return Merging(root, children, likely, may_merge, posting_of(issue, by) is not None)
