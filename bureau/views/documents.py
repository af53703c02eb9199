"""One view streams all files, after the subject's own scope was asked; nothing has a public address."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from bureau.desk.attachments import PDF
from bureau.desk.fence import cards_of
from bureau.desk.models.document import Document
from bureau.desk.originals import open_original, posting_for_original
from bureau.forms import OriginalForm
from bureau.views.desk import UNKNOWN
from bureau.views.who import officer_of

logger = logging.getLogger(__name__)
EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/heic": "heic", PDF: "pdf"}


@require_GET
@login_required
def document(request: HttpRequest, pk: UUID) -> HttpResponse | FileResponse:
    """The copy that is shown: no EXIF, at most 2048 pixels. A PDF is sent to be kept, never run in the page."""
    found, _subject = visible_document(pk, request.user)
    if found.content_type == PDF and not found.shown:
        return pdf_to_keep(found)
    response = stream(found.shown or found.original, "image/jpeg" if found.shown else found.content_type)
    response["Cache-Control"] = "private, max-age=3600, immutable"
    response["Content-Disposition"] = f'inline; filename="{found.pk}.jpg"'
    return response


@login_required
def original(request: HttpRequest, pk: UUID) -> HttpResponse | FileResponse:
    """The file as it came in: asks for a reason, writes the trail, then sends it as an attachment."""
    found, subject = visible_document(pk, request.user)
    if posting_for_original(subject, request.user) is None:
        raise Http404
    form = OriginalForm(request.POST or None)
    if not form.is_valid():
        context = {"form": form, "document": found, "card": cards_of([found]).get(found.subject_id, UNKNOWN)}
        return render(request, "bureau/original.html", context, status=400 if form.is_bound else 200)
    place = open_original(found, by=officer_of(request), at=timezone.now(), reason=form.cleaned_data["reason"])
    response = stream(place, found.content_type)
    response["Cache-Control"] = "private, no-store"
    name = f"{found.pk}.{EXTENSIONS.get(found.content_type, 'bin')}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def pdf_to_keep(found: Document) -> FileResponse:
    response = stream(found.original, PDF)
    response["Cache-Control"] = "private, no-store"
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.file_name or f'{found.pk}.pdf')}"
    return response


def visible_document(pk: UUID, officer: Any) -> tuple[Document, Any]:
    """The document and its subject, if the subject itself lets this person see more than its metadata; else 404.

    A hand-over pack has its own door, which writes down who took it.
    """
    kept = Document.objects.select_related("subject_type").exclude(kind=Document.Kind.PACK)
    found = get_object_or_404(kept, pk=pk)
    model: Any = found.subject_type.model_class()
    return found, get_object_or_404(model.objects.files_visible_to(officer), pk=found.subject_id)


def stream(place: str, content_type: str) -> FileResponse:
    try:
        response = FileResponse(default_storage.open(place), content_type=content_type)
    except FileNotFoundError as error:
        logger.error("A document's file is missing: %s", place)
        raise Http404 from error
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
