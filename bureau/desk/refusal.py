"""How the portal says no: a code for machines, words for people, what to do, and when first."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise
_heard: ContextVar[deque[Refusal] | None] = ContextVar("_heard", default=None)


class Refusal(Exception):
    """A refused act. `status` is the HTTP status of interfaces.md; `pointer` names the field, as `/field`."""

    status = 422
    code = "refused"

    def __init__(
        self,
        message: Words,
        *,
        code: str = "",
        pointer: str = "",
        first_at: datetime | None = None,
        remedy: Words = "",
        open_verbs: Iterable[str] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.pointer = pointer
        self.first_at = first_at
        self.remedy = remedy
        self.open_verbs = tuple(open_verbs)
        heard = _heard.get()
        if heard is not None:
            heard.append(self)

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class NotYourMove(Refusal):
    status, code = 403, "not_your_move"


class SodConflict(Refusal):
    """Separation of duties: the person already holds another step (security.md section 3)."""

    status, code = 403, "sod_conflict"


class IllegalTransition(Refusal):
    status, code = 409, "illegal_transition"


class OutOfTime(Refusal):
    """Too early, too late, or before the subject's last entry."""

    status, code = 409, "E_WINDOW_OPEN"


class LawRefused(Refusal):
    """A guard of law or of value; the code is that of law.md 5.5."""

    status = 422


class BadValue(Refusal):
    """A malformed, missing or unknown field."""

    status, code = 400, "invalid"


class Several(Refusal):
    """All defects of one input together."""

    status, code = 400, "invalid"

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        self.refusals = list(refusals)
        super().__init__(_("Some fields need another look."))
        self.status = max(refusal.status for refusal in self.refusals)


def required(field: str, words: Words | None = None) -> BadValue:
    return BadValue(words or _("This is needed."), code="required", pointer=f"/{field}")


def as_errors(refusal: Refusal) -> list[Refusal]:
    return refusal.refusals if isinstance(refusal, Several) else [refusal]


def raise_all(refusals: list[Any]) -> None:
    """Raise what stands in the list, one or all together; nothing when it is empty."""
    if len(refusals) == 1:
        raise refusals[0]
    if refusals:
        raise Several(refusals)


@contextmanager
def hearing(most: int = 200) -> Iterator[deque[Refusal]]:
    """The refusals made meanwhile, the newest last. Those that were raised have a traceback; the others only explain
    what is closed. So a request's refusal is known in one place, however the view tells it."""
    heard: deque[Refusal] = deque(maxlen=most)
    token = _heard.set(heard)
    try:
        yield heard
    finally:
        _heard.reset(token)
