"""Correction 更正: a wrong address, place, type or photo put right by the centre, with a reason; old and new stay."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bureau.desk.clocks import iso, relimit_clock
from bureau.desk.documents import keep_photo, supersede
from bureau.desk.models import Clock, Document
from bureau.desk.refusal import BadValue, IllegalTransition, LawRefused, NotYourMove, Refusal
from bureau.desk.trail import last_entry, not_before, write_entry
from bureau.desk.workflow import actors
from bureau.models import Officer, Posting, Role
from grid.actions.report import put_place, type_of
from grid.guards import not_of_the_handling_unit
from grid.models import Issue
from grid.places import WGS84, find_place
from grid.statuses import BEFORE_DISPATCH, FINAL, Status
from grid.words import tidy_text

CENTRE = actors(Role.OPERATOR, Role.SHIFT_LEADER, Role.DISPATCHER, unit=(Role.UNIT_DESK,))
DISTRICT_CENTRE = actors(Role.OPERATOR, Role.SHIFT_LEADER, Role.DISPATCHER)
TYPE_OPEN = (*BEFORE_DISPATCH, Status.DISPATCHED, Status.HANDLING)


def can_correct(issue: Issue, by: Officer) -> bool:
    """Whether this person may correct anything now; `not_of_the_handling_unit` is asked when it is done."""
    return issue.status not in FINAL and CENTRE.posting_of(by, issue) is not None


@transaction.atomic
def correct_issue(
    issue: Issue, *, by: Officer, at: datetime, reason: str, address: str | None = None,
    longitude: float | None = None, latitude: float | None = None, crs: str = WGS84, type: str | None = None,
    wrong_photo: Document | None = None, right_photo: UploadedFile | None = None,
) -> Issue:  # fmt: skip
    """Put right what is given; cell, unit and handling limit follow, and one line of the trail has old and new.

    Until dispatch the unit may change with the place. After it a place in another unit is refused (409
    `other_unit`): another unit needs another dispatch. After it, too, only the district's centre may change the
    type, and nobody once the handling was fed back. A limit counts from the same start.
    """
    reason = tidy_text(reason, "reason", longest=200)
    issue.refresh_from_db(from_queryset=Issue.objects.visible_to(by).select_for_update(of=("self",)))
    posting = admit(issue, by)
    at = not_before(last_entry(issue), at)
    changes: dict[str, Any] = {}
    if address is not None:
        correct_address(issue, address, changes)
    if longitude is not None or latitude is not None:
        correct_place(issue, longitude, latitude, crs, at, changes)
    if type is not None and type != issue.type_id:
        correct_type(issue, type, by, at, changes)
    if wrong_photo is not None:
        correct_photo(issue, wrong_photo, right_photo, by, at, changes)
    if not changes:
        raise BadValue(_("Nothing was changed."), code="nothing_changed")
    issue.save()
    write_entry(issue, "correct", by=by, at=at, posting=posting, note=reason, facts=changes)
    return issue


def admit(issue: Issue, by: Officer) -> Posting:
    """The posting as which this person corrects; a Refusal for whoever may not, or no longer."""
    posting = CENTRE.posting_of(by, issue)
    if posting is None:
        raise NotYourMove(_("Corrections are made by the centre."))
    if issue.status in FINAL:
        raise IllegalTransition(_("What is over is not corrected any more."))
    refusal: Refusal | None = not_of_the_handling_unit(issue, by)
    if refusal:
        raise refusal
    return posting


def correct_address(issue: Issue, address: str, changes: dict[str, Any]) -> None:
    address = tidy_text(address, "address", longest=200, may_be_blank=True)
    note(changes, "address", issue.address, address)
    issue.address = address


def correct_place(
    issue: Issue, longitude: float | None, latitude: float | None, crs: str, at: datetime, changes: dict[str, Any]
) -> None:
    """Cell and unit follow the point; the unit stands once the issue is dispatched."""
    place = find_place(longitude, latitude, on=timezone.localdate(at), crs=crs)
    if place.unit_code != issue.unit_id and not may_change_unit(issue, place.unit_code):
        refusal = LawRefused(
            _("That place lies in another unit, and the issue is already dispatched."),
            code="other_unit",
            pointer="/longitude",
            remedy=_("It must be returned and dispatched to the other unit first."),
        )
        refusal.status = 409
        raise refusal
    before = issue.unit_id
    for name, new in place.columns().items():
        note(changes, name.removesuffix("_id"), getattr(issue, name), new)
    put_place(issue, place)
    if before != issue.unit_id:
        move_desk_rows(issue)


def may_change_unit(issue: Issue, unit_code: str) -> bool:
    """Until dispatch, and then only into the unit whose organisation has it: that dispatch was deliberate."""
    if issue.status in BEFORE_DISPATCH:
        return True
    return issue.handled_by is not None and issue.handled_by.unit_id == unit_code


def move_desk_rows(issue: Issue) -> None:
    """Clocks and photos follow the issue to its unit, so that boards and lists fence them rightly."""
    issue.clocks.update(unit=issue.unit_id)
    Document.objects.about(issue).update(unit=issue.unit_id)


def correct_type(issue: Issue, code: str, by: Officer, at: datetime, changes: dict[str, Any]) -> None:
    """Another type, and with it another limit of the handling clock, from the same start."""
    if issue.status not in TYPE_OPEN:
        raise IllegalTransition(
            _("The type is not changed after the feedback."),
            remedy=_("Withdraw the feedback or let the check fail first."),
        )
    if issue.status not in BEFORE_DISPATCH and DISTRICT_CENTRE.posting_of(by, issue) is None:
        raise NotYourMove(_("After dispatch only the district's centre changes the type."), pointer="/type")
    note(changes, "type", issue.type_id, code)
    issue.type = type_of(code)
    issue.clocks.update(topic=issue.topic)
    clock = Clock.objects.about(issue).running().filter(kind="handling").first()
    if clock:
        before, due = str(clock.limit), iso(clock.due_at)
        relimit_clock(clock, issue.type.handling_limit, at=at)
        note(changes, "limit", before, str(clock.limit))
        note(changes, "due_at", due, iso(clock.due_at))


def correct_photo(
    issue: Issue, wrong: Document, right: UploadedFile | None, by: Officer, at: datetime, changes: dict[str, Any]
) -> None:
    """The wrong photo stays and points to the right one."""
    if wrong.subject_id != issue.pk or wrong.superseded_by_id:
        raise BadValue(_("This is no standing photo of the issue."), code="unknown_photo", pointer="/wrong_photo")
    if right is None:
        raise BadValue(_("Add the right photo."), code="required", pointer="/right_photo")
    photo = keep_photo(issue, right, stage=wrong.stage, by=by, at=at)
    if photo.pk == wrong.pk:
        raise BadValue(_("This is the same photo."), code="same_photo", pointer="/right_photo")
    supersede(wrong, photo)
    note(changes, "photo", wrong.sha256, photo.sha256)


def note(changes: dict[str, Any], name: str, old: Any, new: Any) -> None:
    """Remember old and new when they differ."""
    if old != new:
        changes[name] = [old, new]
