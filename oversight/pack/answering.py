"""How a pack is sent."""

from __future__ import annotations

from urllib.parse import quote

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404

from bureau.desk.models import Document
from oversight.models import ReferralCandidate
from oversight.pack.archive import DamagedOriginal


def handed_over(referral: ReferralCandidate) -> ReferralCandidate:
    """Before its hand-over a referral has neither letter nor pack: 404."""
    if referral.handed_over_at is None:
        raise Http404
    return referral


def zip_answer(document: Document) -> FileResponse:
    try:
        content = default_storage.open(document.original)
    except FileNotFoundError as error:
        raise DamagedOriginal(document.file_name) from error
    answer = FileResponse(content, content_type=document.content_type)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(document.file_name)}"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
