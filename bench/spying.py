"""What is said to the database while something is done, in this process."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection
from django.test import Client

Statement = tuple[str, Sequence[Any]]


def said_while(work: Callable[[], object]) -> list[Statement]:
    """Every statement with its values, in order."""
    said: list[Statement] = []

    def listen(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        said.append((sql, list(params or [])))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        work()
    return said


def asked_of(key: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """The API asked within this process, so that it can be listened to. Raises AssertionError when it refuses."""
    client = Client(headers={"authorization": f"Bearer {key}"})
    answer = client.get(path) if body is None else client.post(path, json.dumps(body), "application/json")
    if answer.status_code not in (200, 201):
        raise AssertionError(f"{path} answered {answer.status_code}: {answer.content[:400]!r}")
    told: dict[str, Any] = answer.json()
    return told
