"""What came on sealed paper: one person enters it with its scan, another compares and confirms or rejects it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from bureau.desk.refusal import Refusal
from bureau.forms_refusals import put_on
from bureau.views.who import officer_of
from oversight.actions import confirm_sealed_answer, enter_sealed_answer, reject_sealed_answer
from oversight.actions.sealed_answers import enterable
from oversight.referral_forms import SealedAnswerForm, SealedVerdictForm
from oversight.referrals import CONFIRM, ENTER, REJECT
from oversight.views.referrals import found, shown_referral


@require_POST
@login_required
def enter(request: HttpRequest, pk: UUID) -> HttpResponse:
    one, by = found(request, pk), officer_of(request)
    form = SealedAnswerForm(request.POST, request.FILES, choices=enterable(one, by))
    if not form.is_valid():
        return shown_referral(request, one, form, ENTER, status=400)
    try:
        enter_sealed_answer(one, form.cleaned_data.pop("says"), by=by, at=timezone.now(), **form.cleaned_data)
    except Refusal as refusal:
        status = put_on(form, refusal, {"file": "scan", "verb": "says"})
        messages.error(request, str(refusal))
        return shown_referral(request, found(request, pk), form, ENTER, status=status)
    messages.success(request, _("Entered. It takes effect when a second person has confirmed it."))
    return redirect(one)


@require_POST
@login_required
def judge(request: HttpRequest, pk: UUID, verdict: str) -> HttpResponse:
    if verdict not in (CONFIRM, REJECT):
        raise Http404
    one, by, at = found(request, pk), officer_of(request), timezone.now()
    form = SealedVerdictForm(request.POST, verdict=verdict)
    if not form.is_valid():
        return shown_referral(request, one, form, verdict, status=400)
    try:
        if verdict == CONFIRM:
            confirm_sealed_answer(one, digest=form.cleaned_data["digest"], by=by, at=at)
        else:
            reject_sealed_answer(one, reason=form.cleaned_data["reason"], by=by, at=at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return shown_referral(request, found(request, pk), form, verdict, status=put_on(form, refusal))
    done = _("Confirmed: it took effect.") if verdict == CONFIRM else _("Rejected: nothing followed from it.")
    messages.success(request, done)
    return redirect(one)
