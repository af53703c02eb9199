"""One chain against what the roots sealed of it: which line was changed, taken out, put in or exchanged.

A line's *origin* is the place at which its content has the sealed hash. It does not depend on the hashes and numbers
that the database shows, so making them anew hides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bureau.proofs import findings as kinds
from bureau.proofs.findings import Finding
from bureau.proofs.lines import CONTENT, Line

FARTHEST = 500  # how many other places of a chain a displaced line is looked for in


@dataclass(frozen=True)
class Sealed:
    """What a root says of one line."""

    hash: str
    mark: str
    root: int


@dataclass(frozen=True)
class Placed:
    """A line and the place it came from; `origin` is 0 for a line that no root knows."""

    line: Line
    origin: int


def faults_of_chain(
    chain: str, sealed: Mapping[int, Sealed], lines: Sequence[Line], *, whole: bool = True, settled: str = ""
) -> Iterator[Finding]:
    """Every fault of one chain. `lines` are what the chain holds now, by number; `sealed` is what the roots say.

    `whole` says that chains begin with line 1; a line recorded before `settled` (ISO 8601 in UTC) must be sealed.
    """
    top = max(sealed, default=0)
    placed = [Placed(line, own_place(line, sealed)) for line in lines]
    at_home = {each.origin for each in placed}
    if set(sealed) <= at_home and not any(each.origin == 0 and each.line.seq <= top for each in placed):
        found = list(faults_in_place(placed, sealed))
    else:
        placed = [each if each.origin else Placed(each.line, displaced(each.line, sealed)) for each in placed]
        found = list(faults_of_place(chain, placed, sealed))
    yield from found or faults_of_links(lines, top, whole=whole)
    yield from (late(line) for line in lines if line.seq > top and not found and line.rest[1] < settled)


def late(line: Line) -> Finding:
    words = "it says it was recorded before the last root, which does not know it"
    return Finding(kinds.INSERTED, line.chain, line.seq, words)


def own_place(line: Line, sealed: Mapping[int, Sealed]) -> int:
    return line.seq if fits(line, line.seq, sealed) else 0


def displaced(line: Line, sealed: Mapping[int, Sealed]) -> int:
    nearest = sorted(sealed, key=lambda seq: abs(seq - line.seq))[:FARTHEST]
    return next((seq for seq in nearest if fits(line, seq, sealed)), 0)


def fits(line: Line, seq: int, sealed: Mapping[int, Sealed]) -> bool:
    """Whether this content was sealed at that place."""
    if seq not in sealed:
        return False
    before = sealed[seq - 1].hash if seq - 1 in sealed else "" if seq == 1 else line.previous
    return line.digest_at(seq, before) == sealed[seq].hash


def faults_in_place(placed: Sequence[Placed], sealed: Mapping[int, Sealed]) -> Iterator[Finding]:
    """All content stands where it was sealed; what is left are the columns beside it."""
    for line in (each.line for each in placed if each.origin):
        seal = sealed[line.seq]
        if line.hash != seal.hash or line.previous != stated_previous(line, sealed):
            yield Finding(kinds.EDITED, line.chain, line.seq, "its hashes are not those that were sealed", seal.root)
        elif line.mark != seal.mark:
            words = "its time of recording, its unit or its holder was changed"
            yield Finding(kinds.EDITED, line.chain, line.seq, words, seal.root)


def stated_previous(line: Line, sealed: Mapping[int, Sealed]) -> str:
    if line.seq == 1:
        return ""
    return sealed[line.seq - 1].hash if line.seq - 1 in sealed else line.previous


def faults_of_place(chain: str, placed: Sequence[Placed], sealed: Mapping[int, Sealed]) -> Iterator[Finding]:
    """Content is missing, strange, or not where it was sealed."""
    lost = set(sealed) - {each.origin for each in placed}
    moved = {each.line.seq: each.origin for each in placed if each.origin and each.origin != each.line.seq}
    shifted = any(moved.get(origin) != seq for seq, origin in moved.items())
    last = max((each.line.seq for each in placed), default=0)
    for seq in sorted(seq for seq, origin in moved.items() if moved.get(origin) == seq and seq < origin):
        words = f"it and line {moved[seq]} have changed places"
        yield Finding(kinds.SWAPPED, chain, seq, words, sealed[seq].root)
    for each in placed:
        if each.origin == 0 and each.line.seq <= max(sealed) + shifted:
            yield stranger(each.line, placed, lost, sealed)
    lost -= {each.line.seq for each in placed if each.origin == 0}
    if lost:
        yield from losses(chain, lost, last if not shifted else max(sealed), sealed)


def stranger(line: Line, placed: Sequence[Placed], lost: set[int], sealed: Mapping[int, Sealed]) -> Finding:
    """A line whose content no root knows: it replaced the sealed one, or it was put between."""
    root = sealed[line.seq].root if line.seq in sealed else 0
    if line.seq not in lost:
        return Finding(kinds.INSERTED, line.chain, line.seq, "it was put in; no root knows it", root)
    if line.hash != line.digest():
        return Finding(kinds.EDITED, line.chain, line.seq, "its content was changed", root)
    later = [each.line for each in placed if each.line.seq > line.seq]
    if not later or any(True for _ in faults_of_links([line, *later], line.seq)):
        words = "its content was changed and its hash made anew"
        return Finding(kinds.EDITED_AND_REHASHED, line.chain, line.seq, words, root)
    words = f"its content was changed and all hashes up to line {later[-1].seq} made anew"
    return Finding(kinds.REWRITTEN, line.chain, line.seq, words, root)


def losses(chain: str, lost: set[int], last: int, sealed: Mapping[int, Sealed]) -> Iterator[Finding]:
    """One finding for the end that was cut off, one for each line taken out before it."""
    tail = {seq for seq in lost if seq > last}
    for seq in sorted(lost - tail):
        yield Finding(kinds.DELETED, chain, seq, "it was taken out", sealed[seq].root)
    if tail:
        first = min(tail)
        words = f"it and all after it, up to line {max(tail)}, were cut off"
        yield Finding(kinds.TAIL_DELETED, chain, first, words, sealed[first].root)


def faults_of_links(lines: Sequence[Line], top: int, *, whole: bool = False) -> Iterator[Finding]:
    """What a chain shows by itself: the first fault at line `top` or after it."""
    before: Line | None = None
    for line in lines:
        words = ""
        if line.seq >= top:
            words = fault_of_link(line, before) if before or not whole else fault_of_first(line)
        if words:
            yield Finding(kinds.DELETED if "missing" in words else kinds.EDITED, line.chain, line.seq, words)
            return
        before = line


def fault_of_first(line: Line) -> str:
    if line.seq != 1 or line.previous:
        return "a line before it is missing"
    return fault_of_link(line, None)


def fault_of_link(line: Line, before: Line | None) -> str:
    if before and line.seq != before.seq + 1:
        return "a line before it is missing"
    if before and line.previous != before.hash:
        return "it does not follow the line before it"
    if line.hash != line.digest():
        return "its content was changed"
    if before and time_of(line) < time_of(before):
        return "it lies before the line before it"
    return ""


def time_of(line: Line) -> str:
    return str(line.content[CONTENT.index("at")])
