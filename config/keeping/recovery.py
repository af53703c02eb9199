"""A PostgreSQL of our own that replays the kept log into a restored base, to one moment, and then answers."""

import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, urlsplit

import psycopg

from config.keeping.programs import binaries
from config.keeping.sealing import KeepingError
from config.launcher import children
from config.launcher.places import ROOT, Places

SHORT = "recovery ended before configured recovery target was reached"
TRUST = "local all all trust\n"


class LogTooShort(KeepingError):
    """The kept log ends before the moment that was asked for."""


@dataclass(frozen=True)
class Server:
    """Where the restored cluster lies, whose log it replays, and as whom its database is reached."""

    places: Places
    system: str
    backup: Path
    key_file: Path
    source_url: str

    @property
    def url(self) -> str:
        """The restored database, under the user and the name that it has at its source."""
        parts = urlsplit(self.source_url)
        return (
            f"postgresql://{parts.username or 'postgres'}@{parts.path}?host={quote(str(self.places.sockets), safe='')}"
        )

    @property
    def log(self) -> Path:
        return self.places.logs / "recovery.log"


@contextmanager
def recovered(server: Server, *, target: datetime | None, limit: float) -> Iterator[None]:
    """The restored cluster, recovered to `target` or to the log's end, for as long as the block lasts.

    Raises LogTooShort, or KeepingError with PostgreSQL's last words. It archives nothing and is left well stopped.
    """
    (server.places.database_files / "recovery.signal").touch()
    if children.needs_chown():
        children.give_to_nobody(server.places.database_files, server.places.sockets, server.places.run)
    process = children.spawn(
        [binaries() / "postgres", *_options(server, target)],
        log=server.log, last_signal=signal.SIGINT, environment=_environment(server), unprivileged=True,
    )  # fmt: skip
    try:
        _wait(server, process, limit)
        yield
    finally:
        children.stop(process, signal.SIGINT, patience=60)


def _options(server: Server, target: datetime | None) -> list[str | Path]:
    """All settings stand here, whatever the restored cluster's own files say."""
    hba, own = server.places.run / "restore_hba.conf", server.places.run / "restore.conf"
    hba.write_text(TRUST)
    own.write_text("")
    settings = {
        "config_file": own,
        "hba_file": hba,
        "listen_addresses": "",
        "unix_socket_directories": server.places.sockets,
        "unix_socket_permissions": "0700",
        "archive_mode": "off",
        "hot_standby": "off",
        "shared_preload_libraries": "",
        "log_timezone": "Asia/Shanghai",
        "restore_command": _restore_command(server),
        "recovery_target_timeline": "latest",
    }
    if target:
        moment = target.astimezone(UTC).isoformat(sep=" ", timespec="microseconds")
        settings |= {"recovery_target_time": moment, "recovery_target_action": "promote"}
    flags = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    return ["-D", server.places.database_files, *flags]


def _restore_command(server: Server) -> str:
    program = " ".join(shlex.quote(word) for word in (sys.executable, "-m", "config.keeping.fetch", server.system))
    return program.replace("%", "%%") + " %f %p"


def _environment(server: Server) -> dict[str, str]:
    own = {"BACKUP_DIR": str(server.backup), "BACKUP_KEY_FILE": str(server.key_file), "PYTHONPATH": str(ROOT)}
    return {**os.environ, "LC_ALL": "C", **own}


def _wait(server: Server, process: subprocess.Popen[bytes], limit: float) -> None:
    until = time.monotonic() + limit
    while not _answers(server.url):
        if process.poll() is not None:
            raise _why(server.log)
        if time.monotonic() > until:
            raise KeepingError(f"PostgreSQL did not end its recovery within {limit:.0f} s; see {server.log}.")
        time.sleep(0.2)


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def _why(log: Path) -> KeepingError:
    lines = log.read_text(errors="replace").splitlines()
    if any(SHORT in line for line in lines[-20:]):
        return LogTooShort(SHORT)
    return KeepingError("PostgreSQL could not recover; its last words:\n" + "\n".join(lines[-8:]))
