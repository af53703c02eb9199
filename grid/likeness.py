"""Which open issues may be the same problem reported again: by distance, time, type and words, and why.

A suggestion for a person, never a decision (grid.md 5.2: complaints and grid issues are linkable n:1).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import asin, cos, radians, sin, sqrt
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bureau.desk import figures
from grid.models import Issue

EARTH: Final = 6_371_000.0  # metres
METRES_OF_A_DEGREE: Final = 111_320.0
MOST_READ: Final = 200
MOST_TOLD: Final = 5
WEIGHTS: Final = {"near": 0.4, "type": 0.25, "words": 0.2, "time": 0.15}
LEAST: Final = 0.5

figures.declare(grid_duplicate_metres="50", grid_duplicate_hours="24")
figures.describe(
    grid_duplicate_metres=_("Issues within so many metres may be the same one"),
    grid_duplicate_hours=_("Issues within so many hours may be the same one"),
)


@dataclass(frozen=True)
class Likeness:
    """One earlier or later issue that may be the same. `score` lies between 0 and 1; the rest says why."""

    issue: Issue
    score: float
    metres: float | None
    apart: timedelta
    is_same_type: bool
    words: float


def likely_duplicates(issue: Issue, visible: Any) -> list[Likeness]:
    """At most five open issues of `visible` that may be this one, most likely first, in one query."""
    on = timezone.localdate(issue.reported_at)
    reach = float(figures.figure("grid_duplicate_metres", on))
    span = timedelta(hours=float(figures.figure("grid_duplicate_hours", on)))
    near = around(visible.open().exclude(pk=issue.pk), issue, reach)
    near = near.filter(reported_at__gte=issue.reported_at - span, reported_at__lte=issue.reported_at + span)
    rows = near.filter(type__category_code=issue.type.category_code).select_related("type", "unit", "handled_by")
    found = [one for row in rows[:MOST_READ] if (one := likeness(issue, row, reach, span)) is not None]
    return sorted(found, key=lambda one: (-one.score, str(one.issue.pk)))[:MOST_TOLD]


def around(rows: Any, issue: Issue, reach: float) -> Any:
    """Rows within a square of the point; without a point, those of the same cell, or of the same address."""
    if issue.latitude is None or issue.longitude is None:
        return rows.filter(cell=issue.cell_id, address=issue.address) if issue.address else rows.none()
    north = reach / METRES_OF_A_DEGREE
    east = north / max(cos(radians(issue.latitude)), 0.01)
    return rows.filter(
        latitude__gte=issue.latitude - north, latitude__lte=issue.latitude + north,
        longitude__gte=issue.longitude - east, longitude__lte=issue.longitude + east,
    )  # fmt: skip


def likeness(issue: Issue, other: Issue, reach: float, span: timedelta) -> Likeness | None:
    """None when it lies too far away, or when too little speaks for it."""
    metres = metres_between(issue, other)
    if metres is not None and metres > reach:
        return None
    apart = abs(issue.reported_at - other.reported_at)
    is_same_type, words = issue.type_id == other.type_id, alike(issue.description, other.description)
    score = (
        WEIGHTS["near"] * (1.0 if metres is None else 1 - metres / reach / 2)
        + WEIGHTS["type"] * (1.0 if is_same_type else 0.3)
        + WEIGHTS["words"] * words
        + WEIGHTS["time"] * (1 - apart / span / 2)
    )
    return Likeness(other, round(score, 2), metres, apart, is_same_type, words) if score >= LEAST else None


def metres_between(one: Issue, other: Issue) -> float | None:
    """Along the great circle; None when either has no point."""
    if None in (one.latitude, one.longitude, other.latitude, other.longitude):
        return None
    north, south = radians(one.latitude or 0), radians(other.latitude or 0)
    east = radians((other.longitude or 0) - (one.longitude or 0))
    half = sin((south - north) / 2) ** 2 + cos(north) * cos(south) * sin(east / 2) ** 2
    return 2 * EARTH * asin(sqrt(half))


def alike(one: str, other: str) -> float:
    """How many pairs of neighbouring letters two texts share, 0 to 1 (Dice); fit for Chinese without a dictionary."""
    mine, theirs = pairs(one), pairs(other)
    return 2 * len(mine & theirs) / (len(mine) + len(theirs)) if mine and theirs else 0.0


def pairs(text: str) -> set[str]:
    letters = "".join(letter for letter in text.lower() if letter.isalnum())
    return {letters[place : place + 2] for place in range(len(letters) - 1)}
