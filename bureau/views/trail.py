"""The trail for those who check it: its roots to take away, an export, the verifier; and the refused requests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from bureau.desk import signing
from bureau.desk.models.denial import DenialQuerySet
from bureau.desk.models.root import TrailRoot, Unsealed
from bureau.desk.paging import page_of
from bureau.desk.refusal import Refusal
from bureau.desk.sealing import download, places
from bureau.desk.sealing.guards import guards_not_on
from bureau.desk.sealing.verifier import verifier_bytes
from bureau.forms_refusals import put_on
from bureau.forms_trail import ExportForm
from bureau.models import Role
from bureau.views.who import officer_of

LINES = "application/jsonl"
SILENT = timedelta(minutes=5)  # the sealer knocks each minute; lines that wait longer wait too long
HEADERS = 500
EXPORTERS = frozenset({Role.AUDITOR, Role.SUPERVISION})


@login_required
@require_http_methods(["GET", "POST"])
def trail(request: HttpRequest) -> HttpResponse | FileResponse:
    """Roots, the second place, the guards; POST makes an export of the days asked for."""
    checkable(request)
    form, status = ExportForm(request.POST or None), 200
    if request.method == "POST":
        refuse_reader(request)
        if form.is_valid():
            try:
                file = download.export_of(**form.span(), by=officer_of(request), at=timezone.now())
            except Refusal as refusal:
                status = put_on(form, refusal)
            else:
                return FileResponse(file, as_attachment=True, filename=form.file_name())
        else:
            status = 400
    return render(request, "trail/trail.html", {"form": form, **shown(request)}, status=status)


def shown(request: HttpRequest) -> dict[str, Any]:
    at, newest = timezone.now(), TrailRoot.objects.defer("text").order_by("-n").first()
    roots = TrailRoot.objects.visible_to(request.user).defer("text").order_by("-n")
    return {
        "page": page_of(roots, request.GET),
        "newest": newest,
        "waiting": Unsealed.objects.count(),
        "is_silent": is_silent(newest, at),
        "place": places.state(),
        "guards": guards_not_on(),
        "may_export": bool(officer_of(request).roles_now & EXPORTERS),
        "may_read_refused": not officer_of(request).roles_now.isdisjoint(DenialQuerySet.access),
        "keys": signing.public_keys("trail-root"),
    }


def is_silent(newest: TrailRoot | None, at: datetime) -> bool:
    """Whether lines wait though the sealer should have come by."""
    return Unsealed.objects.exists() and (newest is None or at - newest.at > SILENT)


@require_GET
@login_required
def root_file(request: HttpRequest, n: int) -> HttpResponse:
    root = get_object_or_404(TrailRoot.objects.visible_to(request.user), pk=n)
    return attached(root.text + "\n", f"{n:09}.json", "application/json")


@require_GET
@login_required
def roots_file(request: HttpRequest) -> StreamingHttpResponse:
    """All roots from `?from=` on, one a line: what the outsider has not got yet."""
    checkable(request)
    first = number_in(request, "from")
    answer = StreamingHttpResponse(texts_from(first), content_type=LINES)
    answer["Content-Disposition"] = f'attachment; filename="roots-from-{first:09}.jsonl"'
    return answer


def texts_from(first: int) -> Iterator[str]:
    for text in TrailRoot.objects.filter(n__gte=first).values_list("text", flat=True).iterator(chunk_size=50):
        yield text + "\n"


@require_GET
def headers_file(request: HttpRequest) -> HttpResponse:
    """For everybody: the signed headers from `?from=` on, 500 at most, without any line."""
    rows = TrailRoot.objects.filter(n__gte=number_in(request, "from")).order_by("n").values_list("text", flat=True)
    told = (json.dumps(without_lines(json.loads(text)), sort_keys=True) for text in rows[:HEADERS])
    return attached("".join(f"{row}\n" for row in told), "headers.jsonl", LINES)


def without_lines(root: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in root.items() if name != "lines"}


@require_GET
def keys_file(request: HttpRequest) -> JsonResponse:
    """For everybody: every public key of the portal, with its time."""
    return JsonResponse([key.as_row() for key in signing.public_keys()], safe=False)


@require_GET
def verifier_file(request: HttpRequest) -> HttpResponse:
    """For everybody: the stand-alone verifier."""
    return attached(verifier_bytes(), "verifier.pyz", "application/zip")


def attached(content: bytes | str, name: str, content_type: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def number_in(request: HttpRequest, name: str) -> int:
    text = request.GET.get(name, "1")
    return int(text) if text.isdecimal() and len(text) < 12 else 1


def checkable(request: HttpRequest) -> None:
    if officer_of(request).roles_now.isdisjoint(TrailRoot.objects.all().access):
        raise Http404


def refuse_reader(request: HttpRequest) -> None:
    if officer_of(request).roles_now.isdisjoint(EXPORTERS):
        raise Http404
