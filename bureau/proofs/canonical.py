"""The one form in which we hash and sign values, so that the same value has the same bytes on every machine."""

import hashlib
import json
from typing import Any


def canonical(value: Any) -> bytes:
    """Canonical JSON of strings, whole numbers, booleans, null, lists and mappings: UTF-8, keys sorted, no blanks."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256_hex(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def digest_of(value: Any) -> str:
    """SHA-256 over the canonical form, in hexadecimal digits."""
    return sha256_hex(canonical(value))
