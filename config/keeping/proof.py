"""What a restored portal must show before it is believed: the trail whole, every row's file there and unchanged."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bureau.desk.models.document import Document
from bureau.desk.models.entry import Entry
from bureau.desk.sealing.readings import holdings, key_ring
from bureau.proofs.judgement import judge


@dataclass(frozen=True)
class Heads:
    """All chains at a moment in one mark, to be held against another copy of the same moment."""

    chains: int
    entries: int
    last_at: datetime | None
    mark: str  # SHA-256 over every chain's subject, line and hash


def faults(media: Path) -> Iterator[str]:
    """Everything wrong with lines, roots, guards and evidence, and copies to show that are not there."""
    yield from (str(finding) for finding in judge(holdings(), {}, key_ring()))
    for pk, shown in Document.objects.exclude(shown="").order_by("pk").values_list("pk", "shown").iterator():
        if not (media / shown).is_file():
            yield f"document {pk}: {shown} is missing"


def heads() -> Heads:
    """The newest line of every chain, in one order wherever it is computed."""
    newest = Entry.objects.order_by("subject_type", "subject_id", "-seq").distinct("subject_type", "subject_id")
    rows = newest.values_list("subject_type__app_label", "subject_type__model", "subject_id", "seq", "hash", "at")
    lines, last = [], None
    for *words, at in rows.iterator():
        lines.append(" ".join(str(word) for word in words))
        last = max(last, at) if last else at
    mark = hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()
    return Heads(len(lines), Entry.objects.count(), last, mark)
