"""The second place: each root once, caught up after it was away, and nothing ever written over."""

import pytest

from bureau.desk.models import TrailRoot
from bureau.desk.sealing import places
from bureau.desk.sealing.places import RootsDiffer, carry_out
from bureau.desk.sealing.sealer import seal
from bureau.proofs.roots import read_roots
from tests import make
from tests.trail.scene import unguarded

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"
    settings.ROOTS_DIR = tmp_path / "roots"
    settings.ROOTS_DIR.mkdir()
    return settings.ROOTS_DIR


def seal_times(*times: int) -> None:
    for minute in times:
        seal(at=make.minutes(minute))


def test_each_root_is_written_once_and_reads_as_it_was_signed(place):
    seal_times(10, 100)

    assert (carry_out(), carry_out()) == (2, 0)
    roots, faults = read_roots(place)  # the keys lie there too
    assert faults == []
    assert {n: root.digest for n, root in roots.items()} == dict(TrailRoot.objects.values_list("n", "digest"))
    assert (place / "keys-001.json").exists()


def test_what_could_not_be_written_is_caught_up_when_the_place_is_back(place):
    seal_times(10)
    carry_out()
    away = place.rename(place.with_name("away"))
    seal_times(100, 200)
    with pytest.raises(OSError):
        carry_out()
    assert places.state().fault == "unreachable"

    away.rename(place)

    assert carry_out() == 2
    assert places.state() == places.PlaceState(is_set=True, newest=3)


def test_a_write_that_breaks_off_leaves_no_root_and_is_done_again(place, monkeypatch):
    seal_times(10)
    monkeypatch.setattr(places.os, "fsync", full_disk)
    with pytest.raises(OSError, match="No space"):
        carry_out()
    monkeypatch.undo()

    assert list((place / "000000").iterdir()) == []
    assert carry_out() == 1


def full_disk(handle: int) -> None:
    raise OSError(28, "No space left on device")


def test_a_file_that_lies_there_is_never_written_over(place):
    seal_times(10)
    path = places.file_of(place, 1)
    path.parent.mkdir()
    path.write_text("something else")

    with pytest.raises(RootsDiffer):
        carry_out()
    with pytest.raises(RootsDiffer):
        places.write_once(path, b"ours")

    assert path.read_text() == "something else"


def test_a_database_that_was_set_back_is_told_and_overwrites_nothing(place):
    seal_times(10, 100)
    carry_out()
    unguarded(("DELETE FROM bureau_trailroot WHERE n = 2", []))
    make.issue_in("filed", make.unit("qibao"))
    seal_times(130)

    with pytest.raises(RootsDiffer) as differ:
        carry_out()

    assert differ.value.n == 2
    assert places.state().fault == "differs"
    assert (place / "000000" / "000000002.json").stat().st_mode & 0o777 == 0o444


def test_without_a_second_place_nothing_is_carried(settings):
    settings.ROOTS_DIR = None

    assert carry_out() == 0
    assert not places.state().is_set
