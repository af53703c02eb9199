"""Points at which a process can be told to die: armed by a file, which the first process that comes by takes away.

The portal's code knows nothing of them. A point that no process ever comes by fails its test.
"""

from __future__ import annotations

import functools
import os
import signal
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.utils.module_loading import import_string

CONTROL = "FAULTS_CONTROL"  # names the directory in the environment
BEFORE, AFTER = "before", "after"
REPORT = {  # a report with its photo, from the first byte to the last
    "before the key is known": (BEFORE, "bureau.desk.api.keys.find_key"),
    "before BEGIN": (BEFORE, "bureau.desk.api.views.answer_once"),
    "key claimed": (AFTER, "bureau.desk.api.idempotency.claim"),
    "number drawn, nothing saved": (AFTER, "grid.actions.report.take_number"),
    "row inserted, no line": (BEFORE, "bureau.desk.workflow.write_entry"),
    "line written, answer not kept": (BEFORE, "bureau.desk.api.idempotency.keep"),
    "before COMMIT": (BEFORE, "django.db.backends.postgresql.base.DatabaseWrapper._commit"),
    "after COMMIT, before the answer": (AFTER, "django.db.backends.postgresql.base.DatabaseWrapper._commit"),
    "answer made, not sent": (AFTER, "django.core.handlers.wsgi.WSGIHandler.__call__"),
    "after the last byte": (AFTER, "django.http.response.HttpResponseBase.close"),
    "file flushed, no name": (BEFORE, "bureau.desk.storage.os.link"),
    "files named, no row": (AFTER, "bureau.desk.documents.stored"),
}
WORK = {  # what the beat knocks for
    "task received, no effect": (BEFORE, "oversight.ladder.climb"),
    "rungs inserted, no paper": (AFTER, "oversight.ladder.newly_inserted"),
    "papers numbered, no line": (BEFORE, "oversight.ladder.write_entries"),
    "told, next rung not stored": (BEFORE, "oversight.ladder.store_rungs"),
    "ladder before COMMIT": (BEFORE, "django.db.backends.postgresql.base.DatabaseWrapper._commit"),
    "effect committed, no ack": (AFTER, "oversight.ladder.climb"),
}

OUTBOX = {  # a message from its order to its mark
    "before its deliveries stand": (BEFORE, "bureau.desk.outbox.spreading.spread"),
    "spread, not marked": (BEFORE, "bureau.desk.models.notice.Notice.save"),
    "leased, not sent": (AFTER, "bureau.desk.outbox.relay.claim"),
    "sent, not marked": (BEFORE, "bureau.desk.outbox.relay.settle"),
    "marked, not acknowledged": (AFTER, "bureau.desk.outbox.relay.settle"),
}

REFUSAL = {
    "refused, not kept": (BEFORE, "bureau.views.denials.keep_denial"),
    "kept, not told": (AFTER, "bureau.views.denials.keep_denial"),
}


def arm_points(patch: pytest.MonkeyPatch) -> None:
    if CONTROL not in os.environ:
        return
    control = Path(os.environ[CONTROL])
    for name, (place, target) in {**REPORT, **WORK, **OUTBOX, **REFUSAL}.items():
        owner, _, attribute = target.rpartition(".")
        original = getattr(found(owner), attribute)
        patch.setattr(found(owner), attribute, armed(control, name, place, original))


def found(owner: str) -> Any:
    """A module, or a class in one."""
    try:
        return import_module(owner)  # first: a package may name a function as it names the module
    except ModuleNotFoundError:
        return import_string(owner)


def armed(control: Path, name: str, place: str, original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def with_point(*args: Any, **said: Any) -> Any:
        if place == BEFORE:
            come_by(control, name)
        answer = original(*args, **said)
        if place == AFTER:
            come_by(control, name)
        return answer

    return with_point


def come_by(control: Path, name: str) -> None:
    """Die or stand still here when this point is armed; of several that come by, one."""
    weapon = control / "armed"
    try:
        point, _, how = weapon.read_text().partition("\n")
        if point != name:
            return
        weapon.rename(control / f"struck by {os.getpid()}")
    except FileNotFoundError:
        return
    os.kill(os.getpid(), signal.Signals[how])
