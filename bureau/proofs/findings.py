"""What a check of the trail found: where, of which kind, and in words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """`chain` and `seq` name the line; for roots the chain is `root` and `seq` the number of the root.

    `root` is the first root that tells of it, or 0 where the chain alone shows it.
    """

    kind: str
    chain: str
    seq: int
    words: str
    root: int = 0

    def __str__(self) -> str:
        where = f"{self.chain} line {self.seq}" if self.seq else self.chain
        told = f" (sealed in root {self.root})" if self.root else ""
        return f"{self.kind}: {where}: {self.words}{told}"


EDITED = "edited"
EDITED_AND_REHASHED = "edited-and-rehashed"
REWRITTEN = "rewritten-to-the-end"
DELETED = "deleted"
TAIL_DELETED = "tail-deleted"
INSERTED = "inserted"
SWAPPED = "swapped"
EMPTIED = "emptied"
GUARD_OFF = "guard-off"
SET_BACK = "set-back"
ROOT_REPLACED = "root-replaced"
ROOT_MISSING = "root-missing"
ROOTS_FORKED = "roots-forked"
EVIDENCE_REPLACED = "evidence-replaced"
EVIDENCE_MISSING = "evidence-missing"
LOST_UNSEALED = "lost-before-it-was-sealed"
UNREADABLE = "unreadable"
