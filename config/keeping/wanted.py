"""Whether this machine keeps backups, and how its PostgreSQL is told; read before there are settings."""

import os
import secrets
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
OFF = "off"
TIMEOUT = 60  # seconds after which a segment that was begun is archived, full or not


@dataclass(frozen=True)
class Wanted:
    """The place of backups and the file of its key."""

    directory: Path
    key_file: Path

    def archiving(self) -> list[str]:
        """Options of a PostgreSQL that archives its log here."""
        words = (sys.executable, "-m", "config.keeping.archive")
        command = " ".join(shlex.quote(word) for word in words).replace("%", "%%") + " %p"
        settings = {"wal_level": "replica", "archive_mode": "on", "archive_timeout": TIMEOUT}
        options = [f"{name}={value}" for name, value in settings.items()] + [f"archive_command={command}"]
        return [word for option in options for word in ("-c", option)]

    def environment(self) -> dict[str, str]:
        """What that command finds in its environment."""
        return {"BACKUP_DIR": str(self.directory), "BACKUP_KEY_FILE": str(self.key_file), "PYTHONPATH": str(ROOT)}


def wanted(values: Mapping[str, str]) -> Wanted | None:
    """BACKUP_DIR with BACKUP_KEY_FILE; None without the former, or when it says `off`."""
    directory = values.get("BACKUP_DIR", "")
    if not directory or directory == OFF:
        return None
    return Wanted(Path(directory), Path(values.get("BACKUP_KEY_FILE", "")))


def make_key(path: Path) -> None:
    """A new key for its owner's eyes, unless there is one."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(32) + "\n")
