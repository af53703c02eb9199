"""The sealer: signs what was written since the last root, one root at a time, numbered without gaps."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from bureau.desk import figures, signing
from bureau.desk.denials import chain_of_account, denial_line
from bureau.desk.models.denial import Denial
from bureau.desk.models.document import Document
from bureau.desk.models.entry import Entry
from bureau.desk.models.root import TrailRoot, Unsealed
from bureau.desk.sealing.guards import guards_not_on
from bureau.desk.sealing.lines import document_line
from bureau.desk.trail import line_of
from bureau.proofs.canonical import canonical
from bureau.proofs.lines import DENIAL, EVIDENCE
from bureau.proofs.roots import FORMAT, PURPOSE, Root, digest_of_lines

logger = logging.getLogger(__name__)
SEALER_LOCK = 0x5EA1
MOST_LINES = 20_000  # in one root, so that a backlog becomes many small files and not one that nobody can send
figures.declare(bureau_seal_silence_minutes="60")
figures.describe(bureau_seal_silence_minutes=_("Longest silence between two roots of the trail, in minutes"))

SealedLine = tuple[str, int, str, str]
Lost = list[str | int]


@dataclass(frozen=True)
class Resumed:
    """After a restore: the last root that both had, and the last one known outside with its hash."""

    agreed: int
    known: int
    digest: str


def seal_all(*, at: datetime) -> int:
    """Seal everything that waits; how many roots were made. Raises OSError where the key cannot be used."""
    count = 0
    while seal(at=at):
        count += 1
    return count


@transaction.atomic
def seal(*, at: datetime) -> TrailRoot | None:
    """Make the next root; None while another sealer is at work, or when nothing new came and the last is recent."""
    return next_root(at=at) if alone() else None


def next_root(*, at: datetime, resumed: Resumed | None = None) -> TrailRoot | None:
    """The caller holds the sealer's lock. `resumed` is said once, by the first root after a restore."""
    last = TrailRoot.objects.order_by("-n").first()
    waiting = list(Unsealed.objects.order_by("id")[:MOST_LINES])
    if not waiting and not resumed and last and at - last.at < silence(at):
        return None
    lines, lost = lines_of(waiting)
    root = signed(last, lines, lost, at=max(at, last.at) if last else at, resumed=resumed)
    kept = TrailRoot.objects.create(
        n=root.n, at=signing.read(root.at), digest=root.digest, lines=len(lines), text=root.as_text()
    )
    Unsealed.objects.filter(pk__in=[row.pk for row in waiting]).delete()
    return kept


def alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEALER_LOCK])
        return bool(cursor.fetchone()[0])


def silence(at: datetime) -> timedelta:
    return timedelta(minutes=int(figures.figure("bureau_seal_silence_minutes", figures.local_day(at))))


def signed(
    last: TrailRoot | None,
    lines: Sequence[SealedLine],
    lost: Sequence[Lost],
    *,
    at: datetime,
    resumed: Resumed | None = None,
) -> Root:
    header: dict[str, Any] = {
        "format": FORMAT,
        "n": max(last.n if last else 0, resumed.known if resumed else 0) + 1,
        "at": signing.written(at),
        "previous": last.digest if last else "",
        "lines": len(lines),
        "lines_sha256": digest_of_lines(lines),
        "guards": guards_not_on(),
        "lost": [list(each) for each in lost],
    }
    if resumed:
        header["resumed"] = {"agreed": resumed.agreed, "known": resumed.known, "digest": resumed.digest}
    signature = signing.sign(PURPOSE, canonical(header), at=at)
    return Root(header, signature.key_id, signature.value.hex(), lambda: lines)


def lines_of(waiting: Sequence[Unsealed]) -> tuple[list[SealedLine], list[Lost]]:
    """What the root says of each waiting line, with the hash it had when it was written; and those that are gone."""
    marks = marks_of(waiting)
    lines: list[SealedLine] = []
    lost: list[Lost] = []
    for row in waiting:
        chain, mark = chain_of(row), marks.get((row.kind, row.row))
        if mark is None:
            logger.critical("line %s of %s was gone before it could be sealed", row.seq, chain)
            lost.append([chain, row.seq, row.hash])
        lines.append((chain, row.seq, row.hash, mark or ""))
    return lines, lost


def marks_of(waiting: Sequence[Unsealed]) -> dict[tuple[str, str], str]:
    entries = Entry.objects.filter(pk__in=[int(row.row) for row in waiting if row.kind == "entry"])
    denials = Denial.objects.filter(pk__in=[int(row.row) for row in waiting if row.kind == DENIAL])
    documents = Document.objects.filter(pk__in=[row.row for row in waiting if row.kind == EVIDENCE])
    marks = {("entry", str(entry.pk)): line_of(entry).mark for entry in entries}
    marks |= {(DENIAL, str(denial.pk)): denial_line(denial).mark for denial in denials}
    marks |= {(EVIDENCE, str(document.pk)): document_line(document).mark for document in documents}
    return marks


def chain_of(row: Unsealed) -> str:
    if row.kind == EVIDENCE:
        return f"{EVIDENCE}/{row.subject_id}"
    if row.kind == DENIAL:
        return chain_of_account(row.subject_id)
    kind = ContentType.objects.get_for_id(row.subject_type_id or 0)
    return f"{kind.app_label}.{kind.model}/{row.subject_id}"
