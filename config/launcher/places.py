"""Where the embedded engines keep their data, sockets and logs, and the addresses that follow from it."""

import hashlib
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent.parent
LONGEST_SOCKET_PATH = 107  # bytes; sun_path of a Unix socket, less its closing zero
LONGEST_SOCKET_NAME = ".s.PGSQL.5432.lock"
DATABASE = "portal"


class LauncherError(Exception):
    """Something outside the portal is in its way; the message says what, and what to do about it."""


@dataclass(frozen=True)
class Places:
    """The directories below PORTAL_VAR. Nothing is made until `make()` is called."""

    var: Path

    @classmethod
    def from_environment(cls) -> "Places":
        return cls(Path(os.environ.get("PORTAL_VAR") or ROOT / "var").resolve())

    @property
    def database_files(self) -> Path:
        return self.var / "postgres"

    @property
    def queue_files(self) -> Path:
        return self.var / "valkey"

    @property
    def logs(self) -> Path:
        return self.var / "log"

    @property
    def run(self) -> Path:
        return self.var / "run"

    @property
    def sockets(self) -> Path:
        """`run/`, or a short private directory below the system's temporary one when that path is too long."""
        longest = os.fsencode(self.run / LONGEST_SOCKET_NAME)
        if len(longest) <= LONGEST_SOCKET_PATH:
            return self.run
        mark = hashlib.sha256(os.fsencode(self.var)).hexdigest()[:10]
        return Path(tempfile.gettempdir()) / f"portal-{os.getuid()}-{mark}"

    @property
    def database_socket(self) -> Path:
        return self.sockets / ".s.PGSQL.5432"

    @property
    def queue_socket(self) -> Path:
        return self.sockets / "valkey.sock"

    @property
    def database_url(self) -> str:
        return f"postgresql://postgres@/{DATABASE}?host={quote(str(self.sockets), safe='')}"

    @property
    def queue_url(self) -> str:
        return f"unix://{self.queue_socket}?db=0"

    def make(self) -> None:
        """Makes the directories; those with data or sockets are open to their owner only."""
        for directory in (self.var, self.logs):
            directory.mkdir(parents=True, exist_ok=True)
        for private in (self.run, self.queue_files, self.sockets):
            private.mkdir(mode=0o700, exist_ok=True)
            _refuse_a_strangers(private)
            private.chmod(0o700)
        if len(os.fsencode(self.sockets / LONGEST_SOCKET_NAME)) > LONGEST_SOCKET_PATH:
            raise LauncherError(
                f"The sockets' directory {self.sockets} makes a path of more than {LONGEST_SOCKET_PATH} bytes. "
                "Set PORTAL_VAR or TMPDIR to a directory with a shorter name."
            )


def _refuse_a_strangers(directory: Path) -> None:
    """Trusting whoever reaches a socket is safe only in a directory that is ours and no link to elsewhere."""
    state = directory.lstat()
    ours = state.st_uid in (os.getuid(), 65534) if os.getuid() == 0 else state.st_uid == os.getuid()
    if not ours or not stat.S_ISDIR(state.st_mode):
        raise LauncherError(f"{directory} belongs to somebody else or is not a directory. Remove it and start again.")
