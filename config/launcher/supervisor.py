"""Keeps web, worker and beat running: starts again what dies, with growing patience, and stops all in order."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config.keeping.wanted import wanted
from config.launcher import children
from config.launcher.engines import Engines
from config.launcher.places import ROOT, LauncherError, Places

LONGEST_PAUSE = 30.0  # seconds between two tries to start a child that keeps dying
SOUND_AFTER = 60.0  # seconds of running after which a child counts as sound again
QUIET = ("--without-gossip", "--without-mingle", "--without-heartbeat")


@dataclass(frozen=True)
class Plan:
    """How one child is started, and how many seconds it may take to stop."""

    name: str
    command: tuple[str, ...]
    patience: float


def plans(port: int, host: str = "127.0.0.1") -> tuple[Plan, ...]:
    """Web, worker, beat and, where backups are wanted, the keeper, in the order in which they are stopped."""
    python = (sys.executable, "-m")
    web: tuple[str, ...] = (
        *python,
        "granian",
        "--interface",
        "wsgi",
        "--host",
        host,
        "--port",
        str(port),
        "--workers",
        "2",
    )
    web += ("--blocking-threads", "4", "--no-ws", "--respawn-failed-workers", "--respawn-interval", "1")
    web += ("--workers-kill-timeout", "3", "config.wsgi:application")
    celery = (*python, "celery", "-A", "config.celery")
    worker: tuple[str, ...] = (
        *celery,
        "worker",
        "--concurrency",
        "2",
        "--loglevel",
        "WARNING",
        "-n",
        "portal@localhost",
        *QUIET,
    )
    beat = (*celery, "beat", "--loglevel", "WARNING", "--pidfile=")
    keeper = (sys.executable, "manage.py", "keep_backups")
    return (
        Plan("web", web, 6),
        Plan("worker", worker, 8),
        Plan("beat", beat, 3),
        *((Plan("keeper", keeper, 3),) if wanted(os.environ) else ()),
    )


class Kept:
    """One child and its history of deaths."""

    def __init__(self, plan: Plan, places: Places, environment: Mapping[str, str]) -> None:
        self.plan = plan
        self.places = places
        self.environment = environment
        self.process: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0
        self.pause = 1.0
        self.not_before = 0.0

    @property
    def pid_file(self) -> Path:
        return self.places.run / f"{self.plan.name}.pid"

    def start(self) -> None:
        self.end_leftovers()
        log = self.places.logs / f"{self.plan.name}.log"
        self.process = children.spawn(self.plan.command, log=log, environment=self.environment, directory=ROOT)
        self.pid_file.write_text(str(self.process.pid))
        self.started_at = time.monotonic()

    def end_leftovers(self) -> None:
        """Ends what a killed launcher left of this child; it may still hold the port."""
        children.end_leftovers(self.pid_file, mark_of(self.places), signal.SIGTERM, patience=self.plan.patience)

    def keep(self) -> bool:
        """Starts the child again if it died and its pause is over; answers whether it did."""
        if self.process and self.process.poll() is None:
            return False
        now = time.monotonic()
        if self.process:
            self._bury(self.process, now)
        if now < self.not_before:
            return False
        self.start()
        return True

    def stop(self) -> None:
        if self.process:
            children.stop(self.process, signal.SIGTERM, self.plan.patience)
            children.end_group(self.process.pid)
            self.pid_file.unlink(missing_ok=True)

    def _bury(self, process: subprocess.Popen[bytes], now: float) -> None:
        """Ends the orphans of a dead child and decides how long to wait before the next try."""
        children.end_group(process.pid)
        sound = now - self.started_at > SOUND_AFTER
        self.pause = 1.0 if sound else min(self.pause * 2, LONGEST_PAUSE)
        self.not_before = now + self.pause / 2
        self.process = None


class Supervisor:
    """All children of a portal and, unless they are somebody else's, its engines."""

    def __init__(self, kept: list[Kept], engines: Engines | None) -> None:
        self.kept = kept
        self.engines = engines

    def start(self) -> None:
        for child in self.kept:
            child.start()

    def watch(self) -> None:
        """Runs until interrupted; every death and every new start is told on standard error."""
        while True:
            time.sleep(0.25)
            for name in self._start_the_dead():
                print(f"{time.strftime('%H:%M:%S')} {name} had died and was started again", file=sys.stderr, flush=True)

    def stop(self) -> None:
        """Web, worker, beat, queue, database; whatever else arrives meanwhile is not heard."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        for child in self.kept:
            child.stop()
        if self.engines:
            self.engines.stop()

    def _start_the_dead(self) -> list[str]:
        started = []
        try:
            started = self.engines.keep() if self.engines else []
        except LauncherError as error:
            print(error, file=sys.stderr, flush=True)
        return started + [child.plan.name for child in self.kept if child.keep()]


def mark_of(places: Places) -> str:
    """What the environment of every child of this PORTAL_VAR holds."""
    return f"PORTAL_CHILD_OF={places.var}\0"


def environment_of_children(places: Places) -> dict[str, str]:
    """This process's environment, marked, and with byte code kept: each start without it costs seconds."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    ours = {"DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(ROOT), "PORTAL_CHILD_OF": str(places.var)}
    return environment | ours
