"""An acknowledged commit survives the death of the postmaster (security.md I20), ten times in a row."""

import shutil
import threading
from collections.abc import Iterator

import psycopg
import pytest

from tests.config.keeping_cluster import Cluster

pytestmark = [pytest.mark.slow, pytest.mark.fault]
KILLS = 10
COMMITS = 60  # acknowledged before each kill; another one is always under way


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    one = Cluster()
    one.start()
    try:
        with psycopg.connect(one.places.database_url, autocommit=True) as line:
            line.execute("CREATE TABLE acked (n bigint PRIMARY KEY)")
        yield one
    finally:
        one.engines.stop()
        shutil.rmtree(one.places.var, ignore_errors=True)


class Writer(threading.Thread):
    """Commits number after number until the connection breaks; `acked` are those that the database confirmed."""

    def __init__(self, url: str, first: int) -> None:
        super().__init__(daemon=True)
        self.url, self.next = url, first
        self.acked: list[int] = []
        self.enough = threading.Event()

    def run(self) -> None:
        try:
            with psycopg.connect(self.url, autocommit=True) as line:
                while True:
                    line.execute("INSERT INTO acked VALUES (%s)", [self.next])
                    self.acked.append(self.next)
                    self.next += 1
                    if len(self.acked) >= COMMITS:
                        self.enough.set()
        except psycopg.OperationalError:
            self.enough.set()


def test_no_acknowledged_commit_is_lost_over_ten_kills_of_the_postmaster(cluster: Cluster) -> None:
    acked: set[int] = set()
    for kill in range(KILLS):
        writer = Writer(cluster.places.database_url, first=kill * 1_000_000)
        writer.start()
        assert writer.enough.wait(60)
        cluster.kill()
        writer.join(30)
        acked |= set(writer.acked)
        cluster.engines.keep()

    with psycopg.connect(cluster.places.database_url) as line:
        kept = {row[0] for row in line.execute("SELECT n FROM acked")}
    assert len(acked) >= KILLS * COMMITS
    assert acked - kept == set()
    assert len(kept - acked) <= KILLS  # one under way at each kill may have been committed unheard
