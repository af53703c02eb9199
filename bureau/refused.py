"""A refusal that no page answered itself is told as a page: what, why, what to do; never a traceback."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bureau.desk.refusal import Refusal, as_errors


class RefusedPageMiddleware:
    """Outside /api/, which answers problems of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal) or request.path.startswith("/api/"):
            return None
        return render(request, "bureau/refused.html", {"refusals": as_errors(exception)}, status=exception.status)
