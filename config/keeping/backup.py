"""One whole backup: files, then a base, then the log up to now, then what is no longer needed goes."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from config.keeping.bases import Base, refuse_unkept, take_base
from config.keeping.files import Listing, Roots, sweep
from config.keeping.place import Place, place_of
from config.keeping.retention import prune
from config.keeping.sealing import KeepingError
from config.keeping.watch import note_complete, push_log_past


@dataclass(frozen=True)
class Source:
    """What is backed up: a database reached by a role that may replicate, and files."""

    url: str
    roots: Roots


@dataclass(frozen=True)
class Done:
    """What a backup made; all up to `complete_to` can be restored though the machine be lost now."""

    base: Base
    files: Listing
    complete_to: datetime
    forgotten: list[str]


def place_in_use() -> Place:
    """The place that the settings name; raises KeepingError when they name none, or no key for it."""
    if not settings.BACKUP_DIR:
        raise KeepingError("BACKUP_DIR is not set: name the directory of backups, and BACKUP_KEY_FILE its key.")
    if settings.BACKUP_KEY_FILE in ("", "."):
        raise KeepingError("BACKUP_KEY_FILE is not set: name the file with the key of backups.")
    return place_of(Path(settings.BACKUP_DIR), Path(settings.BACKUP_KEY_FILE))


def source_in_use() -> Source:
    roots = Roots(Path(settings.MEDIA_ROOT), Path(settings.KEYS_DIR), settings.SECRET_KEY)
    return Source(settings.BACKUP_DATABASE_URL, roots)


def back_up(place: Place, source: Source, *, at: datetime, limit: float) -> Done:
    """Take a backup within `limit` seconds; raises KeepingError and leaves every earlier backup as it was.

    The files are swept again behind the log, so that no row up to `complete_to` points to a document that is not kept.
    """
    with place.alone():
        refuse_unkept(place, source.url)
        whole = sweep(place, source.roots, at=at, full=True)
        base = take_base(place, source.url, at=at, files_seq=whole.seq, limit=limit)
        reached = push_log_past(place, source.url, base.finished_at)
        latest = sweep(place, source.roots, at=at, known=whole)
        note_complete(place, reached)
        latest.added, latest.changed = whole.added + latest.added, whole.changed + latest.changed
        return Done(base, latest, reached.at, prune(place, at=at))
