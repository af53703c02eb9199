"""The last page: what broke, whether it is our fault or an outage, and when to try again."""

from __future__ import annotations

import sys
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.views.decorators.csrf import requires_csrf_token

from bureau.desk.outage import NO_ROOM, RETRY_AFTER, UNAVAILABLE, outage_of

PAGES: Final = {UNAVAILABLE: "503.html", NO_ROOM: "507.html"}


@requires_csrf_token
def broken(request: HttpRequest) -> HttpResponse:
    """503 or 507 with Retry-After for an outage, else 500. The pages ask no database: it may be what is away."""
    error = sys.exc_info()[1]
    status = (outage_of(error) if error else None) or 500
    response = HttpResponse(loader.get_template(PAGES.get(status, "500.html")).render(), status=status)
    if status in RETRY_AFTER:
        response["Retry-After"] = RETRY_AFTER[status]
    return response
