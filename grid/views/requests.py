"""Asking about the clock of an issue: what it would do is shown before it is asked for."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bureau.desk.explain import as_json, limit_in_words, sentence
from bureau.desk.models.clock import Clock
from bureau.desk.refusal import Refusal
from bureau.desk.requests import ask, choices, lift, spec_for, what_if
from bureau.desk.requests.rules import PAUSING
from bureau.desk.requests.spec import Kind
from bureau.forms_refusals import put_on
from grid.forms.requests import AskForm
from grid.models import Issue
from grid.views.detail import visible_issue


@login_required
def issue_request(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    """The form of one kind; `step=look` shows the date it would give, anything else asks."""
    issue, at = visible_issue(request, pk), timezone.now()
    found = open_request(issue, request.user, kind, at)
    if found is None:
        return redirect(issue)
    clock = found.situation.clock
    form = AskForm(request.POST or None, spec=found.spec, unit=unit_words(clock))
    preview, status = None, 200
    if form.is_bound and form.is_valid():
        try:
            if request.POST.get("step") == "look":
                preview = what_it_gives(form, clock, at)
            else:
                asked = ask(issue, form.asked(), by=request.user, at=at)
                messages.success(request, _("Asked. It is decided by someone of another body; the clock runs on."))
                return redirect(asked)
        except Refusal as refusal:
            status = put_on(form, refusal)
    status = 400 if form.is_bound and form.errors and status == 200 else status
    context = {"issue": issue, "found": found, "form": form, "clock": clock, "preview": preview}
    context["can_look"] = kind in (*PAUSING, Kind.EXTENSION)
    return render(request, "grid/issue_request.html", context, status=status)


@require_POST
@login_required
def issue_resume(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let the suspended clock go on before its day."""
    issue = visible_issue(request, pk)
    clock = issue.clocks.suspended().first()
    if clock is None:
        messages.error(request, _("This clock is not suspended."))
        return redirect(issue)
    try:
        lift(clock, issue, by=request.user, at=timezone.now())
        messages.success(request, _("The clock goes on."))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(issue)


def open_request(issue: Issue, by: Any, kind: str, at: datetime) -> Any:
    """The kind as it is open to this person; None when it is closed, which the issue's page explains."""
    if spec_for(issue, kind) is None:
        raise Http404
    opened, _closed = choices(issue, by, at=at)
    return next((one for one in opened if one.spec.kind == kind), None)


def what_it_gives(form: AskForm, clock: Clock, at: datetime) -> dict[str, Any]:
    data = form.cleaned_data
    timing = what_if(clock, at=at, amount=data.get("amount"), resume_on=data.get("resume_on"))
    return {"why": as_json(timing), "sentence": sentence(timing), "due_at": timing.due_at}


def unit_words(clock: Clock) -> str:
    words = _("In %(unit)s; at most as long as the limit itself, %(limit)s.")
    names = {"working_hours": _("working hours"), "working_days": _("working days"), "clock_hours": _("clock hours")}
    unit = names.get(clock.limit_unit, clock.limit_unit)
    return words % {"unit": unit, "limit": limit_in_words(clock.limit)}
