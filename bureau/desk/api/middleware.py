"""Below /api/ every error is a problem, also those that no API view made: unknown routes, faults, refused hosts."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from bureau.desk.api.problems import ProblemResponse, plain_problem, problem_of, trace_id_of

KEPT = ("Allow", "Retry-After", "WWW-Authenticate")


class ProblemMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not request.path.startswith("/api/"):
            return response
        if response.status_code >= 400 and not isinstance(response, ProblemResponse):
            headers = {name: response[name] for name in KEPT if response.has_header(name)}
            return plain_problem(request, response.status_code, headers=headers)
        if not response.has_header("X-Trace-Id"):
            response["X-Trace-Id"] = trace_id_of(request)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        return problem_of(exception, request) if request.path.startswith("/api/") else None
