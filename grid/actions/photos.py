"""Photos of an issue: before by whoever found it, after by whoever handled it."""

from __future__ import annotations

from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bureau.desk.documents import keep_photo
from bureau.desk.models import Document
from bureau.desk.refusal import BadValue, IllegalTransition, NotYourMove
from bureau.desk.trail import last_entry, not_before, write_entry
from bureau.desk.workflow import actors
from bureau.models import Officer, Posting, Role
from grid.models import Issue
from grid.statuses import FINAL, Status

BEFORE, AFTER = Document.Stage.BEFORE, Document.Stage.AFTER
HANDS = (Role.SQUAD_OFFICER, Role.SQUAD_LEADER, Role.AUXILIARY, Role.UNIT_DESK, Role.PARTNER)
ACTORS = {
    BEFORE: actors(
        Role.INSPECTOR, Role.OPERATOR, Role.SHIFT_LEADER, Role.DISPATCHER,
        unit=(Role.UNIT_DESK, Role.SQUAD_OFFICER, Role.SQUAD_LEADER, Role.AUXILIARY), handler=HANDS,
    ),
    AFTER: actors(handler=HANDS),
    "check": actors(Role.INSPECTOR),
}  # fmt: skip


def can_add_photo(issue: Issue, by: Officer, stage: str) -> bool:
    """Whether this person may add a photo of that stage now."""
    return is_time_for(issue, stage) and photographer(issue, by, stage) is not None


@transaction.atomic
def add_photo(issue: Issue, upload: UploadedFile, *, stage: str, by: Officer, at: datetime) -> Document:
    """Keep one photo of stage `before` or `after`; a line of the trail names it by its hash.

    Raises what `keep_photo` raises for a file that is no photo, NotYourMove, and 409 in a status where none is taken.
    """
    if stage not in Document.Stage.values:
        raise BadValue(_("A photo is from before or after."), code="invalid_choice", pointer="/stage")
    issue.refresh_from_db(from_queryset=Issue.objects.visible_to(by).select_for_update(of=("self",)))
    posting = photographer(issue, by, stage)
    if posting is None and not (stage == BEFORE and issue.reported_by_id == by.pk):
        raise NotYourMove(_("Photos of this stage are taken by others."), pointer="/stage")
    if not is_time_for(issue, stage):
        raise IllegalTransition(_("No photo of this stage is taken in the present status."), pointer="/stage")
    at = not_before(last_entry(issue), at)
    photo = keep_photo(issue, upload, stage=stage, by=by, at=at)
    if photo.at == at:
        facts = {"document": str(photo.pk), "stage": stage, "sha256": photo.sha256}
        write_entry(issue, "add_photo", by=by, at=at, posting=posting, facts=facts)
    return photo


def photographer(issue: Issue, by: Officer, stage: str) -> Posting | None:
    who = ACTORS["check"] if stage == AFTER and issue.status == Status.VERIFYING else ACTORS[Document.Stage(stage)]
    return who.posting_of(by, issue)


def is_time_for(issue: Issue, stage: str) -> bool:
    """Before: until it is over. After: while it is handled, and by the inspector while it is verified."""
    if stage == BEFORE:
        return issue.status not in FINAL
    return issue.status in (Status.HANDLING, Status.VERIFYING)
