"""An issue comes in 上报."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bureau.desk.documents import keep_photo
from bureau.desk.models import Document
from bureau.desk.numbering import take_number
from bureau.desk.refusal import BadValue, NotYourMove, Refusal, raise_all
from bureau.models import Officer, Posting, Unit
from grid.models import Issue, IssueType, Reporter
from grid.places import WGS84, Place, find_place
from grid.words import tidy_phone, tidy_text
from grid.workflow import INLETS, ISSUE_FLOW

LONGEST_DESCRIPTION = 5000
CLOCKS_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True)
class Caller:
    """Who told us; personal data, kept apart from the issue."""

    name: str = ""
    phone: str = ""


@transaction.atomic
def report_issue(
    *,
    type: str,
    description: str,
    channel: str,
    by: Officer | None,
    at: datetime,
    longitude: float | None = None,
    latitude: float | None = None,
    crs: str = WGS84,
    unit: str = "",
    cell: str = "",
    address: str = "",
    occurred_at: datetime | None = None,
    reporter: Caller | None = None,
    external_ref: str = "",
    photos: Sequence[UploadedFile] = (),
) -> Issue:
    """Take an issue in: place it, keep its photos, number it, start the acceptance clock; all or nothing.

    `type`, `unit` and `cell` are codes; coordinates are degrees in `crs`. `by` is None for what comes in without an
    account. Raises every defect of the input together, `outside_district` (422) for a point in no cell, and
    NotYourMove for a post that takes nothing in there.
    """
    defects: list[Refusal] = []
    issue = Issue(
        type=gather(defects, lambda: type_of(type)),
        description=gather(
            defects, lambda: tidy_text(description, "description", longest=LONGEST_DESCRIPTION, lines=True)
        ),
        address=gather(defects, lambda: tidy_text(address, "address", longest=200, may_be_blank=True)),
        external_ref=gather(defects, lambda: tidy_text(external_ref, "external_ref", longest=60, may_be_blank=True)),
        channel=gather(defects, lambda: channel_of(channel)),
        occurred_at=gather(defects, lambda: not_to_come(occurred_at or at, at)),
        reported_at=at,
        reported_by=by,
    )
    caller = gather(defects, lambda: tidy_caller(reporter))
    place = gather(
        defects,
        lambda: find_place(longitude, latitude, on=timezone.localdate(at), crs=crs, unit=known_unit(unit), cell=cell),
    )
    raise_all(defects)
    put_place(issue, place)
    posting = inlet_of(issue, by)
    refuse_double(issue)
    for photo in photos:
        keep_photo(issue, photo, stage=Document.Stage.BEFORE, by=by, at=at)
    issue.number = next_number(at)
    ISSUE_FLOW.begin(issue, "report", by=by, at=at, facts=said_of(issue), posting=posting)
    if caller:
        Reporter.objects.bulk_create([Reporter(issue=issue, name=caller.name, phone=caller.phone)])
    return issue


def gather(defects: list[Refusal], read: Callable[[], Any]) -> Any:
    """What `read` answers; a refusal is put with the others, so that all are told together."""
    try:
        return read()
    except Refusal as defect:
        defects.append(defect)
        return None


def type_of(code: str) -> IssueType:
    found = IssueType.objects.filter(code=code).first()
    if found is None:
        raise BadValue(_("There is no such issue type."), code="unknown_type", pointer="/type")
    return found


def channel_of(channel: str) -> str:
    if channel not in Issue.Channel.values:
        raise BadValue(_("There is no such channel."), code="invalid_choice", pointer="/channel")
    return channel


def not_to_come(occurred_at: datetime, at: datetime) -> datetime:
    if occurred_at.tzinfo is None:
        raise BadValue(_("A time needs its zone."), code="zone_required", pointer="/occurred_at")
    if occurred_at > at + CLOCKS_DIFFER:
        raise BadValue(_("This lies in the future."), code="in_future", pointer="/occurred_at")
    return occurred_at


def known_unit(code: str) -> str:
    if code and not Unit.objects.filter(code=code).exists():
        raise BadValue(_("There is no such unit."), code="unknown_unit", pointer="/unit")
    return code


def tidy_caller(caller: Caller | None) -> Caller | None:
    """None when nothing is said; the phone checked, never echoed."""
    if caller is None or not (caller.name.strip() or caller.phone.strip()):
        return None
    name = tidy_text(caller.name, "reporter/name", longest=40, may_be_blank=True)
    return Caller(name, tidy_phone(caller.phone, "reporter/phone"))


def put_place(issue: Issue, place: Place) -> None:
    for column, value in place.columns().items():
        setattr(issue, column, value)


def inlet_of(issue: Issue, by: Officer | None) -> Posting | None:
    """The posting as which this person reports there."""
    posting = INLETS.posting_of(by, issue) if by else None
    if by and posting is None:
        raise NotYourMove(_("Your post does not take in issues of this unit."))
    return posting


def refuse_double(issue: Issue) -> None:
    """A number given elsewhere comes in once for each channel."""
    if not issue.external_ref:
        return
    double = Issue.objects.filter(channel=issue.channel, external_ref=issue.external_ref).first()
    if double:
        raise BadValue(
            _("An issue with this outside number was already taken in."),
            code="duplicate_external_ref",
            pointer="/external_ref",
        )


def next_number(at: datetime) -> str:
    """`260622-0183`: the local day, and a gap-free counter of that day."""
    day = timezone.localdate(at).strftime("%y%m%d")
    return f"{day}-{take_number('grid', 'issue', int(day)):04d}"


def said_of(issue: Issue) -> dict[str, Any]:
    """What the trail keeps of a report: no words of persons."""
    return {
        "number": issue.number,
        "type": issue.type_id,
        "channel": issue.channel,
        "unit": issue.unit_id,
        "cell": issue.cell_id,
        "longitude": issue.longitude,
        "latitude": issue.latitude,
    }
