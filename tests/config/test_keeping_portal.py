"""The two commands on a whole portal: what is restored is a portal whose trail holds, and a tampered one is refused."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import psycopg
import pytest

from config.keeping.status import WORKS, outcomes
from config.keeping.watch import note_complete, push_log, push_log_past
from config.launcher.places import ROOT
from tests.config.keeping_cluster import Cluster

pytestmark = [pytest.mark.slow, pytest.mark.fault]
HANDLE = "from tests.make.grid import handled_issue; handled_issue()"


class Portal(Cluster):
    """A cluster with the portal's tables, and its commands as an administrator gives them."""

    @property
    def environment(self) -> dict[str, str]:
        ours = {"PORTAL_ENV": "demo", "PORTAL_VAR": str(self.places.var), **self.wanted.environment()}
        outer = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "STORAGE_URL", "KEYS_DIR")
        return {name: value for name, value in os.environ.items() if name not in outer} | ours

    def manage(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(ROOT / "manage.py"), *words]
        return subprocess.run(command, env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False)

    def heads(self) -> list[str]:
        return [line for line in self.manage("check_restored").stdout.splitlines() if line.startswith("chain heads")]

    def handle_an_issue(self) -> None:
        done = self.manage("shell", "-v0", "-c", HANDLE)
        assert done.returncode == 0, done.stderr

    def photos_below(self, folder: Path) -> dict[str, bytes]:
        """The originals and the copies that are shown."""
        return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    def keep_all_up_to(self, moment: datetime) -> None:
        reached = push_log_past(self.place, self.places.database_url, moment)
        self.sweep()
        note_complete(self.place, reached)

    def now(self) -> datetime:
        with psycopg.connect(self.places.database_url) as line:
            return line.execute("SELECT clock_timestamp()").fetchone()[0]


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    one = Portal()
    one.start()
    try:
        assert one.manage("migrate", "-v0").returncode == 0
        one.handle_an_issue()
        yield one
    finally:
        one.engines.stop()
        shutil.rmtree(one.places.var, ignore_errors=True)


def test_the_keepers_first_round_keeps_the_log_takes_a_base_and_restores_it(portal: Portal) -> None:
    done = portal.manage("keep_backups", "--once")

    known = outcomes(portal.place.root)
    assert (done.returncode, done.stderr) == (0, "")
    assert all(known[work].good_at and not known[work].error for work in WORKS)
    assert not (portal.places.var / "drill").exists()


def test_backup_and_restore_bring_back_the_portal_of_a_moment_with_the_chain_heads_of_that_moment(
    portal: Portal, tmp_path: Path
) -> None:
    kept = portal.manage("backup")
    assert kept.returncode == 0, kept.stderr
    portal.handle_an_issue()
    heads, moment = portal.heads(), portal.now()
    photos = portal.photos_below(portal.roots.media)
    portal.handle_an_issue()
    portal.sweep()
    portal.push()
    portal.kill()

    done = portal.manage("restore", "--to", str(tmp_path / "back"), "--at", moment.isoformat())

    assert done.returncode == 0, done.stdout + done.stderr
    assert heads[0] in done.stdout
    assert "every document is there and as it came in" in done.stdout
    back = portal.photos_below(tmp_path / "back/media")
    assert len(photos) == 4
    assert {name: back[name] for name in photos} == photos


def test_rows_younger_than_the_last_round_are_left_out_by_latest_and_kept_with_their_faults_named_by_end_of_log(
    portal: Portal, tmp_path: Path
) -> None:
    portal.engines.keep()
    portal.manage("keep_backups", "--once")
    heads = portal.heads()
    portal.handle_an_issue()
    push_log(portal.place, portal.places.database_url)

    latest = portal.manage("restore", "--to", str(tmp_path / "latest"), "--latest")
    whole = portal.manage("restore", "--to", str(tmp_path / "whole"), "--end-of-log")

    assert heads[0] in latest.stdout
    assert whole.returncode == 0
    assert "evidence-missing" in whole.stdout
    assert (tmp_path / "whole/postgres/PG_VERSION").exists()


def test_a_database_whose_trail_was_rewritten_is_restored_by_no_drill(portal: Portal, tmp_path: Path) -> None:
    with psycopg.connect(portal.places.database_url) as line:
        line.execute("SET session_replication_role = replica")
        line.execute("UPDATE bureau_entry SET note = 'forged' WHERE seq = 2")
    portal.keep_all_up_to(portal.now())

    done = portal.manage("restore", "--to", str(tmp_path / "back"), "--latest")

    assert done.returncode == 1
    assert "edited" in done.stderr
    assert list((tmp_path / "back").iterdir()) == []


def test_without_a_place_the_command_says_what_to_set() -> None:
    environment = os.environ | {"BACKUP_DIR": "", "BACKUP_KEY_FILE": ""}

    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "backup"], env=environment, cwd=ROOT, capture_output=True, text=True
    )

    assert done.returncode == 1
    assert "BACKUP_DIR is not set" in done.stderr
