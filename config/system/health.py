"""All findings together, in the order of the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from django.db import DatabaseError
from django.utils.translation import gettext as _

from config.system import backups, machine, work
from config.system.findings import Finding, State

Check = Callable[[datetime], Iterator[Finding]]
CHECKS: tuple[Check, ...] = (
    backups.backups,
    machine.disks,
    machine.queue,
    work.messages,
    work.jobs,
    work.roots,
    work.second_place,
    work.calendar,
    work.certificates,
    machine.tables,
    machine.tls,
)


def health_of(*, at: datetime) -> list[Finding]:
    """Every finding, in the reader's language; a check that cannot be made is a finding itself."""
    return [finding for check in CHECKS for finding in _made(check, at)]


def _made(check: Check, at: datetime) -> list[Finding]:
    try:
        return list(check(at))
    except (DatabaseError, OSError) as error:
        words = _("This cannot be told now (%(kind)s).") % {"kind": type(error).__name__}
        return [Finding(check.__name__, State.BAD, words, remedy=_("See the web server's log."))]
