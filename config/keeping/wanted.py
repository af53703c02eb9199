"""Whether this machine keeps backups, and how its PostgreSQL is told; read before there are settings."""

import contextlib
import os
import secrets
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config.launcher.children import needs_chown

ROOT = Path(__file__).resolve().parent.parent.parent
OFF = "off"
TIMEOUT = 60  # seconds after which a segment that was begun is archived, full or not


@dataclass(frozen=True)
class Wanted:
    """The place of backups and the file of its key."""

    directory: Path
    key_file: Path  # `.` when none was named
    makes_key: bool = False

    def archiving(self) -> list[str]:
        """Options of a PostgreSQL that archives its log here."""
        words = (sys.executable, "-m", "config.keeping.archive")
        command = " ".join(shlex.quote(word) for word in words).replace("%", "%%") + " %p"
        settings = {"wal_level": "replica", "archive_mode": "on", "archive_timeout": TIMEOUT}
        options = [f"{name}={value}" for name, value in settings.items()] + [f"archive_command={command}"]
        return [word for option in options for word in ("-c", option)]

    def prepare(self) -> list[Path]:
        """Makes what PostgreSQL's own account must reach, and the demo's key; answers those paths."""
        if self.makes_key:
            make_key(self.key_file)
        shared = [self.directory / "wal", self.directory / "heads"]
        for folder in shared:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return [*shared, self.key_file]

    def environment(self) -> dict[str, str]:
        """What that command finds in its environment."""
        return {"BACKUP_DIR": str(self.directory), "BACKUP_KEY_FILE": str(self.key_file), "PYTHONPATH": str(ROOT)}


def wanted(values: Mapping[str, str]) -> Wanted | None:
    """BACKUP_DIR with BACKUP_KEY_FILE, or none where it says `off`.

    A demo on engines of its own keeps backups below its own directory, so that everything can be looked at; not where
    PostgreSQL runs as another account, which may not reach this interpreter.
    """
    directory, key_file = values.get("BACKUP_DIR", ""), values.get("BACKUP_KEY_FILE", "")
    if not directory and _is_whole_demo(values):
        var = Path(values.get("PORTAL_VAR") or ROOT / "var").resolve()
        return Wanted(var / "backup", var / "backup_key", makes_key=True)
    if not directory or directory == OFF:
        return None
    return Wanted(Path(directory), Path(key_file))


def _is_whole_demo(values: Mapping[str, str]) -> bool:
    given = values.get("DATABASE_URL") or values.get("DATABASE_URL_FILE")
    return not given and values.get("PORTAL_ENV", "demo") == "demo" and not needs_chown()


def make_key(path: Path) -> None:
    """A new key for its owner's eyes, unless there is one."""
    with contextlib.suppress(FileExistsError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(32) + "\n")
