"""Nobody handles it: by itself it turns yellow, then red, and climbs the ladder, each rung exactly once."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, expect

from config.launcher.places import ROOT
from tests.conftest import RunningPortal
from tests.journeys.pages import Person

pytestmark = pytest.mark.journey
PATIENCE = 90  # seconds; the beat knocks every ten, on a machine that may be busy
WHOLE_LADDER = ["warn", "urge", "supervise", "refer"]
RUNGS = "SELECT name, reached_at FROM oversight_rung WHERE clock_id = %s ORDER BY reached_at"


def test_what_nobody_handles_climbs_to_the_referral_candidate(portal: RunningPortal, browser: Browser) -> None:
    issue = neglected(portal, hours=24 * 21)

    wait_until(lambda: names(portal, issue) == WHOLE_LADDER)

    computed = [datetime.fromisoformat(issue[name]) for name in ("warn_at", "due_at", "supervise_at", "refer_at")]
    assert [reached for _, reached in rungs(portal, issue)] == computed
    with Person(browser, portal, "supervisor") as supervisor:
        board = supervisor.open("/red-lights/")
        board.get_by_role("row").filter(has_text="七宝镇").locator("a.is-red").click()
        expect(board.get_by_role("row").filter(has_text=issue["number"])).to_have_count(1)
        papers = supervisor.open("/notices/").get_by_role("row").filter(has_text=issue["number"])
        expect(papers).to_have_count(2)
        papers.filter(has_text="督办通知书").get_by_role("link").first.click()
        expect(supervisor.page.locator("article.paper")).to_contain_text(issue["number"])
    with Person(browser, portal, "qibao_leader") as leader:
        expect(leader.open("/desk/").get_by_role("link", name=f"办理 {issue['number']}").first).to_be_visible()


def test_a_worker_killed_between_yellow_and_red_loses_and_doubles_nothing(portal: RunningPortal) -> None:
    issue = neglected(portal, hours=2 - 20 / 3600, limit="2 clock_hours")
    wait_until(lambda: names(portal, issue) == ["warn"])

    kill_worker(portal)

    wait_until(lambda: names(portal, issue) == ["warn", "urge"])
    later = neglected(portal, hours=24 * 21)
    wait_until(lambda: names(portal, later) == WHOLE_LADDER)  # so the sweep has come round again
    assert names(portal, issue) == ["warn", "urge"]
    with psycopg.connect(portal.environment["DATABASE_URL"]) as line:
        papers = line.execute("SELECT count(*) FROM oversight_paper WHERE facts->>'number' = %s", [issue["number"]])
        assert papers.fetchone() == (1,)


def neglected(portal: RunningPortal, hours: float, limit: str = "") -> dict[str, Any]:
    """An issue dispatched so long ago, made by a command beside the running portal."""
    words = [sys.executable, "-m", "tests.journeys.stage", str(hours), *([limit] if limit else [])]
    done = subprocess.run(words, env=portal.environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def rungs(portal: RunningPortal, issue: dict[str, Any]) -> list[tuple[str, datetime]]:
    with psycopg.connect(portal.environment["DATABASE_URL"]) as line:
        return line.execute(RUNGS, [issue["clock"]]).fetchall()


def names(portal: RunningPortal, issue: dict[str, Any]) -> list[str]:
    return [name for name, _ in rungs(portal, issue)]


def kill_worker(portal: RunningPortal) -> None:
    """The worker and its children, at once and without a word."""
    os.killpg(int((portal.var / "run" / "worker.pid").read_text()), signal.SIGKILL)


def wait_until(happened: Callable[[], bool]) -> None:
    """Looks four times a second; fails when it has not happened in time."""
    until = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < until, f"It did not happen within {PATIENCE} s."
        time.sleep(0.25)
