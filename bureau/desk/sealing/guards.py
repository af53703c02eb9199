"""The triggers that keep the trail append-only: whether the database still has them, switched on and unchanged."""

from __future__ import annotations

from collections.abc import Iterator

import pgtrigger
from django.db import connection, models

from bureau.desk.models.denial import Denial
from bureau.desk.models.document import Document
from bureau.desk.models.entry import Entry
from bureau.desk.models.imprint import Imprint
from bureau.desk.models.root import TrailRoot

GUARDED: list[type[models.Model]] = [Entry, Denial, Document, Imprint, TrailRoot]
STATES = """
    SELECT t.tgname, t.tgenabled::text, p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE t.tgname = ANY(%s)
"""


def guards_expected() -> Iterator[tuple[str, str, str]]:
    """Name for people, name in the database, and the body of each guard."""
    for model in GUARDED:
        for trigger in model._meta.triggers:  # type: ignore[attr-defined]
            yield f"{model._meta.db_table}.{trigger.name}", trigger.get_pgid(model), body_of(trigger, model)


def body_of(trigger: pgtrigger.Trigger, model: type[models.Model]) -> str:
    compiled = trigger.compile(model)  # type: ignore[arg-type]  # it means the class
    return str(compiled.install_sql).split("RETURNS TRIGGER AS $$", 1)[1].split("$$", 1)[0]


def guard_states() -> dict[str, str]:
    """`on`, `off`, `absent` or `changed` for each guard. One query."""
    expected = list(guards_expected())
    with connection.cursor() as cursor:
        cursor.execute(STATES, [[pgid for _, pgid, _ in expected]])
        found = {name: (enabled, body) for name, enabled, body in cursor.fetchall()}
    return {name: state_of(found.get(pgid), body) for name, pgid, body in expected}


def state_of(found: tuple[str, str] | None, body: str) -> str:
    if found is None:
        return "absent"
    enabled, present = found
    if enabled not in ("O", "A"):  # on for ordinary sessions, or always; the others are off or for replicas only
        return "off"
    return "on" if present.split() == body.split() else "changed"


def guards_not_on() -> dict[str, str]:
    return {name: state for name, state in guard_states().items() if state != "on"}
