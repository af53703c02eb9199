"""Refused requests are kept although the work rolled back (security.md section 4, I12).

They are written after the request's transaction has ended, in one of their own, each chained to the account's line
before. An account keeps so many a minute and then one line that says there were more, so nobody fills the disk.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID
from zlib import crc32

from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from bureau.desk import figures, signing
from bureau.desk.models.denial import Denial
from bureau.proofs.lines import DENIAL, Line

logger = logging.getLogger(__name__)
MORE: Final = "more_not_kept"
MINUTE: Final = timedelta(minutes=1)
TRIES: Final = 3
LOCK: Final = 0xDE41A1
figures.declare(bureau_denials_a_minute="30")
figures.describe(bureau_denials_a_minute=_("Refused requests kept of one account in a minute"))


@dataclass(frozen=True)
class Denied:
    """A refused request; `route` is the pattern of the address, never the address itself."""

    account_id: UUID | None
    status: int
    code: str
    method: str
    route: str
    via: str
    trace: str
    subject: UUID | None = None


def keep_denial(denied: Denied, *, at: datetime) -> None:
    """Keep it, on a new connection where the old one is lost; where the database does not answer, in the log."""
    for _try in range(TRIES):
        try:
            write_denial(denied, at=at)
            return
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block:
                break
            connection.close()
        except DatabaseError:
            logger.exception("Refused request not kept")
            break
    logger.error("Refused request not kept: %s", denied)


@transaction.atomic
def write_denial(denied: Denied, *, at: datetime) -> Denial | None:
    """One line on the account's chain of refusals; None where it had its number for this minute."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, lock_of(denied.account_id)])
    mine = Denial.objects.filter(account=denied.account_id)
    last = mine.order_by("-seq").first()
    code = code_within(int(figures.figure("bureau_denials_a_minute", figures.local_day(at))), mine, denied.code, at)
    if not code:
        return None
    row = Denial(
        account_id=denied.account_id, status=denied.status, code=code[:60], method=denied.method[:8],
        route=denied.route[:200], subject=denied.subject, via=denied.via, trace=denied.trace,
        seq=last.seq + 1 if last else 1, at=max(at, last.at) if last else at,
        previous_hash=last.hash if last else "",
    )  # fmt: skip
    row.hash = denial_line(row).digest()
    row.save(force_insert=True)
    return row


def lock_of(account: UUID | None) -> int:
    return crc32(str(account or "").encode()) >> 1


def code_within(most: int, mine: QuerySet[Denial], code: str, at: datetime) -> str:
    kept = mine.filter(at__gt=at - MINUTE).count()
    if kept < most:
        return code
    return MORE if kept == most else ""


def chain_of_account(account: UUID | str | None) -> str:
    return f"{DENIAL}/{account or 'nobody'}"


def denial_line(row: Denial) -> Line:
    """The refused request as outsiders hold and hash it."""
    facts = {"status": row.status, "subject": str(row.subject or ""), "trace": row.trace}
    at = row.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
    content = (row.code, row.method, row.route, str(row.account_id or ""), "", row.via, at, "", facts)
    recorded_at = signing.written(row.recorded_at) if row.pk else ""
    rest = (row.pk, recorded_at, "", "")
    return Line(chain_of_account(row.account_id), row.seq, row.previous_hash, row.hash, content, rest)
