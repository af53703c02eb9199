"""A whole portal in its own processes, on engines that flush to the disk, that a test may kill as it likes."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import psycopg

from config.launcher import children
from config.launcher.engines import Engines, connect
from config.launcher.places import DATABASE, ROOT, Places
from config.launcher.supervisor import plans
from tests.conftest import free_port
from tests.faults.invariants import Violation
from tests.faults.tally import HOLDS

OUTER = ("DATABASE_URL", "REDIS_URL", "PORTAL_ENV", "PORTAL_WITHOUT_POOL", "PYTHONDONTWRITEBYTECODE")
QUIESCENCE = 60  # seconds


@dataclass
class Child:
    """One process of the portal, started again whenever it is found dead."""

    command: tuple[str, ...]
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None


class System:
    """Engines, and whichever of web, workers and beats a test starts. Call from one thread: see children.spawn."""

    def __init__(self, mutant: str = HOLDS) -> None:
        self.places = Places(Path(tempfile.mkdtemp(prefix="portal-faults-")))
        self.control = self.places.var / "control"
        self.control.mkdir()
        self.mutant = "" if mutant == HOLDS else mutant
        self.port = free_port()
        template = prepared()
        shutil.copytree(template.database_files, self.places.database_files, symlinks=True)
        self.facts: dict[str, Any] = json.loads((template.var / "facts.json").read_text())
        self.engines = Engines(self.places, durable=True)
        self.children: dict[str, Child] = {}
        self.engines.start()

    # its parts

    def start_web(self) -> None:
        web = next(plan for plan in plans(self.port) if plan.name == "web")
        self._add("web", web.command, {})
        self.wait_for(self.answers, "the web server answers")

    def start_workers(self, count: int = 1, **environment: str) -> None:
        plan = next(plan for plan in plans(self.port) if plan.name == "worker")
        for _ in range(count):
            name = f"worker{sum(known.startswith('worker') for known in self.children)}"
            command = tuple(f"{name}@localhost" if word == "portal@localhost" else word for word in plan.command)
            self._add(name, command, {"PORTAL_WITHOUT_POOL": "1", **environment})

    def start_beats(self, count: int = 1) -> None:
        plan = next(plan for plan in plans(self.port) if plan.name == "beat")
        for number in range(count):
            own = {"FAULTS_BEAT_FILE": str(self.places.run / f"beat-{number}"), "PORTAL_WITHOUT_POOL": "1"}
            self._add(f"beat{number}", plan.command, own)

    def act(self, name: str, **said: Any) -> Any:
        """What tests/faults/acts.py answers, done in a process of its own."""
        return act(self.environment({"FAULTS_MUTANT": ""}), name, **said)

    def begin_act(self, name: str, **said: Any) -> subprocess.Popen[str]:
        """The same, with the mutant in it and without waiting for its end."""
        return begin_act(self.environment({}), name, **said)

    # what is done to it

    def arm(self, point: str, how: signal.Signals = signal.SIGKILL) -> None:
        """The next process that comes by this point dies there, or stands still; `is_struck` tells when."""
        draft = self.control / "draft"
        draft.write_text(f"{point}\n{how.name}")
        draft.rename(self.control / "armed")

    def is_struck(self) -> bool:
        return not (self.control / "armed").exists()

    def wait_for_strike(self, point: str) -> None:
        """Tend the system until a process came by. TimeoutError, no Violation: without it nothing was tried."""
        try:
            self.wait_for(self.is_struck, "somebody came by")
        except Violation as nobody:
            raise TimeoutError(f"no process came by the point {point!r}") from nobody

    def kill(self, name: str, how: signal.Signals = signal.SIGKILL) -> None:
        """A part by its name; `postgres` and `valkey` are parts too. SIGSTOP and SIGCONT reach its whole group."""
        process = {"postgres": self.engines.database, "valkey": self.engines.queue}.get(name)
        process = process or self.children[name].process
        assert process
        if how in (signal.SIGSTOP, signal.SIGCONT) and name in self.children:
            os.killpg(process.pid, how)
        else:
            os.kill(process.pid, how)

    def kill_all(self) -> None:
        """Everything at once, engines too, and nothing is started again; the engines only by `tend`."""
        for child in self.children.values():
            if child.process:
                children.end_group(child.process.pid)
                child.process.wait()
        self.children.clear()
        self.kill("valkey")
        self.kill("postgres")

    def flush_queue(self) -> None:
        """Everything that Valkey knew is gone."""
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(self.places.queue_socket))
            line.sendall(b"FLUSHALL\r\n")
            line.recv(16)

    def kill_child(self, name: str, chance: Random) -> None:
        """One process of the part's group that is not its first: a web worker, a child of the pool."""
        process = self.children[name].process
        assert process
        others = [pid for pid in group_of(process.pid) if pid != process.pid]
        if others:
            with contextlib.suppress(ProcessLookupError):
                os.kill(chance.choice(others), signal.SIGKILL)

    def fill_the_disk(self, name: str, largest: int) -> None:
        """No process of the part can write a file of more than that many bytes: as a full disk, but without root."""
        process = self.children[name].process
        assert process
        for pid in group_of(process.pid):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY))

    def tend(self) -> None:
        """Start again what died, as the launcher does, but at once."""
        self.engines.keep()
        for child in self.children.values():
            if child.process and child.process.poll() is not None:
                children.end_group(child.process.pid)
                self._spawn(child)

    def wait_for(self, happens: Callable[[], Any], what: str, within: float = QUIESCENCE) -> None:
        """Tend the system until it happens; a Violation when it does not."""
        until = time.monotonic() + within
        while not happens():
            if time.monotonic() > until:
                raise Violation(f"after {within:.0f} s it is still not so that {what}")
            self.tend()
            time.sleep(0.05)

    def let_run(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.tend()
            time.sleep(0.05)

    # what is seen of it

    def answers(self) -> bool:
        try:
            with urlopen(f"{self.url}/healthz", timeout=3):
                return True
        except (URLError, OSError):
            return False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, query: str, *params: Any) -> list[tuple[Any, ...]]:
        """Rows of the system's database; waits for the engine while it recovers."""
        until = time.monotonic() + QUIESCENCE
        while True:
            try:
                with connect(self.places, DATABASE) as line:
                    cursor = line.execute(query, params or None)
                    return cursor.fetchall() if cursor.description else []
            except psycopg.OperationalError:
                if time.monotonic() > until:
                    raise
                self.tend()
                time.sleep(0.05)

    def count(self, query: str, *params: Any) -> int:
        return int(self.ask(query, *params)[0][0])

    # its end

    def throw_away(self) -> None:
        for child in self.children.values():
            if child.process:
                children.end_group(child.process.pid)
                child.process.wait()
        self.engines.stop()
        shutil.rmtree(self.places.var, ignore_errors=True)

    def log(self, name: str) -> str:
        return (self.places.logs / f"{name}.log").read_text(errors="replace")

    def environment(self, more: dict[str, str]) -> dict[str, str]:
        ours = environment_of(self.places)
        return ours | {"FAULTS_CONTROL": str(self.control), "FAULTS_MUTANT": self.mutant} | more

    def _add(self, name: str, command: tuple[str, ...], environment: dict[str, str]) -> None:
        child = Child(command, self.environment({"FAULTS_NAME": name, **environment}))
        self.children[name] = child
        self._spawn(child)

    def _spawn(self, child: Child) -> None:
        log = self.places.logs / f"{child.environment['FAULTS_NAME']}.log"
        child.process = children.spawn(
            child.command, log=log, last_signal=signal.SIGKILL, environment=child.environment, directory=ROOT
        )


def group_of(leader: int) -> list[int]:
    """The living members of a process group."""
    members = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if os.getpgid(int(entry.name)) == leader:
                    members.append(int(entry.name))
    return sorted(members)


def environment_of(places: Places) -> dict[str, str]:
    """Of a process of the portal below these places; none of this process's own addresses."""
    kept = {name: value for name, value in os.environ.items() if name not in OUTER}
    return kept | {
        "PORTAL_ENV": "demo",
        "PORTAL_VAR": str(places.var),
        "DATABASE_URL": places.database_url,
        "REDIS_URL": places.queue_url,
        "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        "PYTHONPATH": str(ROOT),
        "AXES_OFF": "1",
    }


def act(environment: dict[str, str], name: str, **said: Any) -> Any:
    process = begin_act(environment, name, **said)
    told, errors = process.communicate()
    if process.returncode != 0:
        raise RuntimeError(errors)  # no AssertionError: it would count as a mutant that was seen
    return json.loads(told.splitlines()[-1])


def begin_act(environment: dict[str, str], name: str, **said: Any) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.faults.acts", name, json.dumps(said)]
    own = environment | {"PORTAL_WITHOUT_POOL": "1"}
    return subprocess.Popen(
        command, cwd=ROOT, env=own, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def prepared() -> Places:
    """A database with tables and people, made once for all workers of this run, to be copied and not to be started."""
    places = Places(Places.from_environment().var / "faults")
    places.var.mkdir(parents=True, exist_ok=True)
    with (places.var / "prepared.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        facts = places.var / "facts.json"
        if not facts.exists():
            engines = Engines(places, durable=False)
            engines.start()
            try:
                told = act(environment_of(places), "prepare")
            finally:
                engines.stop()
            facts.write_text(json.dumps(told))
    return places
