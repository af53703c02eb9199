"""Ed25519 keys of the portal by purpose, kept as files below KEYS_DIR for the portal's own account only.

A purpose has a folder: `keys.json` lists every public key it ever had with its time, `<id>.pem` is the private half
of the one in use. Turning to a new key destroys the old private half, so nobody can sign for a time that is over.
The first key of a purpose is made at its first use.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings

from bureau.proofs.keys import key_id_of

PURPOSE = re.compile(r"[a-z][a-z-]{0,30}")


@dataclass(frozen=True)
class Signature:
    key_id: str
    value: bytes  # 64 bytes


@dataclass(frozen=True)
class PublicKey:
    """`valid_to` is None for the key in use; times are aware and in UTC."""

    key_id: str
    purpose: str
    value: bytes  # 32 bytes
    valid_from: datetime
    valid_to: datetime | None

    def as_row(self) -> dict[str, Any]:
        """As outsiders hold it: see bureau.proofs.keys."""
        return {
            "id": self.key_id,
            "purpose": self.purpose,
            "public": self.value.hex(),
            "from": written(self.valid_from),
            "to": written(self.valid_to) if self.valid_to else "",
        }


def sign(purpose: str, data: bytes, *, at: datetime) -> Signature:
    """Sign with the key in use for this purpose; makes the first one. Raises OSError where KEYS_DIR cannot be used."""
    folder = folder_of(purpose)
    current = current_of(listed(folder))
    if current is None:
        with locked(folder):
            current = current_of(listed(folder)) or renewed(folder, purpose, at)
    private = load_pem_private_key((folder / f"{current.key_id}.pem").read_bytes(), password=None)
    if not isinstance(private, Ed25519PrivateKey):
        raise ValueError(f"{current.key_id}.pem holds no Ed25519 key.")
    return Signature(current.key_id, private.sign(data))


def public_keys(purpose: str = "") -> list[PublicKey]:
    """Every public key there is or was, of one purpose or of all, the oldest first."""
    root = Path(settings.KEYS_DIR)
    names = [purpose] if purpose else sorted(path.parent.name for path in root.glob("*/keys.json"))
    return [key for name in names for key in listed(root / name)]


def rotate(purpose: str, *, at: datetime) -> PublicKey:
    """Turn to a new key; the old public one stays listed up to now, the old private one is destroyed."""
    folder = folder_of(purpose)
    with locked(folder):
        return renewed(folder, purpose, at)


def renewed(folder: Path, purpose: str, at: datetime) -> PublicKey:
    """The caller holds the lock. The private file stands before the list names it, and goes after it is closed."""
    known = listed(folder)
    private = Ed25519PrivateKey.generate()
    value = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    fresh = PublicKey(key_id_of(value), purpose, value, at, None)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    put(folder / f"{fresh.key_id}.pem", pem)
    closed = [key if key.valid_to else PublicKey(key.key_id, purpose, key.value, key.valid_from, at) for key in known]
    rows = [key.as_row() for key in (*closed, fresh)]
    put(folder / "keys.json", json.dumps(rows, indent=1).encode())
    for key in closed:
        (folder / f"{key.key_id}.pem").unlink(missing_ok=True)
    return fresh


def current_of(keys: list[PublicKey]) -> PublicKey | None:
    return next((key for key in reversed(keys) if key.valid_to is None), None)


def listed(folder: Path) -> list[PublicKey]:
    path = folder / "keys.json"
    if not path.exists():
        return []
    return [
        PublicKey(
            row["id"], row["purpose"], bytes.fromhex(row["public"]), read(row["from"]),
            read(row["to"]) if row["to"] else None,
        )
        for row in json.loads(path.read_text())
    ]  # fmt: skip


def folder_of(purpose: str) -> Path:
    if not PURPOSE.fullmatch(purpose):
        raise ValueError(f"A purpose is a short word of small letters, not {purpose!r}.")
    root = Path(settings.KEYS_DIR)
    folder = root / purpose
    for path in (root, folder):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """One process at a time makes keys."""
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def put(path: Path, data: bytes) -> None:
    """Write for the owner alone, whole or not at all, and down to the disk."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    place = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)


def written(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def read(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
