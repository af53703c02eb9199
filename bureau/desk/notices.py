"""Messages to persons and posts: a row is the order to tell, so that nothing depends on a queue that may be lost."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F

from bureau.desk.models.notice import Notice, NoticeReceipt
from bureau.desk.subject import facts_of
from bureau.models.people import Officer
from bureau.models.units import Organisation


def post_notice(
    subject: models.Model,
    kind: str,
    *,
    at: datetime,
    dedupe_key: str,
    to_officer: Officer | None = None,
    to_organisation: Organisation | None = None,
    to_role: str = "",
    params: dict[str, Any] | None = None,
    is_urgent: bool = False,
) -> None:
    """Order one message in the caller's transaction; the same `dedupe_key` again does nothing.

    `params` holds plain values without personal data, for the words of the kind.
    """
    notice = Notice(
        **facts_of(subject),
        owed_by_id=getattr(subject, "handled_by_id", None),
        kind=kind,
        to_officer=to_officer,
        to_organisation=to_organisation,
        to_role=to_role,
        params=params or {},
        dedupe_key=dedupe_key,
        is_urgent=is_urgent,
        created_at=at,
    )
    Notice.objects.bulk_create([notice], ignore_conflicts=True)


def deliver_as_created() -> None:
    """Deliver all that waits as if the beat had knocked at once each time: for a month played on a moved clock."""
    Notice.objects.unsent().update(sent_at=F("created_at"))


def mark_read(notices: Iterable[Notice], *, by: Officer, at: datetime) -> None:
    NoticeReceipt.objects.bulk_create(
        [NoticeReceipt(notice=notice, officer=by, read_at=at) for notice in notices], ignore_conflicts=True
    )
