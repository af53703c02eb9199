"""What fails around the portal, told from what was raised: a database that is away or read-only, a full disk."""

from __future__ import annotations

import errno
from typing import Final

from django.db import InterfaceError, InternalError, OperationalError

UNAVAILABLE: Final = 503
NO_ROOM: Final = 507
RETRY_AFTER: Final = {UNAVAILABLE: "5", NO_ROOM: "300"}  # seconds
FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
DISK_FULL: Final = "53100"  # of the database's own disk
READ_ONLY: Final = "25006"  # a standby, or a primary that was switched to reading


def outage_of(error: BaseException) -> int | None:
    """503 while the database is away or only read, 507 when a disk is full; None for what is our own fault.

    Nothing was half done in either case: the transaction was rolled back, and a file without a row is swept.
    """
    state = getattr(error.__cause__, "sqlstate", "")
    if state == DISK_FULL or (isinstance(error, OSError) and error.errno in FULL):
        return NO_ROOM
    if isinstance(error, (OperationalError, InterfaceError)):
        return UNAVAILABLE
    return UNAVAILABLE if isinstance(error, InternalError) and state == READ_ONLY else None
