"""What every test may ask for: a flushable trail, a whole running portal, and a browser to look at it."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import TransactionTestCase
from playwright.sync_api import Browser, Page, sync_playwright

from config.launcher.engines import connect
from config.launcher.places import ROOT, Places

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BROWSER_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(autouse=True, scope="session")
def _a_trail_that_tests_may_empty() -> Iterator[None]:
    """Append-only tables refuse TRUNCATE, which is how Django empties tables after a transactional test."""
    plain = TransactionTestCase._fixture_teardown

    def without_triggers(self: TransactionTestCase) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
        try:
            plain(self)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SET session_replication_role = DEFAULT")

    TransactionTestCase._fixture_teardown = without_triggers
    yield
    TransactionTestCase._fixture_teardown = plain


class RunningPortal(str):
    """The base URL of a portal, with the directory of its processes and the environment of its commands."""

    var: Path
    environment: dict[str, str]


@pytest.fixture(scope="session")
def portal() -> Iterator[RunningPortal]:
    """The base URL of a real portal (web, worker, beat) on a database of its own, with the demo accounts."""
    var = Path(tempfile.mkdtemp(prefix="portal-journey-"))
    port = free_port()
    engines = Places.from_environment()
    name = f"journey_{os.getpid()}"
    with connect(engines) as line:
        line.execute(f'CREATE DATABASE "{name}"')
    environment = os.environ | {
        "PORTAL_ENV": "demo",
        "PORTAL_VAR": str(var),
        "DATABASE_URL": engines.database_url.replace("/portal?", f"/{name}?"),
        "REDIS_URL": engines.queue_url.replace("db=0", "db=2"),
        "AXES_OFF": "1",
        "STATIC_ROOT": str(var / "static"),
    }
    launcher = launch_portal(port, environment)
    try:
        wait_until_ready(launcher)
        running = RunningPortal(f"http://127.0.0.1:{port}")
        running.var, running.environment = var, environment
        yield running
    finally:
        launcher.send_signal(signal.SIGTERM)
        launcher.wait(30)
        shutil.rmtree(var, ignore_errors=True)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless; fails with what to install when there is none.

    It ends with its module, for while it lives its event loop keeps Django's ORM from this process.
    """
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.fail("No Chromium found: apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=BROWSER_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, portal: str) -> Iterator[Page]:
    """A fresh page (own cookies) of the running portal; `page.goto("/desk/")` is relative to it."""
    context = browser.new_context(base_url=portal, locale="zh-CN", timezone_id="Asia/Shanghai")
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])


def launch_portal(port: int, environment: dict[str, str]) -> subprocess.Popen[str]:
    """`make demo` without its month of simulation, in a process group of its own."""
    command = [sys.executable, "-m", "config.launcher", "demo", "--port", str(port), "--no-simulate"]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def wait_until_ready(launcher: subprocess.Popen[str]) -> list[str]:
    """What the launcher said up to its line `ready:`; fails with all of it when that never comes."""
    said = []
    for line in launcher.stdout or ():
        said.append(line.rstrip())
        if re.match(r"ready: http://", line):
            return said
    pytest.fail("The portal did not get ready:\n" + "\n".join(said))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What passing tests counted: `record_property("tally", ...)`; also from the workers of xdist."""
    for report in terminalreporter.stats.get("passed", []):
        for name, told in report.user_properties:
            if name == "tally" and report.when == "call":
                terminalreporter.write_line(f"{told} ({report.nodeid})")
