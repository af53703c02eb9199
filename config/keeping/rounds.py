"""The keeper's rounds: the log and new files each minute, a base each night, a drill each week.

They are no tasks of the queue: a base may take longer than any task may, and a lost queue must not lose backups. The
keeper is a process of its own (`manage.py keep_backups`), one a portal; a second one finds the place taken.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg

from config.keeping import status
from config.keeping.backup import Source, back_up
from config.keeping.files import sweep
from config.keeping.place import Place
from config.keeping.restoring import Wishes, latest, restore
from config.keeping.sealing import KeepingError
from config.keeping.watch import note_complete, push_log
from config.launcher.places import LauncherError

SHANGHAI = ZoneInfo("Asia/Shanghai")
NIGHT = time(2, 30)  # Shanghai time
DRILL_EVERY = timedelta(days=7)
TRY_AGAIN = timedelta(minutes=30)  # after a base or a drill that failed
BASE_LIMIT = 2 * 3600.0  # seconds

Clock = Callable[[], datetime]
Say = Callable[[str], None]


@dataclass(frozen=True)
class Keeper:
    """What a round needs. `drill` is a directory that the drill makes, fills and removes."""

    place: Place
    source: Source
    key_file: Path
    drill: Path


def make_round(keeper: Keeper, *, clock: Clock, say: Say) -> None:
    """Do what is due; a failure is noted and said, and the next work is tried all the same."""
    known = status.known_of(keeper.place.root)
    works = {"log": lambda: keep_up(keeper, at=clock())}
    if base_is_due(known["base"], at=clock()):
        works["base"] = lambda: take(keeper, at=clock())
    for work, do in works.items():
        attempt(keeper, work, do, clock=clock, say=say)
    known = status.known_of(keeper.place.root)
    if drill_is_due(known, at=clock()):
        attempt(keeper, "drill", lambda: drill(keeper, at=clock()), clock=clock, say=say)


def attempt(keeper: Keeper, work: str, do: Callable[[], datetime], *, clock: Clock, say: Say) -> None:
    tried_at = clock()
    try:
        good_at = do()
    except (KeepingError, LauncherError, OSError, psycopg.Error) as error:
        words = str(error).strip() or type(error).__name__
        status.note(keeper.place.root, work, tried_at=tried_at, error=words[:500])
        say(f"{work}: {words}")
    else:
        status.note(keeper.place.root, work, tried_at=tried_at, good_at=good_at)


def keep_up(keeper: Keeper, *, at: datetime) -> datetime:
    """The log first and the files after it: no kept row points to a file that is not kept."""
    with keeper.place.alone():
        reached = push_log(keeper.place, keeper.source.url)
        sweep(keeper.place, keeper.source.roots, at=at)
        note_complete(keeper.place, reached)
    return reached.at


def take(keeper: Keeper, *, at: datetime) -> datetime:
    return back_up(keeper.place, keeper.source, at=at, limit=BASE_LIMIT).base.finished_at


def drill(keeper: Keeper, *, at: datetime) -> datetime:
    """Restore the latest into a directory that is thrown away, with every proof; nothing of it stays."""
    shutil.rmtree(keeper.drill, ignore_errors=True)
    try:
        wishes = Wishes(keeper.drill, keeper.key_file, keeper.source.url)
        restore(keeper.place, wishes, moment=latest(keeper.place), say=lambda words: None)
    finally:
        shutil.rmtree(keeper.drill, ignore_errors=True)
    return at


def base_is_due(outcome: status.Outcome, *, at: datetime) -> bool:
    """At once when there is none, else in the first night after the last; a failed try waits half an hour."""
    if outcome.error and outcome.tried_at and at - outcome.tried_at < TRY_AGAIN:
        return False
    return outcome.good_at is None or at >= next_night(outcome.good_at)


def drill_is_due(known: dict[str, status.Outcome], *, at: datetime) -> bool:
    """Once a week behind a good base, which falls into the night."""
    base, last = known["base"], known["drill"]
    if base.good_at is None or (last.error and last.tried_at and at - last.tried_at < TRY_AGAIN):
        return False
    return last.good_at is None or (at - last.good_at >= DRILL_EVERY and base.good_at > last.good_at)


def next_night(after: datetime) -> datetime:
    """The first 02:30 in Shanghai that is later."""
    local = after.astimezone(SHANGHAI)
    night = datetime.combine(local.date(), NIGHT, tzinfo=SHANGHAI)
    return night if night > local else night + timedelta(days=1)
