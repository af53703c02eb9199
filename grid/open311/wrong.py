"""Errors of the specification: a status and pairs of code and description, in the format that was asked for."""

from __future__ import annotations

from collections.abc import Iterable

from bureau.desk.refusal import Refusal, as_errors


class Wrong(Exception):
    """GeoReport v2, section "Errors". `errors` are (code, description); the code is the status, as the text has it."""

    def __init__(self, status: int, errors: Iterable[tuple[str, str]]) -> None:
        self.status, self.errors = status, list(errors)
        super().__init__(self.errors)


def wrong(status: int, description: str, code: str = "") -> Wrong:
    return Wrong(status, [(code or str(status), description)])


def wrong_by(refusal: Refusal) -> Wrong:
    """What an action refused. The specification knows 400, 403 and 404; the portal's own code begins the words."""
    told = [(str(known(one.status)), f"{one.code}: {one}") for one in as_errors(refusal)]
    return Wrong(known(refusal.status), told)


def known(status: int) -> int:
    return status if status in (403, 404, 413, 429, 503, 507) else 400
