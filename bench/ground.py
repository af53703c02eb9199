"""A throw-away portal: engines, tables, reference data, accounts and a web server below `var/bench/`."""

import contextlib
import io
import os
import shutil
import signal
import socket
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
from django.core.management import call_command

from config.catalogue import build_catalogue
from config.launcher import children
from config.launcher.engines import Engines, connect
from config.launcher.places import DATABASE, ROOT, Places
from config.launcher.supervisor import environment_of_children, plans

REFERENCE = ROOT / "reference" / "minhang"
KEPT = ROOT / "var" / "bench"
PATIENCE = 60  # seconds until the web server must answer
OF_OTHERS = ("DATABASE_URL", "REDIS_URL", "STORAGE_URL", "STATIC_ROOT", "SECRET_KEY", "EMAIL_URL")


def announce() -> Places:
    """Points the settings at a directory of this run; call it before anything reads them."""
    KEPT.mkdir(parents=True, exist_ok=True)
    places = Places(Path(tempfile.mkdtemp(prefix="run-", dir=KEPT)))
    for name in OF_OTHERS:
        os.environ.pop(name, None)
        os.environ.pop(f"{name}_FILE", None)
    os.environ |= {
        "PORTAL_ENV": "demo",
        "PORTAL_VAR": str(places.var),
        "PORTAL_WITHOUT_POOL": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    return places


@contextlib.contextmanager
def engines_of(places: Places) -> Iterator[None]:
    """Engines that flush to the disk as in earnest, gone with all their data at the end."""
    engines = Engines(places, durable=True)
    try:
        engines.start()
        yield
    finally:
        engines.stop()
        shutil.rmtree(places.var, ignore_errors=True)


def furnish() -> None:
    """Tables, words, assets, the reference data of a district and the accounts of its people."""
    build_catalogue(ROOT / "locale")
    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("load_reference", str(REFERENCE), stdout=io.StringIO())
    call_command("demo_accounts", stdout=io.StringIO())


@contextlib.contextmanager
def web_server(places: Places) -> Iterator[int]:
    """The portal's own web server as the launcher starts it (2 workers of 4 threads); answers its port."""
    port = _free_port()
    plan = next(plan for plan in plans(port) if plan.name == "web")
    environment = {name: value for name, value in environment_of_children(places).items() if "POOL" not in name}
    child = children.spawn(plan.command, log=places.logs / "web.log", environment=environment, directory=ROOT)
    try:
        _wait_for(port)
        yield port
    finally:
        children.stop(child, signal.SIGTERM, plan.patience)
        children.end_group(child.pid)


def bare_connection(places: Places, *, autocommit: bool = True) -> psycopg.Connection:
    """A connection to the bench's database that nothing of Django's stands before."""
    connection = connect(places, DATABASE)
    connection.autocommit = autocommit
    connection.prepare_threshold = None
    return connection


def _free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])


def _wait_for(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise TimeoutError(f"The web server did not answer within {PATIENCE} s.")
