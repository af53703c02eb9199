"""The trail as files that outsiders check without the portal: see bureau.proofs.trail for what they are."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage

from bureau.desk import signing
from bureau.desk.models.root import TrailRoot, Unsealed
from bureau.desk.sealing.guards import guard_states
from bureau.desk.sealing.lines import document_row
from bureau.desk.sealing.readings import documents, entry_lines, found_of, roots_of_portal
from bureau.proofs import trail as form
from bureau.proofs.canonical import canonical
from bureau.proofs.lines import DENIAL, EVIDENCE, Line
from bureau.proofs.seals import Seals

BLOCK = 1 << 20


@dataclass(frozen=True)
class Span:
    """Roots by number; `first` 1 and `last` 0 say the whole trail."""

    first: int = 1
    last: int = 0

    @property
    def is_whole(self) -> bool:
        return (self.first, self.last) == (1, 0)


def span_of(start: datetime | None, end: datetime | None) -> Span:
    """The roots sealed from `start` on and before `end`. Raises ValueError when there is none."""
    if start is None and end is None:
        return Span()
    found = TrailRoot.objects.order_by("n")
    found = found.filter(at__gte=start) if start else found
    found = found.filter(at__lt=end) if end else found
    first, last = found.first(), found.last()
    if first is None or last is None:
        raise ValueError("no root was sealed in that time")
    return Span(first.n, last.n if end else 0)


def export_trail(place: Path, span: Span, *, at: datetime, with_files: bool = False) -> dict[str, Any]:
    """Write the export, whole or not at all; answers what `export.json` says. Raises FileExistsError, OSError."""
    if place.exists():
        raise FileExistsError(place)
    draft = place.with_name(f".{place.name}.part")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    try:
        about = write_all(draft, span, at=at, with_files=with_files)
        draft.rename(place)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return about


def write_all(draft: Path, span: Span, *, at: datetime, with_files: bool) -> dict[str, Any]:
    seals, files = Seals(), {}
    roots = dict(roots_of_portal(span.first, span.last))
    seals.add(roots.values())
    last = max(roots, default=0)
    files[form.ROOTS] = written(draft / form.ROOTS, (json.loads(root.as_text()) for root in roots.values()))
    files[form.ENTRIES] = written(draft / form.ENTRIES, (line.as_row() for line in lines_within(span, seals)))
    rows = evidence_within(span, seals, draft / form.FILES if with_files else None)
    files[form.EVIDENCE] = written(draft / form.EVIDENCE, rows)
    keys = canonical([key.as_row() for key in signing.public_keys()])
    (draft / form.KEYS).write_bytes(keys)
    about = {
        "format": "trail-export-1",
        "at": signing.written(at),
        "whole": span.first == 1,
        "first": span.first,
        "last": span.last,
        "newest_root": last,
        "with_files": with_files,
        "guards": guard_states(),
        "entries": files[form.ENTRIES][0],
        "evidence": files[form.EVIDENCE][0],
        "roots": files[form.ROOTS][0],
        "sha256": {name: digest for name, (_, digest) in files.items()},
    }
    (draft / form.ABOUT).write_text(json.dumps(about, indent=1))
    return about


def written(path: Path, rows: Iterable[Mapping[str, Any]]) -> tuple[int, str]:
    """How many rows, and the hash of the file."""
    count, digest = 0, hashlib.sha256()
    with path.open("wb") as file:
        for row in rows:
            line = canonical(row) + b"\n"
            digest.update(line)
            file.write(line)
            count += 1
    return count, digest.hexdigest()


def lines_within(span: Span, seals: Seals) -> Iterator[Line]:
    """All lines, or those that the roots of the span sealed; with what waits for its root where the end is open."""
    if span.is_whole:
        yield from entry_lines()
        return
    waiting = set() if span.last else set(Unsealed.objects.exclude(kind=EVIDENCE).values_list("kind", "row"))
    for _, sealed, lines in seals.beside("entry", entry_lines()):
        yield from (line for line in lines if line.seq in sealed or place_of(line) in waiting)


def place_of(line: Line) -> tuple[str, str]:
    """The table and the row of a line, as the queue of the sealer names them."""
    return DENIAL if line.chain.startswith(f"{DENIAL}/") else "entry", str(line.rest[0])


def evidence_within(span: Span, seals: Seals, copies: Path | None) -> Iterator[dict[str, Any]]:
    sealed = None if span.is_whole else {chain for chain, _ in seals.chains(EVIDENCE)}
    for document in documents():
        row = document_row(document)
        if sealed is None or row["chain"] in sealed:
            if copies:
                copy_file(row["place"], copies)
            yield row | {"found": found_of(document)}


def copy_file(name: str, copies: Path) -> None:
    target = copies / name
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with default_storage.open(name) as source, target.open("wb") as file:
            shutil.copyfileobj(source, file, BLOCK)
    except FileNotFoundError:
        target.unlink(missing_ok=True)
