"""I04, I10: two sweeps of two processes give each rung once, and numbers stay gap-free where transactions abort."""

from __future__ import annotations

import os
import subprocess
import sys
from threading import Barrier, Thread

import pytest
from django.db import connection, connections, transaction

from bureau.desk.models import Notice, NumberSeries
from bureau.desk.numbering import take_numbers
from config.launcher.places import ROOT, Places
from oversight import ladder
from oversight.models import Paper, Rung
from tests.make import bureau, grid
from tests.make import oversight as make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

SWEEP = """
import sys
import django
django.setup()
from datetime import datetime
from oversight import ladder
print("ready", flush=True)
sys.stdin.readline()
print(sum(ladder.climb(at=datetime.fromisoformat(sys.argv[1]), limit=7) for _ in range(3)))
"""
CLOCKS = 60


def sweeper(at: str) -> subprocess.Popen[str]:
    """A process of its own on the test's database, ready to sweep when told."""
    database = str(connection.settings_dict["NAME"])
    url = Places.from_environment().database_url.replace("/portal?", f"/{database}?")
    environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", SWEEP, at]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, cwd=ROOT, env=environment, **pipes)


@pytest.fixture
def overdue():
    """Sixty clocks that nobody met; all but the referral has come by Monday 18:00."""
    make.real_calendar()
    unit = bureau.unit()
    make.seats(unit)
    for _ in range(CLOCKS):
        make.clock_on(make.reported_at(grid.MONDAY, unit), "4 working_hours", at=grid.MONDAY)


def test_two_processes_that_sweep_at_once_give_each_rung_once(overdue):
    sweepers = [sweeper("2026-06-22T18:00:10+08:00") for _ in range(2)]
    for one in sweepers:
        assert one.stdout.readline().strip() == "ready"

    for one in sweepers:
        one.stdin.write("go\n")
        one.stdin.flush()
    raised = [int(one.communicate(timeout=60)[0]) for one in sweepers]

    ladder.climb(at=bureau.shanghai("2026-06-22 18:00:20"))
    assert sum(raised) <= 3 * CLOCKS
    assert Rung.objects.count() == 3 * CLOCKS
    assert Paper.objects.filter(kind="urging").count() == CLOCKS
    assert Notice.objects.filter(kind="clock_supervise").count() == 2 * CLOCKS


def test_numbers_are_gap_free_under_racing_sweeps_of_which_some_abort(overdue, monkeypatch):
    tell, calls = ladder.tell, iter(range(1000))

    def tell_or_fail(notices):
        if next(calls) % 3 == 0:
            raise RuntimeError("killed before the commit")
        tell(notices)

    monkeypatch.setattr(ladder, "tell", tell_or_fail)
    barrier = Barrier(4)

    def sweep() -> None:
        barrier.wait()
        for _ in range(12):
            try:
                ladder.climb(at=bureau.shanghai("2026-06-22 14:00:10"), limit=5)
            except RuntimeError:
                continue
        connections.close_all()

    threads = [Thread(target=sweep) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    monkeypatch.setattr(ladder, "tell", tell)
    ladder.climb(at=bureau.shanghai("2026-06-22 15:00:20"))  # what broke alone is tried again in an hour

    numbers = sorted(int(number[10:-1]) for number in Paper.objects.values_list("number", flat=True))
    assert numbers == list(range(1, CLOCKS + 1))
    assert NumberSeries.objects.get(kind="urging").last == CLOCKS


def test_an_aborted_block_gives_its_numbers_back():
    with transaction.atomic():
        take_numbers("bureau", "urging", 2026, 5)
        transaction.set_rollback(True)

    with transaction.atomic():
        assert list(take_numbers("bureau", "urging", 2026, 2)) == [1, 2]
        assert list(take_numbers("bureau", "urging", 2026, 1)) == [3]
