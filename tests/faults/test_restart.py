"""Everything is killed at once while the ladder climbs, and started again: nothing is lost and nothing doubles."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from config.launcher.engines import connect
from config.launcher.places import DATABASE, ROOT
from tests.config.test_launcher import Portal, eventually

pytestmark = [pytest.mark.slow, pytest.mark.fault]
LADDER = ["warn", "urge", "supervise", "refer"]
RUNGS = "SELECT name, reached_at FROM oversight_rung WHERE clock_id = %s ORDER BY reached_at, name"
INSTANTS = "SELECT warn_at, due_at, supervise_at, refer_at FROM bureau_clock WHERE id = %s"


@pytest.fixture
def portal() -> Iterator[Portal]:
    portal = Portal()
    portal.start()
    yield portal
    portal.throw_away()


def neglected(portal: Portal, hours: float) -> dict[str, str]:
    """An issue dispatched that long ago, made in the portal's own database."""
    outer = ("DATABASE_URL", "REDIS_URL")
    environment = {name: value for name, value in os.environ.items() if name not in outer}
    environment |= {
        "PORTAL_ENV": "demo",
        "PORTAL_VAR": str(portal.places.var),
        "DATABASE_URL": portal.places.database_url,
        "REDIS_URL": portal.places.queue_url,
    }
    command = [sys.executable, "-m", "tests.journeys.stage", str(hours)]
    made = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    found: dict[str, str] = json.loads(made.stdout.splitlines()[-1])
    return found


def asked(portal: Portal, query: str, clock: str) -> list[tuple]:
    with connect(portal.places, DATABASE) as line:
        return line.execute(query, [clock]).fetchall()


def names(portal: Portal, clock: str) -> list[str]:
    return [name for name, _reached_at in asked(portal, RUNGS, clock)]


def test_killing_and_starting_every_process_loses_no_rung_and_doubles_none(portal: Portal) -> None:
    first = neglected(portal, hours=24 * 21)

    portal.signal(signal.SIGKILL)
    portal.start()

    second = neglected(portal, hours=24 * 20)
    assert eventually(lambda: names(portal, second["clock"]) == LADDER)
    assert names(portal, first["clock"]) == LADDER
    computed = list(asked(portal, INSTANTS, first["clock"])[0])
    assert [reached_at for _, reached_at in asked(portal, RUNGS, first["clock"])] == computed
