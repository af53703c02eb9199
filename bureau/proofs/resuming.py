"""A portal that was restored says so: its first root afterwards names the last one that the outside knows.

Without that its numbers would begin to name other roots than those that outsiders hold. It hides nothing: whatever was
sealed outside and is not there any more is told, and people hold it against the minutes of the restore.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bureau.proofs import findings as kinds
from bureau.proofs.findings import Finding
from bureau.proofs.roots import Root
from bureau.proofs.seals import Seals

NAMED = 20


@dataclass(frozen=True)
class Resumption:
    """`agreed` is the last root that both had, `known` the last one outside, with its hash."""

    root: int
    at: str
    agreed: int
    known: int
    digest: str

    def covers(self, n: int) -> bool:
        return self.agreed < n <= self.known


def resumptions_in(roots: Mapping[int, Root]) -> list[Resumption]:
    found = []
    for n, root in sorted(roots.items()):
        told = root.header.get("resumed")
        if told:
            found.append(Resumption(n, root.at, int(told["agreed"]), int(told["known"]), str(told["digest"])))
    return found


def left_behind(kept: Mapping[int, Root], resumed: Iterable[Resumption]) -> dict[int, Root]:
    """The outsider's roots that the restored portal has no more, as far as it names the last of them rightly."""
    found: dict[int, Root] = {}
    for each in resumed:
        mine = {n: root for n, root in kept.items() if each.covers(n)}
        if each.known not in mine or mine[each.known].digest == each.digest:
            found.update(mine)
    return found


def told_of(resumed: Iterable[Resumption], behind: Mapping[int, Root], seals: Seals) -> Iterator[Finding]:
    """Each restore once, with the lines that were lost by it as far as the outsider's roots know them."""
    for each in resumed:
        lost = lost_lines((root for n, root in behind.items() if each.covers(n)), seals)
        words = f"the portal was set back to root {each.agreed}, and went on at {each.at} after root {each.known}"
        if lost:
            chains = ", ".join(f"{chain} from line {seq}" for chain, seq in list(lost.items())[:NAMED])
            words += f"; what you hold of {len(lost)} chains is gone: {chains}"
        yield Finding(kinds.SET_BACK, "root", each.agreed + 1, words, each.root)


def lost_lines(roots: Iterable[Root], seals: Seals) -> dict[str, int]:
    """The first line of each chain that was sealed and is not there any more."""
    lost: dict[str, int] = {}
    for root in roots:
        for chain, seq, digest, _mark in root.load() if root.load else ():
            if not seals.knows(chain, seq, digest):
                lost[chain] = min(seq, lost.get(chain, seq))
    return lost
