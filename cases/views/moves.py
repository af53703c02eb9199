"""Moves of a case that are sent from its page, and the page that asks before an irreversible one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from bureau.desk.refusal import Refusal
from cases.actions import move_case
from cases.forms import form_of, put_on
from cases.models import Case
from cases.presenting.case import PAST
from cases.views.detail import Tried, show, visible_case
from cases.workflow import CASE_FLOW

CONSEQUENCES = (
    gettext_lazy("The case is over: it is never filed, and it cannot be opened again."),
    gettext_lazy("The clock of its verification ends now; the two officers are told."),
    gettext_lazy(
        "The lead stays on the record with its number and this reason. The issue it came from is not touched."
    ),
)


@require_POST
@login_required
def case_move(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make one move; refused, the page comes again with what was typed and the reason beside it."""
    case, verb = visible_case(request, pk), request.POST.get("verb", "")
    form = form_of(verb, request.POST)
    refusal = None
    if form is None or form.is_valid():
        refusal = made(request, case, verb, form)
        if refusal is None:
            messages.success(request, _("%(number)s: %(act)s") % {"number": case.number, "act": PAST[verb]})
            return redirect(case)
    return answered(request, visible_case(request, pk), verb, form, refusal)


def made(request: HttpRequest, case: Case, verb: str, form: Any) -> Refusal | None:
    """Make the move; answer why not, put at the field that it is about."""
    try:
        move_case(case, verb, by=request.user, at=timezone.now(), **(form.cleaned_data if form else {}))
    except Refusal as refused:
        if form and refused.pointer.strip("/") in form.fields:
            put_on(form, refused)
        return refused
    return None


def answered(request: HttpRequest, case: Case, verb: str, form: Any, refusal: Refusal | None) -> HttpResponse:
    if is_irreversible(verb) and is_open(case, verb, request.user):
        return show_move_page(request, case, verb, form, refusal)
    return show(request, case, timezone.now(), Tried(verb, form, refusal))


@require_GET
@login_required
def move_page(request: HttpRequest, pk: UUID, verb: str) -> HttpResponse:
    """What will happen, said before it is done; only for what cannot be undone."""
    case = visible_case(request, pk)
    if not is_irreversible(verb):
        raise Http404
    if not is_open(case, verb, request.user):
        return redirect(case)
    return show_move_page(request, case, verb, form_of(verb), None)


def is_irreversible(verb: str) -> bool:
    move = CASE_FLOW.moves.get(verb)
    return move is not None and move.is_irreversible


def is_open(case: Case, verb: str, by: Any) -> bool:
    return any(found.move.verb == verb for found in CASE_FLOW.open_to(case, by))


def show_move_page(request: HttpRequest, case: Case, verb: str, form: Any, refusal: Refusal | None) -> HttpResponse:
    label = CASE_FLOW.moves[verb].label
    context = {"case": case, "verb": verb, "form": form, "label": label, "lines": CONSEQUENCES, "refusal": refusal}
    status = refusal.status if refusal else 400 if form.is_bound else 200
    return render(request, "cases/case_move.html", context, status=status)
