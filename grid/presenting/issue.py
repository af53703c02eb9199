"""The facts and photos of an issue, as far as a person may read them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bureau.desk.models import Document
from bureau.desk.scope import Projection
from bureau.face import words
from grid.models import Assignment, Issue, Reporter


@dataclass(frozen=True)
class Sight:
    """What this person reads of the issue."""

    words: bool
    persons: bool

    @classmethod
    def of(cls, officer: Any) -> Sight:
        projection = Issue.objects.all().projection_for(officer)
        return cls(projection >= Projection.NO_PERSONS, projection == Projection.FULL)


def facts_of(issue: Issue, assignment: Assignment | None) -> list[tuple[Any, ...]]:
    """Pairs for the panel; what is not known is left out."""
    officers = gettext(", ").join(officer.name for officer in assignment.officers.all()) if assignment else ""
    handler = " ".join(part for part in (str(issue.handled_by or ""), officers) if part)
    return [
        (_("Type"), f"{issue.type_id} {issue.type}·{issue.type.category}"),
        (_("Handled by"), handler),
        (_("Condition of grid filing"), issue.type.filing_condition),
        (_("Condition of closing"), issue.type.closing_condition),
        (_("Campaign"), issue.type.campaign),
        (_("Occurred"), words.instant(issue.occurred_at)),
        (_("Place"), place_of(issue)),
        (_("Number given elsewhere"), issue.external_ref),
        (_("Result"), issue.get_outcome_display()),
        (_("Enforcement case"), issue.case_number),
        (_("Times reworked"), issue.rework_count or ""),
    ]


def place_of(issue: Issue) -> str:
    point = f"{issue.latitude:.5f}, {issue.longitude:.5f}" if issue.longitude is not None else ""
    return "·".join(part for part in (issue.address, point) if part)


def photos_of(issue: Issue) -> tuple[list[Document], list[Document]]:
    """Standing photos before and after, in one query."""
    standing = list(issue.photos.select_related("by"))
    stages = (Document.Stage.BEFORE, Document.Stage.AFTER)
    before, after = ([photo for photo in standing if photo.stage == stage] for stage in stages)
    return before, after


def frames_of(issue: Issue, photos: Iterable[Document]) -> list[dict[str, Any]]:
    """Photos as the component shows them."""
    return [
        {
            "url": photo.get_absolute_url(),
            "alt": f"{issue.type} {issue.place}",
            "caption": " ".join(part for part in (words.instant(photo.at), str(photo.by or "")) if part),
        }
        for photo in photos
    ]


def has_reporter(issue: Issue) -> bool:
    return Reporter.objects.filter(issue=issue).exists()
