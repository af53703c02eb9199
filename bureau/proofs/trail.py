"""`verify-trail EXPORT --roots MINE`: whether the exported trail is the one that was sealed; names what is not.

An export is a directory that `manage.py export_trail` wrote: `export.json` (what it holds), `entries.jsonl`,
`evidence.jsonl`, `roots.jsonl`, `keys.json`, and the files below `files/` where they were asked for.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from bureau.proofs import findings as kinds
from bureau.proofs.findings import Finding
from bureau.proofs.judgement import Holdings, judge
from bureau.proofs.keys import KeyRing
from bureau.proofs.lines import Line, evidence_of_row
from bureau.proofs.roots import Root, read_roots

NAME = "verify-trail"
HELP = "check an exported trail against the roots that you took away at earlier times"
ABOUT, ENTRIES, EVIDENCE, ROOTS, KEYS, FILES = (
    "export.json", "entries.jsonl", "evidence.jsonl", "roots.jsonl", "keys.json", "files",
)  # fmt: skip
BLOCK = 1 << 20
NO_ROOTS = (
    "note: no root of your own was given; whoever holds the portal and its keys could have made all of this anew. "
    "Give the roots you took away earlier with --roots."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("export", type=Path, help="the directory of the export")
    parser.add_argument("--roots", type=Path, help="the roots you took away: a file, or a directory of files")
    parser.add_argument("--keys", type=Path, help="the public keys you trust; without it those of the export")
    parser.add_argument("--files", type=Path, help="where the evidence files lie; without it those of the export")
    parser.add_argument("--json", action="store_true", help="one finding a line, as JSON")


def run(options: argparse.Namespace) -> int:
    findings = list(faults_of_export(options.export, roots=options.roots, keys=options.keys, files=options.files))
    for finding in findings:
        sys.stdout.write((json.dumps(vars(finding)) if options.json else str(finding)) + "\n")
    if options.roots is None and not options.json:
        sys.stdout.write(NO_ROOTS + "\n")
    if not options.json:
        verdict = "THE TRAIL DOES NOT HOLD" if findings else "the trail is whole and as it was sealed"
        sys.stdout.write(f"{verdict}: {summary_of(options.export)}\n")
    return 1 if findings else 0


def faults_of_export(
    place: Path, *, roots: Path | None = None, keys: Path | None = None, files: Path | None = None
) -> Iterator[Finding]:
    """Everything that is wrong with an export; nothing when it holds."""
    try:
        about = json.loads((place / ABOUT).read_text(encoding="utf-8"))
        ring = KeyRing.read(keys or place / KEYS)
        ours, unread = read_roots(place / ROOTS)
        kept, unread_of_mine = read_roots(roots) if roots else ({}, [])
    except (OSError, ValueError, KeyError, TypeError) as error:
        yield Finding(kinds.UNREADABLE, str(place), 0, f"no whole export ({error})")
        return
    yield from (*unread, *unread_of_mine, *changed_files(place, about))
    yield from judge(holdings_of(place, about, ours, files), kept, ring)


def holdings_of(place: Path, about: Mapping[str, Any], ours: Mapping[int, Root], files: Path | None) -> Holdings:
    stored = files or (place / FILES if about.get("with_files") else None)
    return Holdings(
        lines=rows_of(place / ENTRIES, Line.of_row),
        evidence=rows_of(place / EVIDENCE, lambda row: evidence_of_row(row, found_of(row, stored))),
        roots=ours,
        guards=about.get("guards", {}),
        whole=bool(about["whole"]),
        last=int(about["last"]),
    )


def rows_of(path: Path, read: Callable[[Mapping[str, Any]], Line]) -> Iterator[Line]:
    """The lines of a file, one at a time; raises ValueError for one that cannot be read."""
    with path.open(encoding="utf-8") as file:
        for number, text in enumerate(file, 1):
            try:
                yield read(json.loads(text))
            except (KeyError, TypeError, ValueError) as error:
                raise ValueError(f"{path.name}, line {number}: cannot be read ({error})") from error


def found_of(row: Mapping[str, Any], stored: Path | None) -> str | None:
    """The hash of the file itself: computed here where we have it, else as the export says it found it."""
    if stored is None:
        return row.get("found")
    path = (stored / str(row["place"])).resolve()
    if not path.is_relative_to(stored.resolve()) or not path.is_file():
        return ""
    return sha256_of(path)


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def changed_files(place: Path, about: Mapping[str, Any]) -> Iterator[Finding]:
    """Files of the export that are not those it was written with, as after a bad copy."""
    for name, digest in sorted(about.get("sha256", {}).items()):
        path = place / name
        if not path.is_file():
            yield Finding(kinds.UNREADABLE, name, 0, "this file of the export is missing")
        elif sha256_of(path) != digest:
            yield Finding(kinds.UNREADABLE, name, 0, "this file is not as it was exported")


def summary_of(place: Path) -> str:
    try:
        about = json.loads((place / ABOUT).read_text(encoding="utf-8"))
        return "{entries} lines, {evidence} files, {roots} roots, exported at {at}".format_map(about)
    except (OSError, ValueError, KeyError):
        return str(place)
