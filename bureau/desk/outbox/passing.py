"""A message passed on: a copy to somebody else, so that the first one and its receipts stay as they were."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bureau.desk.models.notice import Notice, NoticeReceipt, PassedOn
from bureau.models.people import Officer
from bureau.models.roles import Role
from bureau.models.units import Organisation


def pass_on_to_people(notice: Notice, people: Iterable[Officer], why: PassedOn, *, at: datetime) -> None:
    rows = [copy_of(notice, f"{person.pk}", why, at=at, to_officer=person) for person in people]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)


def pass_on_to_post(notice: Notice, body: Organisation, role: Role, why: PassedOn, *, at: datetime) -> None:
    row = copy_of(notice, f"{body.pk}:{role}", why, at=at, to_organisation=body, to_role=role)
    Notice.objects.bulk_create([row], ignore_conflicts=True)


def copy_of(
    notice: Notice, receiver: str, why: PassedOn, *, at: datetime,
    to_officer: Officer | None = None, to_organisation: Organisation | None = None, to_role: str = "",
) -> Notice:  # fmt: skip
    """The same news under its own key; one receiver gets it passed on once for each reason."""
    return Notice(
        subject_type_id=notice.subject_type_id,
        subject_id=notice.subject_id,
        unit_id=notice.unit_id,
        owed_by_id=notice.owed_by_id,
        kind=notice.kind,
        params=notice.params,
        is_urgent=notice.is_urgent,
        created_at=at,
        copy_of=notice,
        passed_on=why,
        dedupe_key=f"copy:{notice.pk}:{why}:{receiver}",
        to_officer=to_officer,
        to_organisation=to_organisation,
        to_role=to_role,
    )


def is_read(notice: Notice) -> bool:
    """By anybody who was told of it, at first or later on."""
    read = NoticeReceipt.objects.filter(notice=notice) | NoticeReceipt.objects.filter(notice__copy_of=notice)
    return read.exists()
