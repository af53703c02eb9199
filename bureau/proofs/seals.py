"""What the roots sealed, by chain and line, in a throw-away SQLite file so that memory stays flat."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby

from bureau.proofs.chains import Sealed
from bureau.proofs.lines import Line, kind_of
from bureau.proofs.roots import Root

Chain = tuple[str, dict[int, Sealed], list[Line]]


class Seals:
    def __init__(self) -> None:
        self.rows = sqlite3.connect("")  # a file that SQLite makes and removes by itself
        self.rows.execute(
            "CREATE TABLE seal (kind TEXT, chain TEXT, seq INTEGER, hash TEXT, mark TEXT, root INTEGER,"
            " PRIMARY KEY (kind, chain, seq)) WITHOUT ROWID"
        )

    def add(self, roots: Iterable[Root]) -> None:
        """Roots in the order of their numbers: what was sealed first counts."""
        for root in roots:
            rows = ((kind_of(c), c, s, h, m, root.n) for c, s, h, m in (root.load() if root.load else ()))
            self.rows.executemany("INSERT OR IGNORE INTO seal VALUES (?, ?, ?, ?, ?, ?)", rows)

    def knows(self, chain: str, seq: int, digest: str) -> bool:
        query = "SELECT 1 FROM seal WHERE kind = ? AND chain = ? AND seq = ? AND hash = ?"
        return self.rows.execute(query, [kind_of(chain), chain, seq, digest]).fetchone() is not None

    def chains(self, kind: str) -> Iterator[tuple[str, dict[int, Sealed]]]:
        query = "SELECT chain, seq, hash, mark, root FROM seal WHERE kind = ? ORDER BY chain, seq"
        for chain, rows in groupby(self.rows.execute(query, [kind]), key=lambda row: str(row[0])):
            yield chain, {seq: Sealed(hash, mark, root) for _, seq, hash, mark, root in rows}

    def beside(self, kind: str, lines: Iterable[Line]) -> Iterator[Chain]:
        """Each chain with what was sealed of it and what there is of it; `lines` are ordered by chain.

        Raises ValueError when they are not.
        """
        sealed, present = self.chains(kind), in_order(lines)
        left, right = next(sealed, None), next(present, None)
        while left or right:
            if right is None or (left and left[0] < right[0]):
                assert left
                yield left[0], left[1], []
                left = next(sealed, None)
            elif left is None or right[0] < left[0]:
                yield right[0], {}, right[1]
                right = next(present, None)
            else:
                yield left[0], left[1], right[1]
                left, right = next(sealed, None), next(present, None)


def in_order(lines: Iterable[Line]) -> Iterator[tuple[str, list[Line]]]:
    last = ""
    for chain, group in groupby(lines, key=lambda line: line.chain):
        if chain <= last:
            raise ValueError(f"the chain {chain} stands in the wrong place")
        last = chain
        yield chain, sorted(group, key=lambda line: line.seq)
