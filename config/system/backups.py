"""Backups as the keeper left them: the last good base, how far the log reaches, and the last drill."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from bureau.desk.refusal import Words
from config.keeping.status import Outcome, outcomes
from config.system.findings import Finding, State, age_of, by_age

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def backups(at: datetime) -> Iterator[Finding]:
    """Three findings, or one where none are kept."""
    if not settings.BACKUP_DIR:
        yield Finding(
            _("Backup"),
            State.BAD,
            _("No backups are kept: what is lost with this machine is lost."),
            remedy=_("Set BACKUP_DIR and BACKUP_KEY_FILE and start the keeper; see the chapter on backups."),
        )
        return
    try:
        known = outcomes(Path(settings.BACKUP_DIR))
    except (OSError, ValueError) as error:
        yield Finding(
            _("Backup"),
            State.BAD,
            _("What the keeper noted cannot be read (%(kind)s).") % {"kind": type(error).__name__},
            remedy=_("See whether the disk of the backups is mounted and the keeper runs."),
        )
        return
    yield base(known["base"], at)
    yield log(known["log"], at)
    yield drill(known["drill"], at)


def base(outcome: Outcome, at: datetime) -> Finding:
    remedy = _("Run “manage.py backup” and do what it says; the keeper takes one each night at 02:30.")
    if outcome.good_at is None:
        return Finding(_("Backup"), State.BAD, with_error(_("There is no good backup yet."), outcome), remedy=remedy)
    state = by_age(at - outcome.good_at, watch=26 * HOUR, bad=2 * DAY)
    words = _("The last good backup, read back whole, is %(age)s old.") % {"age": age_of(outcome.good_at, at)}
    return told(_("Backup"), state, words, outcome, remedy)


def log(outcome: Outcome, at: datetime) -> Finding:
    remedy = _("See the logs of the keeper and of PostgreSQL: the archive of the log stands still, and its disk fills.")
    label = _("Archive of changes")
    if outcome.good_at is None:
        return Finding(label, State.BAD, with_error(_("No change has been archived yet."), outcome), remedy=remedy)
    state = by_age(at - outcome.good_at, watch=5 * timedelta(minutes=1), bad=HOUR)
    words = _("Everything up to %(age)s ago can be restored though this machine be lost.")
    return told(label, state, words % {"age": age_of(outcome.good_at, at)}, outcome, remedy)


def drill(outcome: Outcome, at: datetime) -> Finding:
    remedy = _("Restore into an empty directory with “manage.py restore” and see what it refuses.")
    label = _("Restore drill")
    if outcome.good_at is None:
        state = State.BAD if outcome.error else State.WATCH
        words = _("No backup has been restored for a trial yet.")
        return Finding(label, state, with_error(words, outcome), outcome.tried_at, remedy)
    state = by_age(at - outcome.good_at, watch=9 * DAY, bad=31 * DAY)
    words = _("A backup was last restored and proved %(age)s ago.") % {"age": age_of(outcome.good_at, at)}
    return told(label, state, words, outcome, remedy)


def told(label: Words, state: State, words: str, outcome: Outcome, remedy: str) -> Finding:
    """A success that is young enough needs no remedy; a try that failed since is watched and told."""
    if outcome.error and state is State.WELL:
        state = State.WATCH
    return Finding(label, state, with_error(words, outcome), outcome.good_at, "" if state is State.WELL else remedy)


def with_error(words: str, outcome: Outcome) -> str:
    if not outcome.error:
        return words
    return _("%(words)s The last try failed: %(error)s") % {"words": words, "error": outcome.error}
