"""Every error of the API as RFC 9457 problem+json, in both languages, without an echo of what was sent."""

from __future__ import annotations

import json
import logging
import math
import re
import uuid
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from django.core.exceptions import (
    BadRequest,
    ObjectDoesNotExist,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.db import DataError, IntegrityError
from django.http import Http404, HttpResponse
from rest_framework import exceptions
from rest_framework.views import set_rollback

from bureau.desk.api.errors import TITLES, refusals_in, refusals_of, words_of
from bureau.desk.outage import RETRY_AFTER, outage_of
from bureau.desk.refusal import Refusal, as_errors
from bureau.desk.wording import in_both

log = logging.getLogger(__name__)
TRACE_PARENT = re.compile(r"[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
CODES_OF_API = {
    400: "malformed",
    401: "not_authenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    409: "conflict",
    413: "body_too_large",
    415: "unsupported_media_type",
    429: "too_many_requests",
    500: "internal_error",
    503: "unavailable",
    507: "no_room",
}
WAITED_TOO_LONG = ("55P03", "57014", "40P01")


class ProblemResponse(HttpResponse):
    """An answer of the media type application/problem+json; `code` is the one it tells."""

    def __init__(self, content: Mapping[str, Any], *, status: int) -> None:
        self.code = str(content["code"])
        super().__init__(
            json.dumps(content, ensure_ascii=False), status=status, content_type="application/problem+json"
        )


def trace_id_of(request: Any) -> str:
    """The trace of this request: that of a well-formed `traceparent`, else a new one; the same when asked again."""
    request = getattr(request, "_request", request)
    if not hasattr(request, "trace_id"):
        sent = TRACE_PARENT.fullmatch(request.headers.get("traceparent", ""))
        request.trace_id = sent.group(1) if sent else uuid.uuid4().hex
    return str(request.trace_id)


def answer_problem(
    request: Any, errors: Iterable[Refusal], *, status: int, code: str, headers: Mapping[str, str] | None = None
) -> ProblemResponse:
    """The problem that these refusals make; each tells its field, its code and its words in both languages."""
    refusals = list(errors)
    title = TITLES.get(status, TITLES[500])
    told = [{"pointer": r.pointer, "code": r.code, **in_both(r)} for r in refusals]
    content: dict[str, Any] = {
        "type": f"/api/v1/codes/errors/#{code}",
        "title": str(title),
        "status": status,
        "detail": " ".join(dict.fromkeys(str(r) for r in refusals)),
        "instance": quote(request.path),
        "trace_id": trace_id_of(request),
        "code": code,
        "errors": told,
        **extras_of(refusals),
    }
    response = ProblemResponse(content, status=status)
    response["X-Trace-Id"] = content["trace_id"]
    for name, value in (headers or {}).items():
        response[name] = value
    return response


def extras_of(refusals: Iterable[Refusal]) -> dict[str, Any]:
    """What is open instead, when first, and the present version, where a refusal knows it."""
    extras: dict[str, Any] = {}
    for refusal in refusals:
        if refusal.open_verbs or refusal.code == "illegal_transition":
            extras["open"] = list(refusal.open_verbs)
        if refusal.first_at:
            extras["first_at"] = refusal.first_at.isoformat(timespec="seconds")
        extras.update(getattr(refusal, "extras", {}))
    return extras


def plain_problem(
    request: Any, status: int, *, code: str = "", headers: Mapping[str, str] | None = None
) -> ProblemResponse:
    """A problem that needs no more words than its status."""
    code = code or CODES_OF_API.get(status, "error")
    refusal = Refusal(words_of(code, TITLES.get(status, TITLES[500])), code=code)
    return answer_problem(request, [refusal], status=status, code=code, headers=headers)


def handle(exc: Exception, context: Mapping[str, Any]) -> HttpResponse:
    """The one exception handler of the API; an unknown exception is logged with its trace and told without it."""
    set_rollback()
    return problem_of(exc, context["request"])


def problem_of(exc: BaseException, request: Any) -> ProblemResponse:
    if isinstance(exc, Refusal):
        headers = getattr(exc, "headers", None)
        return answer_problem(request, as_errors(exc), status=exc.status, code=exc.code, headers=headers)
    if isinstance(exc, exceptions.ValidationError):
        return answer_problem(request, refusals_in(exc.detail), status=400, code="invalid")
    if isinstance(exc, ValidationError):
        refusals = refusals_of(exc)
        code = refusals[0].code if len(refusals) == 1 else "invalid"
        return answer_problem(request, refusals, status=400, code=code)
    if isinstance(exc, exceptions.APIException):
        return plain_problem(request, exc.status_code, code=code_of(exc), headers=headers_of(exc))
    return unforeseen(exc, request)


def code_of(exc: exceptions.APIException) -> str:
    """Our code of an error of the framework: its own where we know the words, else that of its status."""
    if isinstance(exc, exceptions.PermissionDenied) and str(exc.detail).startswith("CSRF"):
        return "csrf_failed"
    own = getattr(exc, "code", "")
    return own or CODES_OF_API.get(exc.status_code, "malformed")


def headers_of(exc: exceptions.APIException) -> dict[str, str]:
    headers: dict[str, str] = {}
    door, wait = getattr(exc, "auth_header", None), getattr(exc, "wait", None)
    if door:
        headers["WWW-Authenticate"] = door
    if wait:
        headers["Retry-After"] = str(math.ceil(wait))
    return headers


def unforeseen(exc: BaseException, request: Any) -> ProblemResponse:
    """What Django, the database or a mistake raised: told by its status alone, logged unless it is a plain 4xx."""
    status = status_of(exc)
    if status == 503 and getattr(exc.__cause__, "sqlstate", "") in WAITED_TOO_LONG:
        return plain_problem(request, 409, code="in_flight", headers={"Retry-After": "1"})
    if status not in (403, 404, 413):
        log.error("trace %s: %s on %s", trace_id_of(request), type(exc).__name__, request.path, exc_info=exc)
    return plain_problem(
        request, status, headers={"Retry-After": RETRY_AFTER[status]} if status in RETRY_AFTER else None
    )


def status_of(exc: BaseException) -> int:
    """The status of what Django and the database raise."""
    table: tuple[tuple[Any, int], ...] = (
        ((Http404, ObjectDoesNotExist), 404),
        (PermissionDenied, 403),
        (RequestDataTooBig, 413),
        ((SuspiciousOperation, BadRequest), 400),
        (DataError, 400),
        (IntegrityError, 409),
    )
    return outage_of(exc) or next((status for kinds, status in table if isinstance(exc, kinds)), 500)
