"""What the client was told, flushed to the disk outside the system before it believes it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import Any


class Ledger:
    """One line an event, appended and flushed; several threads may write."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("ab")
        self._lock = Lock()

    def write(self, **event: Any) -> None:
        with self._lock:
            self._file.write(json.dumps(event).encode() + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())

    def events(self, kind: str) -> Iterator[dict[str, Any]]:
        with self._lock:
            lines = self.path.read_text().splitlines()
        return (event for line in lines if (event := json.loads(line))["kind"] == kind)
