"""Lines of the trail as outsiders hold them, and the one form in which a line is hashed.

A line belongs to a chain: `grid.issue/<id>` for the acts on one subject, `denial/<account>` for the requests that were
refused to one account, `file/<id>` for one piece of evidence. Its
`hash` covers the hash of the line before and all it says; its `mark` covers the columns that only the database knows
when the line is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bureau.proofs.canonical import digest_of

CONTENT = ("verb", "source", "target", "by", "acting_for", "acting_as", "at", "note", "facts")
REST = ("row", "recorded_at", "unit", "owed_by")
EVIDENCE, DENIAL = "file", "denial"
EVIDENCE_REST = ("subject", "kind", "stage", "file_name", "content_type", "size", "by", "at", "place")


@dataclass(frozen=True)
class Line:
    """`content` holds the values of CONTENT in that order, `rest` those of REST; times are ISO 8601 in UTC."""

    chain: str
    seq: int
    previous: str
    hash: str
    content: tuple[Any, ...]
    rest: tuple[Any, ...]

    def digest(self) -> str:
        return self.digest_at(self.seq, self.previous)

    def digest_at(self, seq: int, previous: str) -> str:
        """What the hash of this content would be in another place of its chain."""
        label, _, subject = self.chain.partition("/")
        return digest_of([previous, label, subject, seq, *self.content])

    @property
    def mark(self) -> str:
        return digest_of(list(self.rest))

    def as_row(self) -> dict[str, Any]:
        named = dict(zip(CONTENT + REST, self.content + self.rest, strict=True))
        return {"chain": self.chain, "seq": self.seq, "previous": self.previous, "hash": self.hash, **named}

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> Line:
        """Raises KeyError or ValueError for what is no line."""
        return cls(
            str(row["chain"]),
            int(row["seq"]),
            str(row["previous"]),
            str(row["hash"]),
            tuple(row[name] for name in CONTENT),
            tuple(row[name] for name in REST),
        )


def evidence_of_row(row: Mapping[str, Any], found: str | None) -> Line:
    """A piece of evidence as the only line of its chain; its hash is that of the file.

    `found` is the hash of the file as it lies there now, empty when there is none, None when nobody looked.
    """
    rest = tuple(row[name] for name in EVIDENCE_REST)
    return Line(str(row["chain"]), 1, "", str(row["sha256"]), (found,), rest)


def kind_of(chain: str) -> str:
    """Which stream a chain belongs to: evidence has its own, all acts share one."""
    return EVIDENCE if chain.startswith(f"{EVIDENCE}/") else "entry"
