"""Up to when everything that was committed is certainly in the archive, whatever happens to the machine afterwards."""

from datetime import datetime, timedelta

import psycopg

from config.keeping.archive import refuse_stranger
from config.keeping.bases import refuse_without_archive, wait_for
from config.keeping.place import Place
from config.keeping.wal import SEGMENT_BYTES, Segment, bytes_of

MARGIN = timedelta(seconds=1)  # a commit takes its time a moment before it reaches the log


def push_log(place: Place, url: str) -> datetime:
    """Close the segment in use and wait until it is kept; answers and notes up to when the archive is complete.

    Raises KeepingError when the archive does not come after.
    """
    with psycopg.connect(url, autocommit=True) as line:
        refuse_stranger(place, refuse_without_archive(line))
        row = line.execute(
            "SELECT system_identifier::text, at, left(pg_walfile_name(lsn), 8), lsn::text"
            " FROM clock_timestamp() AS at, pg_control_system(), pg_switch_wal() AS lsn"
        ).fetchone()
    assert row
    system, at, timeline, end = row
    last = Segment(int(timeline, 16), (bytes_of(end) - 1) // SEGMENT_BYTES)  # nothing new: the segment before
    wait_for(place, system, last)
    reached: datetime = at - MARGIN
    record = {"complete_to": reached.isoformat(), "segment": last.name}
    place.put_record(_name(system), record, replace=True)
    return reached


def complete_to(place: Place, system: str) -> datetime | None:
    """What `push_log` noted last."""
    name = _name(system)
    return datetime.fromisoformat(place.record(name)["complete_to"]) if place.has(name) else None


def _name(system: str) -> str:
    return f"heads/{system}-complete"
