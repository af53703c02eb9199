"""The launcher: everything up, everything down, and nothing lost in between."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from config.launcher.engines import connect, database_answers, queue_answers
from config.launcher.places import LauncherError, Places
from tests.conftest import free_port, launch_portal, wait_until_ready

pytestmark = [pytest.mark.slow, pytest.mark.fault]
PARTS = ("postgres", "valkey", "web", "worker", "beat")


class Portal:
    """A portal of its own on engines of its own, below a directory that is thrown away."""

    def __init__(self) -> None:
        self.places = Places(Path(tempfile.mkdtemp(prefix="portal-launcher-")))
        self.port = free_port()
        self.launcher: subprocess.Popen[str] | None = None

    def start(self) -> None:
        outer = ("DATABASE_URL", "REDIS_URL", "PORTAL_ENV", "PORTAL_WITHOUT_POOL")
        environment = {name: value for name, value in os.environ.items() if name not in outer}
        self.launcher = launch_portal(self.port, environment | {"PORTAL_VAR": str(self.places.var)})
        wait_until_ready(self.launcher)

    def pid(self, part: str) -> int:
        """The process of a part, or 0 in the moment between two."""
        try:
            return int((self.places.run / f"{part}.pid").read_text() or 0)
        except FileNotFoundError:
            return 0

    def signal(self, number: signal.Signals) -> None:
        assert self.launcher
        self.launcher.send_signal(number)
        self.launcher.wait(30)

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=3) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def throw_away(self) -> None:
        if self.launcher and self.launcher.poll() is None:
            self.signal(signal.SIGTERM)
        shutil.rmtree(self.places.var, ignore_errors=True)


@pytest.fixture(scope="module")
def one() -> Iterator[Portal]:
    portal = Portal()
    portal.start()
    yield portal
    portal.throw_away()


def test_a_started_portal_is_ready_in_all_its_parts(one: Portal) -> None:
    assert one.answers()
    assert all(is_alive(one.pid(part)) for part in PARTS)


@pytest.mark.parametrize("part", ["beat", "worker", "web", "valkey", "postgres"])
def test_a_child_that_dies_is_started_again(one: Portal, part: str) -> None:
    before = one.pid(part)

    os.kill(before, signal.SIGKILL)

    assert eventually(lambda: one.pid(part) not in (0, before) and is_alive(one.pid(part)))
    assert eventually(one.answers)


def test_a_second_launcher_on_the_same_data_is_refused_with_the_address_of_the_first(one: Portal) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}

    second = launch_portal(free_port(), environment | {"PORTAL_VAR": str(one.places.var)})
    said, _ = second.communicate(timeout=30)

    assert second.returncode == 1
    assert f"http://127.0.0.1:{one.port}/" in said


def test_after_kill_9_of_the_whole_nothing_runs_on_and_every_committed_row_is_there_again(one: Portal) -> None:
    with connect(one.places, "portal") as line:
        line.execute("CREATE TABLE kept (word text)")
        line.execute("INSERT INTO kept VALUES ('committed')")
    pids = [one.pid(part) for part in PARTS]

    one.signal(signal.SIGKILL)
    gone = eventually(lambda: not any(is_alive(pid) for pid in pids))
    one.start()

    assert gone
    with connect(one.places, "portal") as line:
        assert line.execute("SELECT word FROM kept").fetchall() == [("committed",)]
    assert one.answers()


def test_an_engine_left_behind_by_a_killed_launcher_is_ended_and_its_data_kept(one: Portal) -> None:
    """Even where children do not die with the launcher: everything at once gets SIGKILL, engines included."""
    pids = [one.pid(part) for part in PARTS]

    for pid in (one.launcher.pid, *pids):
        os.kill(pid, signal.SIGKILL)
    one.launcher.wait(10)
    one.start()

    with connect(one.places, "portal") as line:
        assert line.execute("SELECT word FROM kept").fetchall() == [("committed",)]


def test_sigterm_stops_all_parts_within_seconds(one: Portal) -> None:
    pids = [one.pid(part) for part in PARTS]
    started = time.monotonic()

    one.signal(signal.SIGTERM)

    assert time.monotonic() - started < 12
    assert one.launcher.returncode == 0
    assert not any(is_alive(pid) for pid in pids)
    assert not database_answers(one.places)
    assert not queue_answers(one.places)


def test_a_path_too_long_for_a_socket_moves_the_sockets_to_a_short_one() -> None:
    long = Places(Path("/tmp") / ("x" * 120))

    assert len(os.fsencode(long.sockets / ".s.PGSQL.5432.lock")) <= 107
    assert long.sockets.parent == Path(tempfile.gettempdir())


def test_a_sockets_directory_of_somebody_else_is_refused(tmp_path: Path) -> None:
    places = Places(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    places.run.symlink_to(tmp_path / "elsewhere")

    with pytest.raises((LauncherError, FileExistsError)):
        places.make()


def test_nobody_can_connect_without_the_socket(one: Portal) -> None:
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(host="127.0.0.1", user="postgres", dbname="portal", connect_timeout=2)


def is_alive(pid: int) -> bool:
    """Whether a process runs; 0 does not, nor one that is dead but not yet buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def eventually(happens: Callable[[], bool], within: float = 30) -> bool:
    until = time.monotonic() + within
    while time.monotonic() < until:
        if happens():
            return True
        time.sleep(0.1)
    return False
