"""What the keeper did last, and when it last went well: a small open file beside the sealed ones, for the system page.

It holds times and error words only. Lost or unreadable it says nothing; backups do not hang on it.
"""

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from config.keeping.place import flush_folder

FILE = "status.json"
WORKS = ("log", "base", "drill")


@dataclass(frozen=True)
class Outcome:
    """Of one work: when it was last tried, when it last went well, and what was in the way if it did not."""

    tried_at: datetime | None = None
    good_at: datetime | None = None
    error: str = ""


def outcomes(root: Path) -> dict[str, Outcome]:
    """By work, empty for what was never tried; raises OSError or ValueError for a file that cannot be read."""
    path = root / FILE
    told: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    return {work: _read(told.get(work, {})) for work in WORKS}


def known_of(root: Path) -> dict[str, Outcome]:
    """The same for the keeper, which goes on from nothing where nothing can be read."""
    try:
        return outcomes(root)
    except (OSError, ValueError):
        return {work: Outcome() for work in WORKS}


def note(root: Path, work: str, *, tried_at: datetime, good_at: datetime | None = None, error: str = "") -> None:
    """Write what came of a work; a failure leaves the time of the last success as it was."""
    known = known_of(root)
    known[work] = Outcome(tried_at, good_at or known[work].good_at, error)
    draft = root / f".{FILE}.{os.getpid()}"
    draft.write_text(json.dumps({name: _row(outcome) for name, outcome in known.items()}, indent=1))
    draft.chmod(0o640)
    draft.replace(root / FILE)
    flush_folder(root)


def _row(outcome: Outcome) -> dict[str, str]:
    return {
        "tried_at": outcome.tried_at.isoformat() if outcome.tried_at else "",
        "good_at": outcome.good_at.isoformat() if outcome.good_at else "",
        "error": outcome.error,
    }


def _read(row: dict[str, str]) -> Outcome:
    times = [datetime.fromisoformat(row[name]) if row.get(name) else None for name in ("tried_at", "good_at")]
    return Outcome(times[0], times[1], row.get("error", ""))
