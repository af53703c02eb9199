"""The machine and its processes: disks, queue, worker and beat, tables, the portal's own TLS certificate."""

from __future__ import annotations

import shutil
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import redis
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.launcher.places import Places
from config.system.findings import Finding, State, age_of, by_age
from config.system.heart import last_beat

GIB = 1 << 30
PATIENCE = 3.0  # seconds for the TLS handshake


def disks(at: datetime) -> Iterator[Finding]:
    """One finding a disk, whatever lies on it."""
    found: dict[int, tuple[Path, list[str]]] = {}
    for name, folder in folders():
        path = next(one for one in (folder, *folder.parents) if one.exists())
        found.setdefault(path.stat().st_dev, (path, []))[1].append(name)
    for path, names in found.values():
        yield disk(path, names)


def folders() -> list[tuple[str, Path]]:
    """The database's own disk where its engine is embedded; of another machine's PostgreSQL nobody knows it here."""
    own = Places.from_environment().database_files
    named = [(_("documents"), Path(settings.MEDIA_ROOT)), *([(_("database"), own)] if own.exists() else [])]
    return named + ([(_("backups"), Path(settings.BACKUP_DIR))] if settings.BACKUP_DIR else [])


def disk(path: Path, names: list[str]) -> Finding:
    usage = shutil.disk_usage(path)
    share = usage.free / usage.total
    state = State.BAD if share < 0.05 or usage.free < GIB else State.WATCH if share < 0.15 else State.WELL
    both = _("backups") in names and len(names) > 1
    words = _("%(free)d GB of %(total)d GB are free (%(what)s).") % {
        "free": usage.free // GIB,
        "total": usage.total // GIB,
        "what": _(", ").join(names),
    }
    remedy = "" if state is State.WELL else _("Make room or enlarge the disk: a full one refuses documents, then all.")
    if both:
        state = State.WATCH if state is State.WELL else state
        words = _("%(words)s Backups lie on the same disk as what they keep.") % {"words": words}
        remedy = remedy or _("Let BACKUP_DIR be on another machine or disk.")
    return Finding(_("Disk"), state, words, remedy=remedy)


def queue(at: datetime) -> Iterator[Finding]:
    """The queue, and through it whether beat knocks and a worker hears."""
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2) as line:
            waiting, beat = int(line.llen("celery")), last_beat(line)
    except redis.RedisError as error:
        words = _("The queue does not answer (%(kind)s): background work waits, nothing is lost.")
        remedy = _("Start Valkey again; what is due stands in the database and is found again.")
        yield Finding(_("Queue"), State.BAD, words % {"kind": type(error).__name__}, remedy=remedy)
        return
    words = ngettext("%(n)d task waits in the queue.", "%(n)d tasks wait in the queue.", waiting) % {"n": waiting}
    remedy = _("See whether a worker runs, or add one.")
    state = State.WATCH if waiting > 100 else State.WELL
    yield Finding(_("Queue"), state, words, remedy="" if state is State.WELL else remedy)
    yield worker(beat, at)


def worker(beat: datetime | None, at: datetime) -> Finding:
    remedy = _("Start worker and beat, and read the end of their logs.")
    if beat is None:
        return Finding(_("Worker and beat"), State.BAD, _("No sign of life yet."), remedy=remedy)
    state = by_age(at - beat, watch=timedelta(seconds=90), bad=timedelta(minutes=3))
    words = _("The last sign of life came %(age)s ago.") % {"age": age_of(beat, at)}
    if state is State.WELL:
        return Finding(_("Worker and beat"), state, _("Beat knocks and a worker answers."), beat)
    return Finding(_("Worker and beat"), state, words, beat, remedy)


def tables(at: datetime) -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    open_ones = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if open_ones:
        words = ngettext("%(n)d migration is not applied.", "%(n)d migrations are not applied.", open_ones)
        yield Finding(_("Tables"), State.BAD, words % {"n": open_ones}, remedy=_("Run “manage.py migrate”."))
    else:
        yield Finding(_("Tables"), State.WELL, _("The tables are as this edition of the portal wants them."))


def tls(at: datetime) -> Iterator[Finding]:
    """The certificate that browsers see at PUBLIC_URL; nothing for a portal without TLS."""
    parts = urlsplit(settings.PUBLIC_URL)
    if parts.scheme != "https" or not parts.hostname:
        return
    label, remedy = _("Certificate of the address"), _("Renew the certificate at the TLS proxy and reload it.")
    try:
        ends = end_of_certificate(parts.hostname, parts.port or 443)
    except ssl.SSLError:
        yield Finding(label, State.BAD, _("Browsers do not believe the certificate, or it has ended."), remedy=remedy)
    except OSError as error:
        words = _("The address cannot be reached from here (%(kind)s).") % {"kind": type(error).__name__}
        yield Finding(label, State.WATCH, words, remedy=_("Look at the address from outside."))
    else:
        state = by_age(at - ends, watch=-timedelta(days=21), bad=-timedelta(days=7))
        words = _("It is valid until %(day)s.") % {"day": f"{ends:%Y-%m-%d}"}
        yield Finding(label, state, words, remedy="" if state is State.WELL else remedy)


def end_of_certificate(host: str, port: int) -> datetime:
    """When the certificate shown at an address ends; raises OSError, of which ssl.SSLError for one not believed."""
    with (
        socket.create_connection((host, port), timeout=PATIENCE) as line,
        ssl.create_default_context().wrap_socket(line, server_hostname=host) as secure,
    ):
        shown = secure.getpeercert() or {}
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(shown["notAfter"])), UTC)
