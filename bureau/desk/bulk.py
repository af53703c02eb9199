"""Many rows of one table in one statement, for what writes thousands at a time and must not be late for that."""

from __future__ import annotations

import contextlib
import gc
import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection, models

INSERT = """
    INSERT INTO {table} ({columns}) SELECT {columns} FROM json_populate_recordset(NULL::{table}, %s::json)
    {conflict} RETURNING {key}
"""


def insert_rows(rows: Sequence[models.Model], *, unless_there: bool = False) -> set[Any]:
    """Insert unsaved rows of one model, by the values they hold, and answer the keys of those inserted.

    `unless_there` leaves out a row that a unique constraint refuses; without it, it raises IntegrityError. Keys and
    defaults that the database gives are left to it. The rows travel as one JSON value: PostgreSQL reads that in a
    fraction of the time in which Django and the driver prepare each value by itself. A JSONField may not hold null.
    """
    if not rows:
        return set()
    meta = type(rows[0])._meta
    names = [(field.attname, str(field.column)) for field in meta.concrete_fields if not filled_by_the_database(field)]
    values = [{column: held[attname] for attname, column in names} for held in map(vars, rows)]
    quoted = connection.ops.quote_name
    sql = INSERT.format(
        table=quoted(meta.db_table),
        columns=", ".join(quoted(column) for _, column in names),
        conflict="ON CONFLICT DO NOTHING" if unless_there else "",
        key=quoted(str(meta.pk.column)),
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [json.dumps(values, ensure_ascii=False, default=as_text)])
        return {key for (key,) in cursor.fetchall()}


def filled_by_the_database(field: models.Field[Any, Any]) -> bool:
    return isinstance(field, models.AutoField) or field.has_db_default()


@lru_cache(maxsize=10_000)
def as_text(value: Any) -> str:
    """The same keys and instants stand in many rows.

    Raises TypeError for what PostgreSQL would not read back as the same value.
    """
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, (UUID, Decimal)):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no text that the database reads back.")


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """Without the collector of cyclic garbage, which would walk all of the process again and again: a quarter of a
    batch's time, for nothing. Use it around a bounded batch only.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
