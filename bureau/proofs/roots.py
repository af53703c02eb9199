"""Roots: once a minute the portal signs the hashes of all lines written since the root before, and that root itself.

So each root commits to every line ever written. Whoever holds one root outside the portal can show what was changed
before it, even by somebody who holds the machine and its keys.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bureau.proofs import findings as kinds
from bureau.proofs.canonical import canonical, sha256_hex
from bureau.proofs.findings import Finding
from bureau.proofs.keys import KeyRing

PURPOSE = "trail-root"
FORMAT = "trail-root-1"
MOST_SIGNATURES = 2000  # of the newest roots; the older ones hold by the hashes of the newer


SealedLine = tuple[str, int, str, str]  # chain, seq, hash, mark
Load = Callable[[], Sequence[SealedLine]]


@dataclass(frozen=True)
class Root:
    """`header` is what is signed. The lines are read again where they are needed, for all of them fill the memory;
    `load` is None where only the header is held."""

    header: Mapping[str, Any]
    key: str
    signature: str
    load: Load | None = None

    @property
    def n(self) -> int:
        return int(self.header["n"])

    @property
    def at(self) -> str:
        return str(self.header["at"])

    @property
    def digest(self) -> str:
        """The hash by which the next root points to this one."""
        return sha256_hex(canonical(dict(self.header)))

    @classmethod
    def read(cls, text: str, load: Load | None = None) -> Root:
        """Raises ValueError, TypeError or KeyError for what is no root."""
        row = json.loads(text)
        header = row["header"]
        if header["format"] != FORMAT or int(header["n"]) < 1:
            raise ValueError(f"a root of another format: {header['format']}")
        if "lines" not in row:
            return cls(header, str(row["key"]), str(row["signature"]))
        return cls(header, str(row["key"]), str(row["signature"]), load or (lambda: lines_in(text)))

    def as_text(self) -> str:
        row: dict[str, Any] = {"header": dict(self.header), "key": self.key, "signature": self.signature}
        if self.load is not None:
            row["lines"] = [list(line) for line in self.load()]
        return canonical(row).decode()

    def fault(self, keys: KeyRing, *, with_signature: bool = True) -> str:
        """Why this root is not as it was signed, or nothing."""
        if self.load is not None and self.lines_digest() != self.header["lines_sha256"]:
            return "its lines are not those that were signed"
        if not with_signature:
            return ""
        try:
            signature = bytes.fromhex(self.signature)
        except ValueError:
            return "its signature is no signature"
        return keys.fault_of(self.key, PURPOSE, canonical(dict(self.header)), signature, self.at)

    def lines_digest(self) -> str:
        try:
            return digest_of_lines(self.load() if self.load else ())
        except (ValueError, TypeError):
            return ""


def lines_in(text: str) -> list[SealedLine]:
    return [(str(chain), int(seq), str(digest), str(mark)) for chain, seq, digest, mark in json.loads(text)["lines"]]


def digest_of_lines(lines: Iterable[Iterable[Any]]) -> str:
    return sha256_hex(canonical([list(line) for line in lines]))


def files_of(place: Path) -> Iterator[Path]:
    """The files that may hold roots: one file, or all of a directory but the keys that lie beside them."""
    if place.is_dir():
        found = (path for path in place.rglob("*") if path.suffix in {".json", ".jsonl"})
        yield from sorted(path for path in found if not path.name.startswith((".", "keys")))
    else:
        yield place


def read_roots(place: Path) -> tuple[dict[int, Root], list[Finding]]:
    """The roots of a file (one a line) or of a directory, by number, and what of it cannot be read."""
    found: dict[int, Root] = {}
    faults = []
    for path in files_of(place):
        for offset, text in texts_of(path):
            try:
                root = Root.read(text, partial(lines_at, path, offset))
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                faults.append(Finding(kinds.UNREADABLE, "root", number_in(path), f"{path.name} is no root ({error})"))
                continue
            if found.setdefault(root.n, root).digest != root.digest:
                faults.append(Finding(kinds.ROOT_REPLACED, "root", root.n, "there are two different roots of it"))
    return found, faults


def texts_of(path: Path) -> Iterator[tuple[int, str]]:
    """Each line of a file and where it begins."""
    with path.open("rb") as file:
        offset = 0
        for line in file:
            yield offset, line.decode("utf-8", errors="replace")
            offset += len(line)


def lines_at(path: Path, offset: int) -> list[SealedLine]:
    with path.open("rb") as file:
        file.seek(offset)
        return lines_in(file.readline().decode())


def number_in(path: Path) -> int:
    return int(path.stem) if path.stem.isdecimal() else 0


def faults_of_series(roots: Mapping[int, Root], keys: KeyRing, *, gaps: bool, whose: str) -> Iterator[Finding]:
    """Each root by itself, and each against the one before; with `gaps` a missing number is a fault."""
    ordered = [roots[n] for n in sorted(roots)]
    newest = {id(root) for root in ordered[-MOST_SIGNATURES:]} | {id(root) for root in last_of_keys(ordered)}
    before: Root | None = None
    for root in ordered:
        fault = root.fault(keys, with_signature=id(root) in newest)
        if fault:
            yield Finding(kinds.ROOT_REPLACED, "root", root.n, f"{whose}: {fault}")
        elif before and follows(root, before, gaps) and root.header["previous"] != before.digest:
            yield Finding(kinds.ROOT_REPLACED, "root", before.n, f"{whose}: root {root.n} follows another one")
        if gaps and before and not follows(root, before, gaps):
            words = f"{whose}: it is missing" + (f", and all up to {root.n - 1}" if root.n > before.n + 2 else "")
            yield Finding(kinds.ROOT_MISSING, "root", before.n + 1, words)
        before = root


def follows(root: Root, before: Root, in_portal: bool) -> bool:
    """Whether a root points to this one: that of the next number; after a restore, whichever the portal had last."""
    return in_portal if root.header.get("resumed") else root.n == before.n + 1


def last_of_keys(roots: Iterable[Root]) -> Iterable[Root]:
    return {root.key: root for root in roots}.values()


def compared(ours: Mapping[int, Root], theirs: Mapping[int, Root], keys: KeyRing) -> tuple[int, list[Finding]]:
    """The portal's roots against those that an outsider kept: the first number that we do not carry on, or 0.

    Where single roots differ and later ones agree again, a file was replaced; where none agrees any more, the portal
    was set back or its roots were made anew.
    """
    differing = [n for n in sorted(theirs) if n in ours and ours[n].digest != theirs[n].digest]
    agreed = max((n for n in theirs if n in ours and n not in differing), default=0)
    found = [
        Finding(kinds.ROOT_REPLACED, "root", n, f"the portal's and yours differ; {guilty(ours[n], theirs[n], keys)}")
        for n in differing
        if n < agreed
    ]
    forked = next((n for n in differing if n > agreed), 0)
    if forked:
        words = f"the portal's is not the one you hold; the last that agrees is {agreed}"
        found.append(Finding(kinds.ROOTS_FORKED, "root", forked, words))
    end, known = max(ours, default=0), max(theirs, default=0)
    if known > end:
        words = f"the portal's roots end at {end}, you hold {known} of {theirs[known].at}"
        found.append(Finding(kinds.SET_BACK, "root", end + 1, words))
    return forked or (end + 1 if known > end else 0), found


def guilty(ours: Root, theirs: Root, keys: KeyRing) -> str:
    if ours.fault(keys):
        return "the portal's is not as it was signed"
    return "yours is not as it was signed" if theirs.fault(keys) else "both are signed"
