"""Requests about clocks: what waits for me, what became of the others, and the decision."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bureau.desk.almanac import current_calendar
from bureau.desk.clock_changes import preview
from bureau.desk.explain import as_json, sentence
from bureau.desk.fence import cards_of, fenced, sights_of
from bureau.desk.models.request import ClockRequest
from bureau.desk.paging import page_of
from bureau.desk.readings import read_clock
from bureau.desk.refusal import Refusal
from bureau.desk.requests import decide, decision_refusal, spec_for, withdraw
from bureau.desk.requests.rules import PAUSING
from bureau.desk.requests.spec import DISTRICT, noun_specs
from bureau.desk.scope import Projection
from bureau.forms_refusals import put_on
from bureau.forms_requests import DecideForm
from bureau.views.who import officer_of


@require_GET
@login_required
def request_list(request: HttpRequest) -> HttpResponse:
    """Pending ones first asked first; with `all` everything, newest first."""
    is_all = "all" in request.GET
    mine = fenced(ClockRequest.objects.for_list(), request.user)
    rows = mine if is_all else mine.filter(status=ClockRequest.Status.PENDING)
    page = page_of(rows.order_by("-asked_at", "-pk"), request.GET)
    at, calendar = timezone.now(), current_calendar()
    cards = cards_of(page.rows)
    context = {
        "page": page,
        "is_all": is_all,
        "rows": [
            (one, read_clock(one.clock, at=at, calendar=calendar), cards.get(one.subject_id)) for one in page.rows
        ],
        "pending": mine.filter(status=ClockRequest.Status.PENDING).count(),
    }
    return render(request, "requests/request_list.html", context)


@require_GET
@login_required
def request_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    return shown(request, found(request, pk))


@require_POST
@login_required
def request_decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    one = found(request, pk)
    form = DecideForm(request.POST, bodies=bodies_for(one))
    if not form.is_valid():
        return shown(request, one, form, 400)
    try:
        is_granted = request.POST.get("verb") == "grant"
        decide(one, is_granted=is_granted, by=officer_of(request), at=timezone.now(), **form.cleaned_data)
    except Refusal as refusal:
        return shown(request, found(request, pk), form, put_on(form, refusal))
    messages.success(request, f"{one.get_kind_display()}: {one.get_status_display()}")
    return redirect(one)


@require_POST
@login_required
def request_withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    one = found(request, pk)
    try:
        withdraw(one, by=officer_of(request), at=timezone.now())
        messages.success(request, _("Taken back. The ladder goes on."))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(one)


def shown(request: HttpRequest, one: ClockRequest, form: DecideForm | None = None, status: int = 200) -> HttpResponse:
    at, subject = timezone.now(), subject_of(one)
    spec = spec_for(subject, one.kind)
    why_not = decision_refusal(one, spec, subject, request.user, at=at) if spec else None
    is_mine = bool(spec and one.is_pending and spec.deciders_at(one.level).posting_of(request.user, subject))
    timing = timing_if_granted(one, at) if one.is_pending else None
    sight = sights_of(request.user).get(one.subject_type_id)
    context = {
        "one": one,
        "sees_persons": sight is not None and sight.projection is Projection.FULL,
        "sees_subject": sight is not None and sight.projection is not Projection.METADATA,
        "card": cards_of([one]).get(one.subject_id),
        "reason": spec.reasons.get(one.reason, one.reason) if spec else one.reason,
        "consequence": spec.consequence if spec else "",
        "form": form or DecideForm(bodies=bodies_for(one)) if is_mine and why_not is None else None,
        "why_not": why_not if is_mine or (form and form.errors) else None,
        "may_withdraw": one.is_pending and one.asked_by_id == officer_of(request).pk,
        "why": as_json(timing) if timing else None,
        "sentence": sentence(timing) if timing else "",
        "reading": read_clock(one.clock, at=at, calendar=current_calendar()),
    }
    return render(request, "requests/request_detail.html", context, status=status)


def timing_if_granted(one: ClockRequest, at: Any) -> Any:
    if one.asked_limit is not None:
        return preview(one.clock, at=at, extension=one.asked_limit)
    return preview(one.clock, at=at, resumes_at=one.resumes_at) if one.kind in PAUSING else None


def bodies_for(one: ClockRequest) -> list[tuple[str, str]]:
    """Whom the decision may name: only for the second return."""
    subject = subject_of(one)
    spec, nouns = spec_for(subject, one.kind), noun_specs(subject)
    if not (spec and nouns and spec.names_body and one.level == DISTRICT):
        return []
    return [(body.code, str(body)) for body in nouns.bodies(subject, timezone.now())]


def subject_of(one: ClockRequest) -> Any:
    return one.subject


def found(request: HttpRequest, pk: UUID) -> ClockRequest:
    one: ClockRequest = get_object_or_404(fenced(ClockRequest.objects.for_list(), request.user), pk=pk)
    return one
