"""The letter and the pack of a hand-over."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET

from bureau.desk.refusal import NotYourMove, Refusal
from bureau.views.who import officer_of
from oversight.actions import take_pack
from oversight.pack import letter_from
from oversight.pack.answering import handed_over, zip_answer
from oversight.printing import pdf_answer
from oversight.views.referrals import found


@require_GET
@login_required
def letter(request: HttpRequest, pk: UUID) -> HttpResponse | FileResponse:
    """The transfer letter, for whoever reads the referral."""
    one = handed_over(found(request, pk))
    try:
        return pdf_answer(letter_from(one, at=timezone.now()))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(one)


@require_GET
@login_required
def pack(request: HttpRequest, pk: UUID) -> HttpResponse | FileResponse:
    """The pack, for those who may take it; each taking stands on the trail."""
    one = handed_over(found(request, pk))
    try:
        return zip_answer(take_pack(one, by=officer_of(request), at=timezone.now()))
    except NotYourMove as refusal:
        raise Http404 from refusal
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(one)
