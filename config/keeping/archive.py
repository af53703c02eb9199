"""PostgreSQL's archive_command: `python -m config.keeping.archive PATH`, run in the database's directory.

Exit status 0 says that the file is sealed and on the disk; anything else makes PostgreSQL keep it and try again.
It starts no Django: it runs for each 16 MiB of log.
"""

import os
import struct
import sys
from datetime import UTC, datetime
from pathlib import Path

from config.keeping.place import Place, Taken, chunks_of, place_of, same_content
from config.keeping.sealing import KeepingError, SealBroken
from config.keeping.wal import ARCHIVED, SEGMENT, Segment


def keep_log(place: Place, path: Path, *, system: str, at: datetime) -> None:
    """Keep one file of the log and note the newest; raises KeepingError when another content has its name."""
    if not ARCHIVED.fullmatch(path.name):
        raise KeepingError(f"{path.name} is no file of the write-ahead log.")
    refuse_stranger(place, system)
    if SEGMENT.fullmatch(path.name):
        _keep_history(place, path, system)
    _keep(place, path, system)
    if SEGMENT.fullmatch(path.name):
        _note_newest(place, system, Segment.named(path.name), at)


def _keep(place: Place, path: Path, system: str) -> None:
    name = f"wal/{system}/{path.name}"
    try:
        place.put(name, chunks_of(path), packed=True)
    except Taken as taken:  # kept before a crash that PostgreSQL did not survive to note it
        if not same_content(place, name, path):
            raise KeepingError(f"{name} is kept already with another content; it was not overwritten.") from taken


def _keep_history(place: Place, path: Path, system: str) -> None:
    """A restore begins its timeline while nothing is archived, so its history has to come with its first segment."""
    history = path.with_name(f"{path.name[:8]}.history")
    if history.exists() and not place.has(f"wal/{system}/{history.name}"):
        _keep(place, history, system)


def refuse_stranger(place: Place, system: str) -> None:
    """A place keeps one cluster: two would overwrite each other's keys and make "the latest" mean either."""
    for name in place.names("heads"):
        other = name.rpartition("/")[2]
        if other.isdecimal() and other != system:
            raise KeepingError(
                f"{place.root} keeps the backups of another database (system {other}); name another BACKUP_DIR for "
                f"this one (system {system}), or restore that one."
            )


def newest_of(place: Place, system: str) -> Segment | None:
    """What the head record calls the newest segment; raises SealBroken for a changed record."""
    name = head_of(system)
    return Segment.named(place.record(name)["segment"]) if place.has(name) else None


def head_of(system: str) -> str:
    return f"heads/{system}"


def _note_newest(place: Place, system: str, segment: Segment, at: datetime) -> None:
    try:
        known = newest_of(place, system)
    except SealBroken as error:  # a new record says again what can be known; the reader of logs learns of the old one
        sys.stderr.write(f"archive: {error}\n")
        known = None
    if known is None or known < segment:
        record = {"segment": segment.name, "written_at": at.isoformat()}
        place.put_record(head_of(system), record, replace=True)


def system_of(data: Path) -> str:
    """The cluster's own number, which tells it from every other: the first eight bytes of pg_control."""
    return str(struct.unpack("=Q", (data / "global" / "pg_control").read_bytes()[:8])[0])


def written_at(path: Path) -> datetime:
    """When PostgreSQL wrote the file last."""
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit("usage: python -m config.keeping.archive PATH")
    try:
        place = place_of(Path(os.environ["BACKUP_DIR"]), Path(os.environ["BACKUP_KEY_FILE"]))
        path = Path(sys.argv[1])
        keep_log(place, path, system=system_of(Path()), at=written_at(path))
    except (KeepingError, OSError, KeyError) as error:
        sys.exit(f"archive: {error}")


if __name__ == "__main__":
    main()
