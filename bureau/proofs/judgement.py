"""The whole judgement: lines, evidence, roots and guards of a portal against the roots that an outsider kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bureau.proofs import findings as kinds
from bureau.proofs.chains import Sealed, faults_of_chain
from bureau.proofs.findings import Finding
from bureau.proofs.keys import KeyRing
from bureau.proofs.lines import EVIDENCE, Line
from bureau.proofs.resuming import left_behind, resumptions_in, told_of
from bureau.proofs.roots import Root, compared, faults_of_series
from bureau.proofs.seals import Seals

PATIENCE = timedelta(hours=1)  # a line may wait for its root as long as the longest transaction runs
NAMED = 20


@dataclass
class Holdings:
    """What is judged. `lines` and `evidence` come ordered by chain; `guards` are the states of the database's guards.

    `whole` says that it begins with the first line ever written; `last` is the root it was cut off at, or 0.
    """

    lines: Iterable[Line]
    evidence: Iterable[Line]
    roots: Mapping[int, Root]
    guards: Mapping[str, str]
    whole: bool = True
    last: int = 0

    def within(self, kept: Mapping[int, Root]) -> Mapping[int, Root]:
        """Those of the outsider's roots that these holdings can be held against."""
        first = 1 if self.whole else min(self.roots, default=1)
        return {n: root for n, root in kept.items() if n >= first and not 0 < self.last < n}


def judge(holdings: Holdings, kept: Mapping[int, Root], keys: KeyRing) -> Iterator[Finding]:
    """Every finding, roots first. `kept` are the roots that the outsider took away earlier; may be empty."""
    faults_of_ours = list(faults_of_series(holdings.roots, keys, gaps=True, whose="the portal's"))
    faults_of_kept = list(faults_of_series(kept, keys, gaps=False, whose="yours"))
    yield from (*faults_of_ours, *faults_of_kept)
    if holdings.whole and holdings.roots and min(holdings.roots) > 1:
        yield Finding(kinds.ROOT_MISSING, "root", 1, "the portal's roots do not begin with 1")
    kept = holdings.within(kept)
    resumed = resumptions_in(sound(holdings.roots, faults_of_ours))
    behind = left_behind(kept, resumed)
    kept = {n: root for n, root in kept.items() if n not in behind}
    forked, found = compared(holdings.roots, kept, keys)
    yield from found
    truth = trusted(sound(holdings.roots, faults_of_ours), sound(kept, faults_of_kept), forked)
    yield from faults_of_guards(holdings, truth)
    yield from lost_lines(truth)
    seals = Seals()
    seals.add(truth)
    yield from told_of(resumed if kept or behind else (), sound(behind, faults_of_kept), seals)
    yield from faults_of_lines(holdings, seals, truth, forked)
    yield from faults_of_evidence(holdings, seals, forked)


def sound(roots: Mapping[int, Root], faults: list[Finding]) -> Mapping[int, Root]:
    bad = {fault.seq for fault in faults if fault.kind == kinds.ROOT_REPLACED}
    return {n: root for n, root in roots.items() if n not in bad}


def trusted(ours: Mapping[int, Root], kept: Mapping[int, Root], forked: int) -> list[Root]:
    """The roots whose word counts: the outsider's, and ours as far as they lead to the outsider's."""
    chosen = dict(kept)
    for n, root in ours.items():
        if (not forked or n < forked) and (n not in kept or kept[n].load is None):
            chosen[n] = root
    return [chosen[n] for n in sorted(chosen)]


def faults_of_guards(holdings: Holdings, truth: list[Root]) -> Iterator[Finding]:
    """A guard of the database that is off now, or was when a root was sealed."""
    told = set()
    for name, state in sorted(holdings.guards.items()):
        if state != "on":
            told.add(name)
            yield Finding(kinds.GUARD_OFF, name, 0, f"this guard of the database is {state}")
    for root in truth:
        for name, state in sorted(dict(root.header.get("guards", {})).items()):
            if name not in told:
                told.add(name)
                yield Finding(kinds.GUARD_OFF, name, 0, f"this guard of the database was {state} at {root.at}", root.n)


def lost_lines(truth: list[Root]) -> Iterator[Finding]:
    for root in truth:
        for chain, seq, _hash in root.header.get("lost", ()):
            words = "it was written, and gone before it could be sealed"
            yield Finding(kinds.LOST_UNSEALED, str(chain), int(seq), words, root.n)


def faults_of_lines(holdings: Holdings, seals: Seals, truth: list[Root], forked: int) -> Iterator[Finding]:
    settled = settled_before(truth) if truth else ""
    count, ends = 0, []
    try:
        for chain, sealed, lines in seals.beside("entry", holdings.lines):
            count += len(lines)
            for finding in faults_of_chain(chain, sealed, lines, whole=holdings.whole, settled=settled):
                if finding.kind == kinds.TAIL_DELETED:
                    ends.append(finding)
                else:
                    yield finding
    except ValueError as error:
        yield Finding(kinds.UNREADABLE, "entries", 0, str(error))
    yield from gathered(ends, count, forked)


def gathered(ends: list[Finding], count: int, forked: int) -> Iterator[Finding]:
    """Chains that end too early: one finding each, or one for all where one deed explains them."""
    if ends and not count:
        chains = ", ".join(end.chain for end in ends[:NAMED])
        yield Finding(kinds.EMPTIED, "entries", 0, f"all lines are gone, of {len(ends)} chains: {chains}", ends[0].root)
        return
    yield from (end for end in ends if not is_after(end, forked))
    yield from set_back([end for end in ends if is_after(end, forked)], forked)


def is_after(end: Finding, forked: int) -> bool:
    return 0 < forked <= end.root


def set_back(ends: list[Finding], forked: int) -> Iterator[Finding]:
    if ends:
        chains = ", ".join(f"{end.chain} from line {end.seq}" for end in ends[:NAMED])
        words = f"what was sealed from root {forked} on is gone, in {len(ends)} chains: {chains}"
        yield Finding(kinds.SET_BACK, ends[0].chain, ends[0].seq, words, forked)


def settled_before(truth: list[Root]) -> str:
    at = datetime.fromisoformat(truth[-1].at) - PATIENCE
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def faults_of_evidence(holdings: Holdings, seals: Seals, forked: int) -> Iterator[Finding]:
    """The row against the root, and the file itself against the root, or against its row where no root knows it."""
    gone = []
    for chain, sealed, lines in seals.beside(EVIDENCE, holdings.evidence):
        if lines:
            yield from faults_of_file(lines[0], sealed.get(1))
        else:
            gone.append(Finding(kinds.DELETED, chain, 1, "the record of this evidence was taken out", sealed[1].root))
    yield from (end for end in gone if not is_after(end, forked))
    yield from set_back([end for end in gone if is_after(end, forked)], forked)


def faults_of_file(line: Line, seal: Sealed | None) -> Iterator[Finding]:
    root = seal.root if seal else 0
    if seal and (line.hash, line.mark) != (seal.hash, seal.mark):
        yield Finding(kinds.EDITED, line.chain, 1, "the record of this evidence was changed", root)
    found, right = line.content[0], seal.hash if seal else line.hash
    if found == "":
        yield Finding(kinds.EVIDENCE_MISSING, line.chain, 1, "the file is not there", root)
    elif found is not None and found != right:
        words = f"the file is another one: sealed sha256 {right}, found {found}"
        yield Finding(kinds.EVIDENCE_REPLACED, line.chain, 1, words, root)
