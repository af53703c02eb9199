"""The person behind a request that `login_required` has let in."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest

from bureau.models import Officer


def officer_of(request: HttpRequest) -> Officer:
    return cast(Officer, request.user)
