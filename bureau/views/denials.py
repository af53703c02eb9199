"""The one place at which a refused request is noticed, whatever refused it: page, API, sign-in or the wall.

It stands outside of everything that answers, so the work has rolled back when it writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from bureau.desk.api.problems import ProblemResponse, trace_id_of
from bureau.desk.denials import Denied, keep_denial
from bureau.desk.models.denial import Denial
from bureau.desk.models.keys import ApiKey
from bureau.desk.refusal import Refusal, hearing

REFUSED: Final = frozenset({401, 403, 404, 409})
NOT_REFUSED: Final = frozenset({"in_flight"})  # a repetition that came too soon
CODES: Final = {401: "not_authenticated", 403: "forbidden", 404: "not_found", 409: "conflict"}


class DenialMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with hearing() as heard:
            response = self.get_response(request)
            refused = getattr(request, "refused", None) or refused_with(response, heard)
        if refused and is_told(request, refused[0]):
            keep_denial(denied_of(request, *refused), at=timezone.now())
        return response


def refused_with(response: HttpResponseBase, heard: Iterable[Refusal]) -> tuple[int, str] | None:
    """Status and code of what was refused, also where the page told it in its own way; None where nothing was."""
    raised = [each for each in heard if each.__traceback__ is not None and each.status in REFUSED]
    if raised:
        status, code = raised[-1].status, raised[-1].code
    else:
        status = response.status_code
        code = response.code if isinstance(response, ProblemResponse) else CODES.get(status, "")
    return (status, code) if status in REFUSED and code not in NOT_REFUSED else None


def is_told(request: HttpRequest, status: int) -> bool:
    """An address that does not exist is nobody's refusal, nor is a stranger's wrong one."""
    if request.resolver_match is None:
        return False
    return status != 404 or account_of(request) is not None


def account_of(request: HttpRequest) -> UUID | None:
    user: Any = getattr(request, "user", None)
    return user.pk if user is not None and user.is_authenticated else None


def denied_of(request: HttpRequest, status: int, code: str) -> Denied:
    match = request.resolver_match
    assert match is not None
    subject = match.kwargs.get("pk")
    is_by_key = isinstance(getattr(request, "auth", None), ApiKey)
    return Denied(
        account_id=account_of(request),
        status=status,
        code=code,
        method=request.method or "",
        route=match.route,
        via=Denial.Via.KEY if is_by_key else Denial.Via.PAGE,
        trace=trace_id_of(request),
        subject=subject if isinstance(subject, UUID) else None,
    )
