"""Two clocks that may disagree: this machine's and the database's."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

from django.db import connection

MOST_SKEW: Final = timedelta(seconds=2)
logger = logging.getLogger(__name__)


def database_time() -> datetime:
    """The database's wall clock at this moment."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: datetime = cursor.fetchone()[0]
    return found


def agreed(at: datetime) -> datetime:
    """The instant by which work of its own accord goes: the earlier of this machine's `at` and the database's time.

    A clock that runs ahead can then turn nothing red before its time; one that is behind makes it late, which each
    paper says. A difference of more than two seconds is logged as an error (security.md I06).
    """
    theirs = database_time()
    if abs(at - theirs) > MOST_SKEW:
        logger.error("this machine's clock and the database's differ by %.0f s", (at - theirs).total_seconds())
    return min(at, theirs)
