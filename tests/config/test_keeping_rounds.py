"""When the keeper takes a base and holds a drill, and what it notes when it cannot."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.keeping import rounds, status
from config.keeping.backup import Source
from config.keeping.files import Roots
from config.keeping.place import Place
from config.keeping.rounds import Keeper, base_is_due, drill_is_due, next_night
from config.keeping.sealing import KeepingError
from config.keeping.status import Outcome
from config.keeping.wanted import Wanted, wanted

NOON = datetime(2026, 11, 25, 4, tzinfo=UTC)  # 12:00 in Shanghai
NIGHT = datetime(2026, 11, 25, 18, 30, tzinfo=UTC)  # 02:30 of the 26th in Shanghai


@pytest.fixture
def keeper(tmp_path: Path) -> Keeper:
    source = Source("postgresql://nobody@/nowhere?host=/nowhere", Roots(tmp_path / "media", tmp_path / "keys"))
    (tmp_path / "backup").mkdir()
    return Keeper(Place(tmp_path / "backup", b"k" * 43), source, tmp_path / "key", tmp_path / "drill")


def test_the_night_after_noon_is_half_past_two_in_shanghai_and_after_it_the_next() -> None:
    assert next_night(NOON) == NIGHT
    assert next_night(NIGHT) == NIGHT + timedelta(days=1)


@pytest.mark.parametrize(
    ("outcome", "at", "due"),
    [
        (Outcome(), NOON, True),
        (Outcome(good_at=NOON), NIGHT - timedelta(seconds=1), False),
        (Outcome(good_at=NOON), NIGHT, True),
        (Outcome(good_at=NOON - timedelta(days=9)), NOON, True),
        (Outcome(tried_at=NOON, error="disk full"), NOON + timedelta(minutes=29), False),
        (Outcome(tried_at=NOON, error="disk full"), NOON + timedelta(minutes=30), True),
    ],
)
def test_a_base_is_due_at_once_then_each_night_and_half_an_hour_after_a_failure(
    outcome: Outcome, at: datetime, due: bool
) -> None:
    assert base_is_due(outcome, at=at) == due


def test_a_drill_is_due_behind_the_first_base_and_then_once_a_week() -> None:
    week = timedelta(days=7)

    assert not drill_is_due({"base": Outcome(), "drill": Outcome()}, at=NOON)
    assert drill_is_due({"base": Outcome(good_at=NOON), "drill": Outcome()}, at=NOON)
    assert not drill_is_due({"base": Outcome(good_at=NIGHT), "drill": Outcome(good_at=NOON)}, at=NIGHT)
    assert drill_is_due({"base": Outcome(good_at=NOON + week), "drill": Outcome(good_at=NOON)}, at=NOON + week)


def test_a_failure_is_noted_with_its_words_and_the_last_success_stays(keeper: Keeper, monkeypatch) -> None:
    said: list[str] = []
    status.note(keeper.place.root, "base", tried_at=NOON - timedelta(days=2), good_at=NOON - timedelta(days=2))
    monkeypatch.setattr(rounds, "back_up", _refuse)

    rounds.make_round(keeper, clock=lambda: NOON, say=said.append)

    known = status.outcomes(keeper.place.root)
    assert known["base"] == Outcome(NOON, NOON - timedelta(days=2), "the disk of the backups is full")
    assert known["log"].error
    assert "base: the disk of the backups is full" in said


def test_a_status_that_cannot_be_read_is_written_anew(keeper: Keeper) -> None:
    (keeper.place.root / status.FILE).write_text("{half")

    status.note(keeper.place.root, "log", tried_at=NOON, good_at=NOON)

    assert status.outcomes(keeper.place.root)["log"].good_at == NOON


def test_the_keeper_goes_on_where_its_own_notes_cannot_be_read(keeper: Keeper, monkeypatch) -> None:
    (keeper.place.root / status.FILE).write_text("{half")
    monkeypatch.setattr(rounds, "back_up", _refuse)

    rounds.make_round(keeper, clock=lambda: NOON, say=lambda words: None)

    assert status.outcomes(keeper.place.root)["base"].error == "the disk of the backups is full"


def test_only_a_demo_on_engines_of_its_own_keeps_backups_unasked() -> None:
    demo = {"PORTAL_ENV": "demo", "PORTAL_VAR": "/srv/var"}

    assert wanted(demo) == Wanted(Path("/srv/var/backup"), Path("/srv/var/backup_key"), makes_key=True)
    assert wanted(demo | {"BACKUP_DIR": "off"}) is None
    assert wanted(demo | {"DATABASE_URL": "postgresql://x/y"}) is None
    assert wanted({"PORTAL_ENV": "test"}) is None
    asked = {"PORTAL_ENV": "production", "BACKUP_DIR": "/backup", "BACKUP_KEY_FILE": "/run/secrets/backup_key"}
    assert wanted(asked) == Wanted(Path("/backup"), Path("/run/secrets/backup_key"))


def _refuse(*_: object, **__: object) -> None:
    raise KeepingError("the disk of the backups is full")
