"""Up to when everything that was committed is certainly in the archive, whatever happens to the machine afterwards."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

import psycopg

from config.keeping.archive import refuse_stranger
from config.keeping.bases import refuse_without_archive, wait_for
from config.keeping.place import Place
from config.keeping.wal import SEGMENT_BYTES, Segment, bytes_of

MARGIN = timedelta(seconds=1)  # a commit takes its time a moment before it reaches the log


@dataclass(frozen=True)
class Reached:
    """The moment up to which every commit is in the archive, and the segment that holds the last of them."""

    system: str
    at: datetime
    segment: Segment


def push_log(place: Place, url: str) -> Reached:
    """Close the segment in use and wait until it is kept; raises KeepingError when the archive does not come after."""
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
    return Reached(system, at - MARGIN, last)


def push_log_past(place: Place, url: str, moment: datetime) -> Reached:
    """Until what was reached lies behind a moment, as the end of a base: a margin later at most."""
    while (reached := push_log(place, url)).at <= moment:
        time.sleep(MARGIN.total_seconds() / 4)
    return reached


def note_complete(place: Place, reached: Reached) -> None:
    """Called when the files were swept after the log: now nothing up to that moment is missing."""
    record = {"complete_to": reached.at.isoformat(), "segment": reached.segment.name}
    place.put_record(_name(reached.system), record, replace=True)


def complete_to(place: Place, system: str) -> datetime | None:
    """Up to when log, documents and keys are all kept, as was noted last."""
    name = _name(system)
    return datetime.fromisoformat(place.record(name)["complete_to"]) if place.has(name) else None


def _name(system: str) -> str:
    return f"heads/{system}-complete"
