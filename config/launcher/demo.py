"""`python -m config.launcher demo`: everything from an empty directory to a portal that answers."""

import fcntl
import io
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NoReturn, TypeVar

import django
from django.apps import apps
from django.core.management import call_command, get_commands
from django.db import connection

from config.catalogue import build_catalogue
from config.launcher.engines import Engines, EnginesTaken
from config.launcher.places import ROOT, LauncherError, Places
from config.launcher.stamps import Stamps, fingerprint
from config.launcher.supervisor import Kept, Supervisor, environment_of_children, plans

REFERENCE = ROOT / "reference" / "minhang"
Result = TypeVar("Result")
PATIENCE = 60  # seconds until the web server must answer


@dataclass(frozen=True)
class Wishes:
    """What was asked for on the command line."""

    port: int
    simulate: bool


def run_demo(wishes: Wishes) -> None:
    """Starts the portal and keeps it until Ctrl-C or SIGTERM; raises LauncherError when something is in the way."""
    places = Places.from_environment()
    places.make()
    lock = _lock(places, wishes.port)
    for plan in plans(wishes.port):
        Kept(plan, places, {}).end_leftovers()
    _refuse_taken_port(wishes.port)
    supervisor = Supervisor([], None)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        supervisor.engines = _prepare(places, wishes)
        supervisor.kept = _children(places, wishes)
        supervisor.start()
        _wait_for_web(wishes.port, supervisor)
        _say_ready(places, wishes)
        supervisor.watch()
    except KeyboardInterrupt:
        print("Stopping ...", flush=True)
    finally:
        supervisor.stop()
        lock.close()
    print("Stopped.", flush=True)


def _prepare(places: Places, wishes: Wishes) -> Engines | None:
    """Engines, tables, words, assets, reference data and accounts; what is already there is not made again."""
    os.environ.setdefault("PORTAL_ENV", "demo")
    os.environ.setdefault("PUBLIC_URL", f"http://127.0.0.1:{wishes.port}")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ["PORTAL_WITHOUT_POOL"] = "1"
    engines = _step("engines", lambda: _engines(places))
    try:
        _step("words", lambda: build_catalogue(ROOT / "locale"))
        _step("rooms", django.setup)
        _step("tables", lambda: call_command("migrate", interactive=False, verbosity=0))
        stamps = Stamps(places.run / "done")
        _step("assets", lambda: _collect_assets(stamps))
        _step("reference data", lambda: _load_reference(stamps))
        _step("accounts", lambda: _make_accounts(stamps, places))
        if wishes.simulate:
            _step("a simulated month", _simulate)
        connection.close()
    except BaseException:
        if engines:
            engines.stop()
        raise
    return engines


def _engines(places: Places) -> Engines | None:
    """The embedded engines, unless both addresses of others were given."""
    given = [name for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name) or os.environ.get(f"{name}_FILE")]
    if len(given) == 1:
        raise LauncherError(f"{given[0]} is set; set both DATABASE_URL and REDIS_URL, or neither.")
    if given:
        return None
    engines = Engines(places)
    until = time.monotonic() + PATIENCE
    while True:
        try:
            engines.start()
            return engines
        except EnginesTaken:  # a command is using them for its own time
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def _collect_assets(stamps: Stamps) -> None:
    packages = [Path(sys.modules[name].__file__ or "").parent for name in ("django_htmx", "rest_framework")]
    mark = fingerprint([ROOT / "static", *(package / "static" for package in packages), ROOT / "requirements.lock"])
    if not stamps.is_done("assets", mark):
        call_command("collectstatic", interactive=False, verbosity=0, clear=True)
        stamps.done("assets", mark)


def _load_reference(stamps: Stamps) -> None:
    mark = fingerprint([REFERENCE], _database_mark())
    if REFERENCE.is_dir() and "load_reference" in get_commands() and not stamps.is_done("reference", mark):
        call_command("load_reference", str(REFERENCE), stdout=io.StringIO())
        stamps.done("reference", mark)


def _make_accounts(stamps: Stamps, places: Places) -> None:
    """The demo accounts; their table is kept, to be shown at every start."""
    if "demo_accounts" not in get_commands():
        return
    mark = fingerprint([REFERENCE, *ROOT.glob("*/management/commands/demo_accounts.py")], _database_mark())
    if not stamps.is_done("accounts", mark):
        table = io.StringIO()
        call_command("demo_accounts", stdout=table)
        (places.run / "accounts.txt").write_text(table.getvalue(), encoding="utf-8")
        stamps.done("accounts", mark)


def _simulate() -> None:
    """Thirty days of a district, into a database in which nobody has yet reported anything."""
    if "simulate" in get_commands() and not apps.get_model("grid", "Issue")._default_manager.exists():
        call_command("simulate", days=30, seed=7)


def _database_mark() -> str:
    """Tells this database from any other, so that a fresh one is filled although `var/` remembers an older one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT system_identifier::text || '/' || (SELECT oid FROM pg_database WHERE datname = current_database())"
            " FROM pg_control_system()"
        )
        row = cursor.fetchone()
    return str(row[0])


def _children(places: Places, wishes: Wishes) -> list[Kept]:
    environment = environment_of_children(places)
    with_pool = {name: value for name, value in environment.items() if name != "PORTAL_WITHOUT_POOL"}
    return [
        Kept(plan, places, with_pool if plan.name == "web" else environment)  # a pool does not survive a fork
        for plan in plans(wishes.port)
    ]


def _wait_for_web(port: int, supervisor: Supervisor) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        if supervisor.kept[0].keep():
            print("web died while starting; see its log", file=sys.stderr, flush=True)
    raise LauncherError(
        f"The web server did not answer within {PATIENCE} s; see {supervisor.kept[0].places.logs}/web.log."
    )


def _say_ready(places: Places, wishes: Wishes) -> None:
    table = places.run / "accounts.txt"
    if table.exists():
        print(table.read_text(encoding="utf-8").rstrip())
    print(f"Logs are in {places.logs}; Ctrl-C stops everything, `make clean` removes the data.")
    print(f"ready: http://127.0.0.1:{wishes.port}/", flush=True)


def _step(name: str, work: Callable[[], Result]) -> Result:
    print(f"  {name:<18} ", end="", flush=True)
    started = time.monotonic()
    result = work()
    print(f"{time.monotonic() - started:5.1f} s", flush=True)
    return result


def _lock(places: Places, port: int) -> IO[str]:
    lock = (places.run / "launcher.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.seek(0)
        raise LauncherError(
            f"A portal already runs below {places.var}: {lock.read().strip()}. Stop it first."
        ) from error
    lock.truncate(0)
    lock.write(f"http://127.0.0.1:{port}/ (process {os.getpid()})")
    lock.flush()
    return lock


def _refuse_taken_port(port: int) -> None:
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            line.bind(("127.0.0.1", port))
        except OSError as error:
            raise LauncherError(
                f"Port {port} is taken ({error.strerror}). Choose another: make demo PORT=8100."
            ) from error


def _interrupt(number: int, frame: object) -> NoReturn:
    """The first asking stops everything in order; asking again must not break into that."""
    for again in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(again, signal.SIG_IGN)
    raise KeyboardInterrupt
