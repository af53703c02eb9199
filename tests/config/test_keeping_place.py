"""The place of backups: only its owner's key, never an overwritten file, and a head that tells where the log ends."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.keeping.archive import keep_log, newest_of
from config.keeping.place import Place, Taken, read_key
from config.keeping.sealing import KeepingError
from config.keeping.wal import Segment, path, switches_of
from config.launcher.places import ROOT

AT = datetime(2026, 11, 25, tzinfo=UTC)
SYSTEM = "7000000000000000001"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "backup", b"k" * 43)


def log_file(folder: Path, number: int, content: bytes = b"records") -> Path:
    file = folder / Segment(1, number).name
    file.write_bytes(content)
    return file


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("k" * 43)
    file.chmod(0o644)

    with pytest.raises(KeepingError, match="chmod 0600"):
        read_key(file)


def test_a_short_key_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("k" * 31)
    file.chmod(0o600)

    with pytest.raises(KeepingError, match="fewer than 32"):
        read_key(file)


def test_a_kept_file_is_never_overwritten(place: Place) -> None:
    place.put("wal/1/a", [b"first"])

    with pytest.raises(Taken):
        place.put("wal/1/a", [b"second"])

    assert b"".join(place.read("wal/1/a")) == b"first"


def test_a_file_whose_source_fails_midway_is_not_kept_at_all(place: Place) -> None:
    def failing():
        yield b"half"
        raise OSError("the disk of the source is gone")

    with pytest.raises(OSError, match="source"):
        place.put("bases/1/a.tar", failing())

    assert list(place.path("bases/1").iterdir()) == []


def test_two_backups_at_once_are_refused(place: Place) -> None:
    with place.alone(), pytest.raises(KeepingError, match="Another backup is at work"), place.alone():
        pass


def test_what_is_kept_is_open_to_nobody_else(place: Place) -> None:
    place.put("objects/ab/abc", [b"x"])

    assert place.path("objects/ab/abc").stat().st_mode & 0o777 == 0o600
    assert place.path("objects/ab").stat().st_mode & 0o777 == 0o700


def test_a_place_of_a_group_is_open_to_that_group_only(place: Place) -> None:
    place.root.mkdir()
    place.root.chmod(0o2770)

    place.put("wal/7/a", [b"x"])

    assert place.path("wal/7/a").stat().st_mode & 0o777 == 0o640
    assert place.path("wal/7").stat().st_mode & 0o7777 == 0o2770


def test_the_archivers_program_needs_no_django_and_no_driver() -> None:
    """It runs beside PostgreSQL, for each 16 MiB of log."""
    words = "import sys, config.keeping.archive; sys.exit(any(name in sys.modules for name in ('django', 'psycopg')))"

    assert subprocess.run([sys.executable, "-c", words], cwd=ROOT, check=False).returncode == 0


def test_a_segment_archived_twice_with_the_same_content_is_fine(place: Place, tmp_path: Path) -> None:
    file = log_file(tmp_path, 5)

    keep_log(place, file, system=SYSTEM, at=AT)
    keep_log(place, file, system=SYSTEM, at=AT)

    assert newest_of(place, SYSTEM) == Segment(1, 5)


def test_a_segment_with_another_content_is_refused_and_the_kept_one_stays(place: Place, tmp_path: Path) -> None:
    keep_log(place, log_file(tmp_path, 5), system=SYSTEM, at=AT)

    with pytest.raises(KeepingError, match="not overwritten"):
        keep_log(place, log_file(tmp_path, 5, b"forged!"), system=SYSTEM, at=AT)

    assert b"".join(place.read(f"wal/{SYSTEM}/{Segment(1, 5).name}")) == b"records"


def test_a_place_keeps_one_database_and_refuses_another_one(place: Place, tmp_path: Path) -> None:
    keep_log(place, log_file(tmp_path, 5), system=SYSTEM, at=AT)

    with pytest.raises(KeepingError, match="another database"):
        keep_log(place, log_file(tmp_path, 6), system="7000000000000000002", at=AT)

    assert place.names("wal/7000000000000000002") == []


def test_the_head_never_goes_back_except_to_a_newer_timeline(place: Place, tmp_path: Path) -> None:
    for segment in (Segment(1, 9), Segment(1, 8)):
        keep_log(place, log_file(tmp_path, segment.number), system=SYSTEM, at=AT)
    kept_until_then = newest_of(place, SYSTEM)
    restored = tmp_path / Segment(2, 6).name
    restored.write_bytes(b"after a restore")

    keep_log(place, restored, system=SYSTEM, at=AT)

    assert kept_until_then == Segment(1, 9)
    assert newest_of(place, SYSTEM) == Segment(2, 6)


def test_names_of_segments_go_to_numbers_and_back() -> None:
    for name in ("000000010000000000000001", "0000000A00000002000000FF", "000000010000000300000000"):
        assert Segment.named(name).name == name
    assert Segment.named("000000010000000100000000").number == Segment.named("0000000100000000000000FF").number + 1


def test_the_way_through_a_restore_takes_each_segment_from_the_timeline_that_went_on() -> None:
    history = "1\t0/5000148\tno recovery target specified\n"

    way = list(path(Segment(1, 3), Segment(2, 7), switches_of(history)))

    assert way == [Segment(1, 3), Segment(1, 4), Segment(2, 5), Segment(2, 6), Segment(2, 7)]
