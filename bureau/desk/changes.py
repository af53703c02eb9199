"""Every created and moved row in the order of its recording, without gaps: what a follower reads.

Lines get their number before their transaction commits, so a lower number may appear after a higher one. A line
is told only when every transaction that could still bring a lower number is over; housekeeping of the database
(autovacuum) writes no lines and is not waited for.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import takewhile

from django.conf import settings
from django.db import connection

from bureau.desk.models.entry import Entry

KEPT_FOR = timedelta(days=366)
HORIZON = """
SELECT LEAST(clock_timestamp() - %s::interval, (
    SELECT min(xact_start) FROM pg_stat_activity
    WHERE datid = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND backend_type = 'client backend' AND backend_xid IS NOT NULL AND pid <> pg_backend_pid()))
"""


def horizon() -> datetime:
    """Lines recorded before this instant have no lower line to come. Ask it before the lines are read."""
    settled = timedelta(seconds=getattr(settings, "CHANGES_SETTLE_SECONDS", 1))
    with connection.cursor() as cursor:
        cursor.execute(HORIZON, [f"{settled.total_seconds()} seconds"])
        found: datetime = cursor.fetchone()[0]
    return found


def settled_lines(lines: Iterable[Entry], until: datetime) -> list[Entry]:
    """The lines, ordered by number, up to the first that is not settled."""
    return list(takewhile(lambda line: line.recorded_at < until, lines))
