"""The system page, for those who keep the portal running and those who audit it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from bureau.models.roles import Role
from bureau.views.who import officer_of
from config.system.findings import State, worst_first
from config.system.health import health_of

READERS = frozenset({Role.SYSADMIN, Role.AUDITOR})


@require_GET
@never_cache
@login_required
def system(request: HttpRequest) -> HttpResponse:
    """How the portal is; to anybody else there is no such page."""
    if not officer_of(request).holds(*READERS):
        raise Http404
    findings = worst_first(health_of(at=timezone.now()))
    open_ones = [finding for finding in findings if finding.state is not State.WELL]
    context = {"findings": findings, "open_ones": open_ones}
    return render(request, "system/system.html", context)
