"""From the backup's place to an empty directory: the database at a moment, its documents, its keys, and the proof."""

import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from config.keeping import recovery, wal
from config.keeping.archive import newest_of
from config.keeping.bases import Base, bases_of, opened, systems_of
from config.keeping.files import Kept, last_listing, restore_files
from config.keeping.place import Place
from config.keeping.programs import binaries
from config.keeping.sealing import KeepingError
from config.keeping.wal import SEGMENT, Segment
from config.keeping.watch import complete_to
from config.launcher.places import ROOT, Places

SETTLING = timedelta(seconds=60)  # by which clocks of machines may differ; a document too many does no harm
LIMIT = 3600.0  # seconds for the recovery


@dataclass(frozen=True)
class Hole:
    """Where the kept log breaks off before its end, and why."""

    segment: Segment
    reason: str


@dataclass(frozen=True)
class Plan:
    """What a restore takes from the place. `moment` is None for the end of the log."""

    base: Base
    moment: datetime | None
    end: Segment
    hole: Hole | None


@dataclass(frozen=True)
class Wishes:
    """Where to, and with what: the key's file and the address of the source tell the restored server its own."""

    to: Path
    key_file: Path
    source_url: str
    check: bool = True
    strict: bool = True  # False: what the proof names is said, and what was restored is kept all the same


Say = Callable[[str], None]


def restore(place: Place, wishes: Wishes, *, moment: datetime | None, say: Say) -> Plan:
    """Restore into an empty directory, which becomes a PORTAL_VAR; raises KeepingError and leaves it empty again."""
    _refuse_what_is_there(wishes.to)
    plan = plan_of(place, moment)
    say(f"base of {plan.base.finished_at:%Y-%m-%d %H:%M:%S %Z}, log to {plan.end.name}")
    places = Places(wishes.to.resolve())
    try:
        places.make()
        _unpack(place, plan.base, places)
        say("base unsealed, and as PostgreSQL's manifest says")
        _restore_files(place, plan, places, say)
        _recover(place, plan, places, wishes, say)
    except BaseException:
        _empty(wishes.to)
        raise
    return plan


def latest(place: Place) -> datetime:
    """The last moment of which log, documents and keys are all kept; raises KeepingError where none was noted."""
    noted = [moment for system in systems_of(place) if (moment := complete_to(place, system))]
    if not noted:
        raise KeepingError(f"There is no whole backup in {place.root}.")
    return max(noted)


def plan_of(place: Place, moment: datetime | None) -> Plan:
    """The newest base before the moment and the log after it, opened to its end; raises KeepingError."""
    bases = [base for system in systems_of(place) for base in bases_of(place, system)]
    if not bases:
        raise KeepingError(f"There is no whole base backup in {place.root}.")
    fitting = [base for base in bases if moment is None or base.finished_at <= moment]
    if not fitting:
        first = min(base.finished_at for base in bases)
        raise KeepingError(f"The first moment that can be restored is {first.isoformat()}.")
    base = max(fitting, key=lambda one: one.finished_at)
    end = _end_of(place, base)
    hole = _first_hole(place, base, end)
    if hole and moment is None:
        raise KeepingError(f"The log has a gap: {hole.reason} Restore to a moment before it with --at.")
    return Plan(base, moment, end, hole)


def _end_of(place: Place, base: Base) -> Segment:
    """The newest segment that is kept or that the head record knows of."""
    kept = [Segment.named(name) for name in _logs(place, base.system) if SEGMENT.fullmatch(name)]
    newest = newest_of(place, base.system)
    if newest is None:
        raise KeepingError(f"heads/{base.system} is missing from {place.root}: nobody can say where the log ends.")
    return max([*kept, newest])


def _logs(place: Place, system: str) -> list[str]:
    return [name.rpartition("/")[2] for name in place.names(f"wal/{system}")]


def _first_hole(place: Place, base: Base, end: Segment) -> Hole | None:
    """The first segment on the way to the end that is missing or does not open."""
    for segment in wal.path(base.first, end, _switches(place, base, end)):
        name = f"wal/{base.system}/{segment.name}"
        try:
            for _chunk in place.read(name):
                pass
        except KeepingError as error:
            return Hole(segment, str(error))
    return None


def _switches(place: Place, base: Base, end: Segment) -> dict[int, int]:
    if end.timeline == 1:
        return {}
    history = b"".join(place.read(f"wal/{base.system}/{end.timeline:08X}.history"))
    return wal.switches_of(history.decode())


def _unpack(place: Place, base: Base, places: Places) -> None:
    """The base as files, compared with PostgreSQL's manifest by PostgreSQL's own program."""
    data = places.database_files
    data.mkdir(mode=0o700)
    with opened(place, base.tar) as members:
        members.extractall(data, filter=_as_ours)
    data.chmod(0o700)
    words = subprocess.run(
        [binaries() / "pg_verifybackup", "--no-parse-wal", "--quiet", data], capture_output=True, text=True, check=False
    )
    if words.returncode != 0:
        raise KeepingError(f"{base.tar}: pg_verifybackup refuses it:\n{words.stderr.strip()[-600:]}")


def _as_ours(member: tarfile.TarInfo, folder: str) -> tarfile.TarInfo:
    """Below the folder only, and owned by whoever restores: the former machine's accounts say nothing here."""
    safe = tarfile.tar_filter(member, folder)
    return safe.replace(uid=None, gid=None, uname=None, gname=None, deep=False)  # type: ignore[arg-type]


def _restore_files(place: Place, plan: Plan, places: Places, say: Say) -> None:
    listing = last_listing(place, since=plan.base.files_seq)
    wanted = [kept for kept in listing.documents.values() if _there_at(kept, plan.moment)]
    count = restore_files(place, wanted, places.var / "media")
    keys = restore_files(place, [kept for kept in listing.keys if kept.root == "keys"], places.var / "keys")
    restore_files(place, [kept for kept in listing.keys if kept.root == "secret"], places.var)
    say(f"{count} documents and {keys} files of keys, each as its hash says")


def _there_at(kept: Kept, moment: datetime | None) -> bool:
    return moment is None or kept.changed_ns <= (moment + SETTLING).timestamp() * 1e9


def _recover(place: Place, plan: Plan, places: Places, wishes: Wishes, say: Say) -> None:
    server = recovery.Server(places, plan.base.system, place.root, wishes.key_file, wishes.source_url)
    try:
        _recover_to(server, plan.moment, wishes, say)
    except recovery.LogTooShort as error:
        reached = complete_to(place, plan.base.system)
        if plan.hole:
            raise KeepingError(f"The log has a gap before that moment: {plan.hole.reason}") from error
        if plan.moment and (reached is None or reached < plan.moment):
            known = f"everything up to {reached.isoformat()} is kept for certain" if reached else "--latest restores it"
            raise KeepingError(f"The kept log ends before that moment; {known}.") from error
        _recover_to(server, None, wishes, say)  # nothing was written between the log's end and the moment


def _recover_to(server: recovery.Server, moment: datetime | None, wishes: Wishes, say: Say) -> None:
    with recovery.recovered(server, target=moment, limit=LIMIT):
        say("log replayed" + (f" to {moment.isoformat()}" if moment else " to its end"))
        if wishes.check:
            _check(server, wishes, say)


def _check(server: recovery.Server, wishes: Wishes, say: Say) -> None:
    """The portal's own proof, in a process of its own that knows nothing but what was restored."""
    var = server.places.var
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_FILE")}
    environment |= {
        "PORTAL_ENV": "demo", "PORTAL_VAR": str(var), "PORTAL_WITHOUT_POOL": "1", "DATABASE_URL": server.url,
        "REDIS_URL": f"unix://{server.places.queue_socket}?db=0", "STORAGE_URL": f"file://{var / 'media'}",
        "KEYS_DIR": str(var / "keys"), "BACKUP_DIR": "off", "DJANGO_SETTINGS_MODULE": "config.settings",
    }  # fmt: skip
    environment.pop("SECRET_KEY", None)
    command = [sys.executable, str(ROOT / "manage.py"), "check_restored"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=ROOT)
    for line in done.stdout.splitlines():
        say(line)
    if done.returncode != 0 and wishes.strict:
        raise KeepingError(
            "What was restored does not hold: " + (done.stdout + done.stderr).strip()[-900:] + "\nRows younger than "
            "the last round of the keeper may point to files that were not kept: --latest stops before them, and "
            "--end-of-log keeps them."
        )


def _refuse_what_is_there(folder: Path) -> None:
    if folder.resolve() == Places.from_environment().var:
        raise KeepingError(f"{folder} is the PORTAL_VAR of this very command; restore into a directory beside it.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise KeepingError(f"{folder} is not empty; name a directory that is, or that is not there yet.")


def _empty(folder: Path) -> None:
    for entry in folder.glob("*"):
        shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
