"""The trail: one entry for each act, in the act's own transaction, chained by hash within its subject."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from bureau.desk import signing
from bureau.desk.bulk import insert_rows
from bureau.desk.models.entry import Entry
from bureau.desk.refusal import OutOfTime
from bureau.desk.subject import facts_of
from bureau.models.people import Officer, Posting
from bureau.proofs import lines as proof

UTC_FORM = "%Y-%m-%dT%H:%M:%S.%f"
LOCK_WAIT = timedelta(seconds=2)
logger = logging.getLogger(__name__)


def last_entry(subject: models.Model) -> Entry | None:
    return Entry.objects.about(subject).order_by("-seq").first()


def last_act(subject: models.Model, *verbs: str) -> Entry | None:
    """The newest line of one of these acts."""
    return Entry.objects.about(subject).filter(verb__in=verbs).order_by("-seq").first()


def write_entry(
    subject: models.Model,
    verb: str,
    *,
    by: Officer | None,
    at: datetime,
    posting: Posting | None = None,
    source: str = "",
    target: str = "",
    note: str = "",
    facts: dict[str, Any] | None = None,
    is_first: bool = False,
) -> Entry:
    """Append one line to the subject's trail; the caller holds the subject's row lock, or has just made the row.

    `at` before the subject's last line is refused (409 E_TIME_REVERSED), except for the moments that a request
    may have waited for the lock: those are written with the time of the line before.
    """
    previous = None if is_first else last_entry(subject)
    entry = Entry(
        **facts_of(subject),
        owed_by_id=getattr(subject, "handled_by_id", None),
        seq=previous.seq + 1 if previous else 1,
        verb=verb,
        source=source,
        target=target,
        by=by,
        acting_for=posting.organisation if posting else None,
        acting_as=posting.role if posting else "",
        at=not_before(previous, at),
        note=note,
        facts=facts or {},
        previous_hash=previous.hash if previous else "",
    )
    entry.hash = digest(entry)
    entry.save(force_insert=True)
    return entry


@dataclass(frozen=True)
class Line:
    """A line that the portal itself writes on a subject's trail; `about` holds the columns of `facts_of`."""

    about: Mapping[str, Any]
    verb: str
    facts: dict[str, Any]

    @property
    def chain(self) -> tuple[int, Any]:
        return self.about["subject_type_id"], self.about["subject_id"]


def write_entries(lines: Sequence[Line], *, at: datetime) -> None:
    """Append lines to many trails in three statements at most; the caller holds the lock of every subject.

    `about` gives `subject_type_id, subject_id, unit_id, owed_by_id`. No person acts, so a line that would lie before
    the one before it gets that one's time: one machine's fast clock must not hold up everybody's ladder.
    """
    last, written = newest_of(lines), []
    for line in lines:
        previous = last.get(line.chain)
        if previous and previous.at - at > LOCK_WAIT:
            logger.warning("trail of %s: the sweep's clock is behind by %s", line.chain[1], previous.at - at)
        entry = Entry(
            **line.about,
            seq=previous.seq + 1 if previous else 1,
            verb=line.verb,
            at=max(previous.at, at) if previous else at,
            facts=line.facts,
            previous_hash=previous.hash if previous else "",
        )
        entry.subject_type = ContentType.objects.get_for_id(line.about["subject_type_id"])
        entry.hash = digest(entry)
        last[line.chain] = entry
        written.append(entry)
    insert_rows(written)


def newest_of(lines: Sequence[Line]) -> dict[tuple[int, Any], Entry]:
    """The last entry of each chain, as far as the next one needs it."""
    found = Entry.objects.filter(subject_id__in={line.about["subject_id"] for line in lines})
    newest = found.order_by("subject_type", "subject_id", "-seq").distinct("subject_type", "subject_id")
    needed = newest.only("subject_type_id", "subject_id", "seq", "at", "hash")
    return {(entry.subject_type_id, entry.subject_id): entry for entry in needed}


def not_before(previous: Entry | None, at: datetime) -> datetime:
    if previous is None or at >= previous.at:
        return at
    if previous.at - at <= LOCK_WAIT:
        return previous.at
    raise OutOfTime(
        _("The time of this act lies before the last entry of the trail."),
        code="E_TIME_REVERSED",
        pointer="/at",
        first_at=previous.at,
    )


def digest(entry: Entry) -> str:
    """SHA-256 over the line before and everything this line says, in one canonical form."""
    return line_of(entry).digest()


def line_of(entry: Entry) -> proof.Line:
    """The entry as outsiders hold and hash it."""
    kind = ContentType.objects.get_for_id(entry.subject_type_id)
    content = (
        entry.verb,
        entry.source,
        entry.target,
        str(entry.by_id or ""),
        str(entry.acting_for_id or ""),
        entry.acting_as,
        entry.at.astimezone(tz=UTC).strftime(UTC_FORM),
        entry.note,
        entry.facts,
    )
    recorded_at = signing.written(entry.recorded_at) if entry.pk else ""
    rest = (entry.pk, recorded_at, str(entry.unit_id or ""), str(entry.owed_by_id or ""))
    chain = f"{kind.app_label}.{kind.model}/{entry.subject_id}"
    return proof.Line(chain, entry.seq, entry.previous_hash, entry.hash, content, rest)
