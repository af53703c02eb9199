"""`verify_pack FILE`: whether a hand-over pack is whole and as it was signed; names what was changed.

A pack is a ZIP with `manifest.json` (`{"files": {name: {"sha256", "size"}}, ...}` in canonical form) and
`signature.json` (`{"key", "at", "signature"}`) over its bytes.
"""

import argparse
import hashlib
import json
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any, BinaryIO

from bureau.proofs.keys import KeyRing
from bureau.proofs.zips import hidden_bytes

NAME = "pack"
HELP = "check a hand-over pack: every file, the list of files, and the signature"
PURPOSE = "referral-pack"
MANIFEST, SIGNATURE = "manifest.json", "signature.json"
LARGEST_LIST = 8 << 20
LARGEST_PACK = 4 << 30
MOST_FILES = 10_000
BLOCK = 1 << 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the pack, a .zip file")
    parser.add_argument("--keys", type=Path, required=True, help="the public keys you trust, a .json file")


def run(options: argparse.Namespace) -> int:
    faults = faults_of(options.file, KeyRing.read(options.keys))
    verdict = "THE PACK DOES NOT HOLD" if faults else "the pack is whole and as it was signed"
    sys.stdout.write("\n".join([*faults, verdict, ""]))
    return 1 if faults else 0


def faults_of(path: Path, keys: KeyRing) -> list[str]:
    """Everything that is wrong, a line each; empty when the pack holds. Flat memory, whatever the file claims."""
    try:
        with zipfile.ZipFile(path) as archive:
            faults = faults_in(archive, keys)
            if not faults and hidden_bytes(path, archive):
                return [f"{path.name}: holds bytes that belong to none of its files"]
            return faults
    except (zipfile.BadZipFile, OSError, EOFError) as error:
        return [f"{path.name}: no whole ZIP file ({error})"]


def faults_in(archive: zipfile.ZipFile, keys: KeyRing) -> list[str]:
    faults = shape_faults(archive)
    if faults:
        return faults
    try:
        manifest = read_small(archive, MANIFEST)
        listed: dict[str, Any] = json.loads(manifest)["files"]
        expected = {name: (str(row["sha256"]), int(row["size"])) for name, row in listed.items()}
    except (KeyError, ValueError, TypeError, AttributeError, zipfile.BadZipFile, zlib.error) as error:
        return [f"{MANIFEST}: missing or not readable ({error})"]
    faults = signature_faults(archive, manifest, keys)
    present = set(archive.namelist()) - {MANIFEST, SIGNATURE}
    faults += [f"{name}: missing" for name in sorted(set(expected) - present)]
    faults += [f"{name}: is not on the list of the pack" for name in sorted(present - set(expected))]
    for name in sorted(present & set(expected)):
        faults += file_faults(archive, name, *expected[name])
    return faults


def shape_faults(archive: zipfile.ZipFile) -> list[str]:
    """What no pack of ours looks like: names that lead out of it, doubled names, sizes beyond all measure."""
    rows = archive.infolist()
    names = [row.filename for row in rows]
    faults = [f"{name!r}: a name that leads out of the pack" for name in names if leads_out(name)]
    faults += [f"{name}: is in the pack twice" for name in sorted({n for n in names if names.count(n) > 1})[:10]]
    if len(rows) > MOST_FILES or sum(row.file_size for row in rows) > LARGEST_PACK:
        faults.append("more or larger files than any pack has")
    return faults


def leads_out(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/")


def signature_faults(archive: zipfile.ZipFile, manifest: bytes, keys: KeyRing) -> list[str]:
    try:
        row = json.loads(read_small(archive, SIGNATURE))
        key, at, value = str(row["key"]), str(row["at"]), bytes.fromhex(row["signature"])
    except (KeyError, ValueError, TypeError, zipfile.BadZipFile, zlib.error) as error:
        return [f"{SIGNATURE}: missing or not readable ({error})"]
    fault = keys.fault_of(key, PURPOSE, manifest, value, at)
    return [f"{MANIFEST}: {fault}"] if fault else []


def file_faults(archive: zipfile.ZipFile, name: str, digest: str, size: int) -> list[str]:
    try:
        with archive.open(name) as file:
            found = sha256_of(file, size)  # type: ignore[arg-type]
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        return [f"{name}: not readable, expected sha256 {digest} ({error})"]
    return [] if found == digest else [f"{name}: expected sha256 {digest}, found {found}"]


def sha256_of(file: BinaryIO, size: int) -> str:
    """Reads no more than one block beyond the size on the list."""
    digest, left = hashlib.sha256(), size + 1
    while left > 0 and (block := file.read(min(BLOCK, left))):
        digest.update(block)
        left -= len(block)
    return digest.hexdigest()


def read_small(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > LARGEST_LIST:
        raise ValueError("too large")
    with archive.open(name) as file:
        return file.read(LARGEST_LIST + 1)
