"""What there is to check, read from the database in the order that the verifier wants, with flat memory."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import partial
from operator import itemgetter

from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.db.models import F

from bureau.desk import signing
from bureau.desk.denials import denial_line
from bureau.desk.models.denial import Denial
from bureau.desk.models.document import Document
from bureau.desk.models.entry import Entry
from bureau.desk.models.root import TrailRoot
from bureau.desk.sealing.guards import guard_states
from bureau.desk.sealing.lines import document_line
from bureau.desk.trail import line_of
from bureau.proofs.judgement import Holdings
from bureau.proofs.keys import KeyRing
from bureau.proofs.lines import DENIAL, Line
from bureau.proofs.roots import Root, SealedLine, lines_in

CHUNK = 2000


def holdings() -> Holdings:
    """The whole trail as it stands in the database, and the evidence files as they lie on the disk."""
    return Holdings(
        lines=entry_lines(),
        evidence=(document_line(document, found_of(document)) for document in documents()),
        roots=dict(roots_of_portal()),
        guards=guard_states(),
    )


def key_ring() -> KeyRing:
    return KeyRing([key.as_row() for key in signing.public_keys()])


def entry_lines() -> Iterator[Line]:
    """Every entry and every refused request, by chain and line; chains in the order of their names as bytes."""
    kinds = ContentType.objects.filter(pk__in=Entry.objects.order_by().values("subject_type").distinct())
    sources = [(f"{kind.app_label}.{kind.model}/", lines_about(kind)) for kind in kinds]
    for _, lines in sorted([*sources, (f"{DENIAL}/", denial_lines())], key=itemgetter(0)):
        yield from lines


def lines_about(kind: ContentType) -> Iterator[Line]:
    entries = Entry.objects.filter(subject_type=kind).order_by("subject_id", "seq", "pk")
    yield from (line_of(entry) for entry in entries.iterator(chunk_size=CHUNK))


def denial_lines() -> Iterator[Line]:
    denials = Denial.objects.order_by(F("account_id").asc(nulls_last=True), "seq", "pk")
    yield from (denial_line(denial) for denial in denials.iterator(chunk_size=CHUNK))


def documents() -> Iterator[Document]:
    return Document.objects.order_by("pk").iterator(chunk_size=CHUNK)


def found_of(document: Document) -> str:
    """The SHA-256 of the original as it lies there now; empty when there is none."""
    digest = hashlib.sha256()
    try:
        with default_storage.open(document.original) as file:
            for block in file.chunks():
                digest.update(block)
    except OSError:
        return ""
    return digest.hexdigest()


def roots_of_portal(first: int = 1, last: int = 0) -> Iterator[tuple[int, Root]]:
    """The roots from `first` on, up to `last` where it is not 0; each reads its lines again when asked."""
    rows = TrailRoot.objects.filter(n__gte=first).order_by("n")
    if last:
        rows = rows.filter(n__lte=last)
    for row in rows.iterator(chunk_size=100):
        yield row.n, Root.read(row.text, partial(lines_of_root, row.n))


def lines_of_root(n: int) -> list[SealedLine]:
    return lines_in(TrailRoot.objects.get(pk=n).text)
