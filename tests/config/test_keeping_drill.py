"""The restore drill: a postmaster killed, its machine given up, the portal back at any moment, or a named refusal."""

import os
import shutil
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from config.keeping.place import Place
from config.keeping.sealing import KeepingError
from config.launcher.engines import connect
from tests.config.keeping_cluster import Cluster, notes

pytestmark = [pytest.mark.slow, pytest.mark.fault]


@pytest.fixture(scope="module")
def lost() -> Iterator[Cluster]:
    """A cluster that was backed up, written to, killed with -9 and given up; `moments` are between its writes."""
    cluster = Cluster()
    cluster.start()
    try:
        cluster.write("1-before-the-backup")
        cluster.done = cluster.back_up()
        for word in ("2-after-the-backup", "3-later"):
            cluster.moments.append(cluster.write(word))
            cluster.push()
        cluster.documents = {path.name: path.read_bytes() for path in (cluster.roots.media / "sealed").iterdir()}
        cluster.write("4-after-the-last-moment")
        cluster.sweep()
        time.sleep(1.1)
        cluster.reached = cluster.push()
        cluster.kill()
        yield cluster
    finally:
        cluster.engines.stop()
        shutil.rmtree(cluster.places.var, ignore_errors=True)


@pytest.fixture
def damaged(lost: Cluster, tmp_path: Path) -> Place:
    """A copy of the backup's place that a test may harm."""
    shutil.copytree(lost.place.root, tmp_path / "copy")
    return Place(tmp_path / "copy", lost.place.key)


def flip(path: Path, at: int = -20) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def segments(lost: Cluster) -> list[str]:
    return [name for name in lost.place.names(f"wal/{lost.system}") if len(Path(name).name) == 24]


@pytest.mark.parametrize(("which", "expected"), [(0, "2-after-the-backup"), (1, "3-later")])
def test_a_killed_database_is_back_at_a_moment_with_exactly_the_rows_and_files_until_then(
    lost: Cluster, tmp_path: Path, which: int, expected: str
) -> None:
    lost.restore(tmp_path / "back", lost.moments[which])

    rows = lost.notes_in(tmp_path / "back")
    assert (len(rows), rows[-1]) == (which + 2, expected)
    back = {path.name: path.read_bytes() for path in (tmp_path / "back/media/sealed").iterdir()}
    assert {f"{word}.jpg": back[f"{word}.jpg"] for word in rows} == {
        f"{word}.jpg": lost.documents[f"{word}.jpg"] for word in rows
    }
    assert (tmp_path / "back/keys/trail/keys.json").read_text() == "[]"
    assert (tmp_path / "back/secret_key").read_text() == lost.roots.secret
    assert (tmp_path / "back/secret_key").stat().st_mode & 0o777 == 0o600


def test_a_moment_after_the_last_write_but_known_to_be_complete_is_restored(lost: Cluster, tmp_path: Path) -> None:
    lost.restore(tmp_path / "back", lost.reached)

    assert lost.notes_in(tmp_path / "back")[-1] == "4-after-the-last-moment"


def test_a_moment_that_the_archive_does_not_reach_is_refused_with_the_last_one_it_does(
    lost: Cluster, tmp_path: Path
) -> None:
    with pytest.raises(KeepingError, match="everything up to"):
        lost.restore(tmp_path / "back", lost.reached + timedelta(hours=1))


def test_a_moment_before_the_first_backup_is_refused_with_the_first_one(lost: Cluster, tmp_path: Path) -> None:
    with pytest.raises(KeepingError, match=lost.done.base.finished_at.isoformat()[:19]):
        lost.restore(tmp_path / "back", lost.done.base.finished_at - timedelta(days=1))


@pytest.mark.parametrize("which", ["middle", "last"])
def test_a_missing_segment_is_named(lost: Cluster, damaged: Place, tmp_path: Path, which: str) -> None:
    gone = segments(lost)[-1 if which == "last" else -2]
    damaged.forget(gone)

    with pytest.raises(KeepingError, match=f"gap.*{gone}"):
        lost.restore(tmp_path / "back", place=damaged)


def test_a_missing_segment_before_the_moment_is_named_and_after_it_does_no_harm(
    lost: Cluster, damaged: Place, tmp_path: Path
) -> None:
    gone = segments(lost)[-1]
    damaged.forget(gone)

    with pytest.raises(KeepingError, match=gone):
        lost.restore(tmp_path / "back", lost.moments[1], place=damaged)
    left = list((tmp_path / "back").iterdir())
    lost.restore(tmp_path / "back", lost.moments[0], place=damaged)

    assert left == []
    assert lost.notes_in(tmp_path / "back")[-1] == "2-after-the-backup"


def test_a_flipped_byte_in_the_log_is_named(lost: Cluster, damaged: Place, tmp_path: Path) -> None:
    harmed = segments(lost)[-1]
    flip(damaged.path(harmed))

    with pytest.raises(KeepingError, match=harmed):
        lost.restore(tmp_path / "back", place=damaged)


@pytest.mark.parametrize("harm", ["flip", "cut"])
def test_a_harmed_base_is_named(lost: Cluster, damaged: Place, tmp_path: Path, harm: str) -> None:
    file = damaged.path(lost.done.base.tar)
    if harm == "flip":
        flip(file, at=file.stat().st_size // 2)
    else:
        os.truncate(file, file.stat().st_size // 2)

    with pytest.raises(KeepingError, match=lost.done.base.tar):
        lost.restore(tmp_path / "back", place=damaged)


def test_a_flipped_byte_in_a_document_is_named(lost: Cluster, damaged: Place, tmp_path: Path) -> None:
    harmed = lost.done.files.documents["sealed/1-before-the-backup.jpg"]
    flip(damaged.path(harmed.object))

    with pytest.raises(KeepingError, match=harmed.object):
        lost.restore(tmp_path / "back", place=damaged)


def test_another_key_opens_nothing_and_is_called_another_key(lost: Cluster, tmp_path: Path) -> None:
    with pytest.raises(KeepingError, match="another key"):
        lost.restore(tmp_path / "back", place=Place(lost.place.root, b"z" * 43))


def test_a_directory_with_anything_in_it_is_refused_and_left_as_it_is(lost: Cluster, tmp_path: Path) -> None:
    (tmp_path / "a-letter").write_text("do not lose me")

    with pytest.raises(KeepingError, match="not empty"):
        lost.restore(tmp_path, lost.moments[0])

    assert [path.name for path in tmp_path.iterdir()] == ["a-letter"]


def test_the_commands_own_directory_is_refused_as_a_target(lost: Cluster, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("PORTAL_VAR", str(tmp_path))

    with pytest.raises(KeepingError, match="PORTAL_VAR of this very command"):
        lost.restore(tmp_path)


def test_nothing_that_is_kept_can_be_read_without_the_key(lost: Cluster) -> None:
    kept = b"".join(path.read_bytes() for path in lost.place.root.rglob("*") if path.is_file())

    assert b"1-before-the-backup" not in kept
    assert lost.roots.secret.encode() not in kept


def test_after_the_kill_the_database_itself_has_every_committed_row_and_archives_on(lost: Cluster) -> None:
    """Last of this file: it brings the lost cluster back."""
    lost.engines.keep()
    lost.write("5-after-the-return")

    lost.push()

    assert notes(lost.places)[-2:] == ["4-after-the-last-moment", "5-after-the-return"]


def test_a_restored_cluster_that_works_on_is_kept_on_and_restored_again(lost: Cluster, tmp_path: Path) -> None:
    """The log goes on over a timeline of its own in the same place."""
    lost.restore(tmp_path / "back", lost.moments[0])
    again = Cluster(tmp_path / "back", lost.wanted)
    again.engines.start()
    try:
        moment = again.write("6-on-the-restored-one")
        again.push()
        again.write("7-still-later")
        again.push()
    finally:
        again.engines.stop()

    again.restore(tmp_path / "once-more", moment)

    kept = again.notes_in(tmp_path / "once-more")
    assert kept == ["1-before-the-backup", "2-after-the-backup", "6-on-the-restored-one"]


def test_a_page_that_rotted_on_the_disk_stops_the_backup_and_is_named(lost: Cluster) -> None:
    with connect(lost.places, "portal") as line:
        line.execute("CREATE TABLE rotten AS SELECT n FROM generate_series(1, 5000) AS n")
        line.execute("CHECKPOINT")
        row = line.execute("SELECT pg_relation_filepath('rotten')").fetchone()
    lost.engines.stop()
    flip(lost.places.database_files / row[0], at=5000)
    lost.engines.start()
    before = lost.place.names(f"bases/{lost.system}")

    with pytest.raises(KeepingError, match=f"checksum.*{row[0]}|{row[0]}.*checksum"):
        lost.back_up()

    assert lost.place.names(f"bases/{lost.system}") == before
