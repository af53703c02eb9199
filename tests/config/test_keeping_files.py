"""Documents are kept once for good; keys as they last were; a list that is gone is noticed."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.keeping import retention
from config.keeping.bases import Base
from config.keeping.files import Roots, last_listing, restore_files, sweep
from config.keeping.place import Place
from config.keeping.sealing import KeepingError
from config.keeping.wal import Segment

AT = datetime(2026, 11, 25, 8, tzinfo=UTC)
SYSTEM = "7000000000000000001"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "backup", b"k" * 43)


@pytest.fixture
def roots(tmp_path: Path) -> Roots:
    for name in ("media/sealed/2026", "media/drafts/x", "keys/trail"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "media/sealed/2026/a.jpg").write_bytes(b"before")
    (tmp_path / "media/drafts/x/1-refused.jpg").write_bytes(b"waits for a day only")
    (tmp_path / "keys/trail/keys.json").write_text("[1]")
    return Roots(tmp_path / "media", tmp_path / "keys", "the secret key")


def test_documents_keys_and_the_secret_come_back_byte_by_byte(place: Place, roots: Roots, tmp_path: Path) -> None:
    listing = sweep(place, roots, at=AT)

    restore_files(place, [*listing.documents.values(), *listing.keys], tmp_path / "back")

    back = {str(path.relative_to(tmp_path / "back")): path.read_bytes() for path in (tmp_path / "back").rglob("*.*")}
    assert back == {"sealed/2026/a.jpg": b"before", "trail/keys.json": b"[1]"}
    assert (tmp_path / "back/secret_key").read_text() == "the secret key"


def test_a_second_sweep_writes_only_what_is_new(place: Place, roots: Roots) -> None:
    sweep(place, roots, at=AT)
    (roots.media / "sealed/2026/b.jpg").write_bytes(b"after")

    second = sweep(place, roots, at=AT)
    third = sweep(place, roots, at=AT)

    assert [kept.path for kept in second.added] == ["sealed/2026/b.jpg"]
    assert third.added == []
    assert place.names("files") == ["files/0000000001", "files/0000000002"]
    assert set(last_listing(place).documents) == {"sealed/2026/a.jpg", "sealed/2026/b.jpg"}


def test_a_document_that_was_changed_is_told_and_the_kept_one_stays(place: Place, roots: Roots) -> None:
    file = roots.media / "sealed/2026/a.jpg"
    first = sweep(place, roots, at=AT).documents["sealed/2026/a.jpg"]
    file.write_bytes(b"forged")
    os.utime(file, ns=(first.changed_ns + 10**12, first.changed_ns + 10**12))

    second = sweep(place, roots, at=AT)

    assert second.changed == ["sealed/2026/a.jpg"]
    assert b"".join(place.read(first.object)) == b"before"


def test_a_document_met_while_it_was_being_written_is_kept_whole_by_the_next_sweep(place: Place, roots: Roots) -> None:
    file = roots.media / "sealed/2026/a.jpg"
    sweep(place, roots, at=AT)
    file.write_bytes(b"before, and the rest of it")

    second = sweep(place, roots, at=AT)

    assert second.changed == []
    kept = last_listing(place).documents["sealed/2026/a.jpg"]
    assert b"".join(place.read(kept.object)) == b"before, and the rest of it"


def test_a_key_that_was_destroyed_is_not_among_the_keys_restored(place: Place, roots: Roots) -> None:
    (roots.keys / "trail/old.pem").write_text("private")
    sweep(place, roots, at=AT)
    (roots.keys / "trail/old.pem").unlink()

    sweep(place, roots, at=AT)

    assert [kept.path for kept in last_listing(place).keys] == ["trail/keys.json", "secret_key"]


@pytest.mark.parametrize("gone", ["files/0000000002", "files/0000000003", "heads/files"])
def test_a_list_that_is_gone_is_named(place: Place, roots: Roots, gone: str) -> None:
    for name in "bcd":
        sweep(place, roots, at=AT)
        (roots.media / f"sealed/2026/{name}.jpg").write_bytes(name.encode())
    place.path(gone).unlink()

    with pytest.raises(KeepingError, match=gone):
        last_listing(place)


def test_an_object_under_another_objects_name_is_refused(place: Place, roots: Roots, tmp_path: Path) -> None:
    (roots.media / "sealed/2026/b.jpg").write_bytes(b"after")
    one, two = sweep(place, roots, at=AT).documents.values()
    place.path(two.object).unlink()
    place.path(one.object).rename(place.path(two.object))

    with pytest.raises(KeepingError, match=two.sha256):
        restore_files(place, [two], tmp_path / "back")


def kept_base(place: Place, days: float, number: int, files_seq: int = 1) -> Base:
    """A base taken so many days ago, whose recovery begins at a segment."""
    at = AT - timedelta(days=days)
    base = Base(SYSTEM, f"{at:%Y%m%dT%H%M%S}", at, at, Segment(1, number), Segment(1, number), 1, files_seq)
    place.put(base.tar, [b"tar"])
    place.put_record(base.facts, base.record())
    return base


def test_the_base_before_the_window_stays_with_all_its_log_and_older_ones_go(place: Place) -> None:
    old, before, inside = (kept_base(place, days, number) for days, number in ((9, 2), (7.5, 4), (1, 6)))
    for number in range(1, 8):
        place.put(f"wal/{SYSTEM}/{Segment(1, number).name}", [b"log"])

    gone = retention.prune(place, at=AT)

    assert gone[:2] == [old.facts, old.tar]
    assert place.has(before.tar)
    assert place.has(inside.tar)
    left = [Segment.named(name.rpartition("/")[2]).number for name in place.names(f"wal/{SYSTEM}")]
    assert left == [4, 5, 6, 7]


def test_without_a_newer_base_the_last_one_stays_however_old(place: Place) -> None:
    base = kept_base(place, 40, 2)

    assert retention.prune(place, at=AT) == []
    assert place.has(base.tar)


def test_a_base_that_was_never_finished_goes(place: Place) -> None:
    kept_base(place, 1, 2)
    place.put(f"bases/{SYSTEM}/20261125T000000.tar", [b"half"])

    assert retention.prune(place, at=AT) == [f"bases/{SYSTEM}/20261125T000000.tar"]


def test_keys_that_only_forgotten_lists_name_go_and_documents_stay(place: Place, roots: Roots) -> None:
    (roots.keys / "trail/old.pem").write_text("private")
    first = sweep(place, roots, at=AT)
    (roots.keys / "trail/old.pem").unlink()
    second = sweep(place, roots, at=AT, full=True)
    kept_base(place, 1, 2, files_seq=second.seq)

    gone = retention.prune(place, at=AT)

    destroyed = next(kept for kept in first.keys if kept.path == "trail/old.pem")
    assert gone == ["files/0000000001", destroyed.object]
    assert all(place.has(kept.object) for kept in [*second.documents.values(), *second.keys])
