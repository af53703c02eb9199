"""Work in the background as its orderer sees it: how far, and then the file."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from bureau.desk.contributions import error_codes
from bureau.desk.jobs import works
from bureau.desk.models import Job


@require_GET
@login_required
def job(request: HttpRequest, pk: UUID) -> HttpResponse:
    return render(request, "bureau/job.html", shown(job_of(request, pk)))


@require_GET
@login_required
def job_progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The live part; once the work has ended the whole page is asked for, which no longer polls."""
    found = job_of(request, pk)
    answer = render(request, "bureau/job_progress.html", shown(found))
    if not found.is_live:
        answer["HX-Refresh"] = "true"
    return answer


def job_of(request: HttpRequest, pk: UUID) -> Job:
    found: Job = get_object_or_404(Job.objects.visible_to(request.user).select_related("document"), pk=pk)
    return found


def shown(found: Job) -> dict[str, object]:
    work = works.get(found.kind)
    return {"job": found, "title": work.title if work else found.kind, "why": error_codes.get(found.why)}
