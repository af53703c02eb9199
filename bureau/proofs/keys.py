"""Public keys as outsiders hold them: a file of JSON, `[{"id", "purpose", "public", "from", "to"}, ...]`."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bureau.proofs.ed25519 import is_valid


def key_id_of(public_key: bytes) -> str:
    """The short name of a key: the first 16 hexadecimal digits of the SHA-256 over its 32 bytes."""
    return hashlib.sha256(public_key).hexdigest()[:16]


class KeyRing:
    """Keys by their id. A key that does not carry the id made from its own bytes is refused with ValueError."""

    def __init__(self, rows: list[Mapping[str, Any]]) -> None:
        self.rows: dict[str, Mapping[str, Any]] = {}
        for row in rows:
            if key_id_of(bytes.fromhex(row["public"])) != row["id"]:
                raise ValueError(f"key {row['id']}: its id is not that of its bytes")
            self.rows[row["id"]] = row

    @classmethod
    def read(cls, path: Path) -> "KeyRing":
        return cls(json.loads(path.read_text(encoding="utf-8")))

    def fault_of(self, key_id: str, purpose: str, message: bytes, signature: bytes, at: str = "") -> str:
        """Why this signature does not hold, or nothing. `at` (ISO 8601 in UTC) must lie within the key's own time."""
        row = self.rows.get(key_id)
        if row is None:
            return f"signed with key {key_id}, which is not among the keys you trust"
        if row["purpose"] != purpose:
            return f"signed with key {key_id}, which is for {row['purpose']} and not for {purpose}"
        if at and not (row["from"] <= at and (not row.get("to") or at <= row["to"])):
            return f"signed with key {key_id} outside the time of that key"
        if not is_valid(bytes.fromhex(row["public"]), message, signature):
            return f"the signature of key {key_id} does not hold"
        return ""
