"""What is sent about an issue: moves, photos, corrections, and the look at the reporter's contact."""

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
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from bureau.desk.refusal import Refusal
from grid.actions import add_photo, can_reveal, correct_issue, move_issue, reveal_reporter
from grid.forms import AddPhotoForm, CorrectForm, PurposeForm, form_of, put_on
from grid.forms.report import grouped
from grid.models import Issue, IssueType
from grid.presenting.issue import Sight, has_reporter
from grid.presenting.trail import PAST
from grid.views.detail import OWN_PAGE, Tried, choices_of, label_of, show, stages_for, visible_issue
from grid.views.sending import Sending, sent
from grid.workflow import ISSUE_FLOW

CONSEQUENCES = {
    "refuse": (
        gettext_lazy("The issue is over: nothing more can be done with it, and it cannot be opened again."),
        gettext_lazy("Whoever reported it from an account is told, with the reason."),
        gettext_lazy("It stays in the record with its number, its photos and this reason."),
    ),
    "void": (
        gettext_lazy("The issue is over: it is never filed as a grid case, and it cannot be opened again."),
        gettext_lazy("Whoever reported it from an account is told, with the reason."),
        gettext_lazy("It stays in the record with its number, its photos and this reason."),
    ),
}


@require_POST
@login_required
def issue_move(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make one move; refused, the page comes again with what was typed and the reason beside it."""
    issue, at = visible_issue(request, pk), timezone.now()
    verb = request.POST.get("verb", "")
    variant = "dispatch_other" if verb == "dispatch" and "to" in request.POST else verb
    form = form_of(variant, choices_of(issue, variant, request.user, at), request.POST, request.FILES)
    sending = Sending(request, form)
    refusal = None
    if form is None or form.is_valid():
        try:
            move_issue(issue, verb, by=request.user, at=at, **facts_of(form, sending))
        except Refusal as refused:
            refusal = refused
        else:
            return moved(request, issue, verb, sending)
    issue = visible_issue(request, pk)
    sending.take_back(refusal, at)
    if verb in OWN_PAGE and is_open(issue, verb, request.user):
        return show_move_page(request, issue, verb, form, refusal)
    return show(request, issue, at, Tried(variant, form, refusal, request.POST.get("note", "")))


def facts_of(form: Any, sending: Sending) -> dict[str, Any]:
    if form is None:
        return {}
    facts = form.facts()
    return {**facts, "photos": sending.files()} if "photos" in facts else facts


def moved(request: HttpRequest, issue: Issue, verb: str, sending: Sending) -> HttpResponse:
    sending.arrived()
    messages.success(request, _("%(number)s: %(act)s") % {"number": issue.number, "act": PAST[verb]})
    still_seen = Issue.objects.visible_to(request.user).filter(pk=issue.pk).exists()
    return redirect(issue if still_seen else "grid:list")


@require_GET
@login_required
def move_page(request: HttpRequest, pk: UUID, verb: str) -> HttpResponse:
    """What will happen, said before it is done; only for what cannot be undone."""
    issue = visible_issue(request, pk)
    if verb not in OWN_PAGE:
        raise Http404
    if not is_open(issue, verb, request.user):
        return redirect(issue)
    form = form_of(verb, choices_of(issue, verb, request.user, timezone.now()))
    return show_move_page(request, issue, verb, form, None)


def is_open(issue: Issue, verb: str, by: Any) -> bool:
    return any(found.move.verb == verb for found in ISSUE_FLOW.open_to(issue, by))


def show_move_page(request: HttpRequest, issue: Issue, verb: str, form: Any, refusal: Refusal | None) -> HttpResponse:
    found = next(found for found in ISSUE_FLOW.open_to(issue, request.user) if found.move.verb == verb)
    context = {"issue": issue, "verb": verb, "form": form, "label": label_of(issue, found), "lines": CONSEQUENCES[verb]}
    status = refusal.status if refusal else 400 if form.is_bound else 200
    return render(request, "grid/issue_move.html", context, status=status)


@require_POST
@login_required
def issue_photo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Add photos of one stage; each is kept or refused by itself."""
    issue, at = visible_issue(request, pk), timezone.now()
    stages = stages_for(issue, request.user) or ["before", "after"]
    form = AddPhotoForm(request.POST, request.FILES, stages=stages, auto_id="id_photo_%s")
    if not form.is_valid():
        return show(request, issue, at, Tried("photo", form))
    refusal, kept = None, 0
    for upload in form.cleaned_data["photos"]:
        try:
            add_photo(issue, upload, stage=form.cleaned_data["stage"], by=request.user, at=at)
            kept += 1
        except Refusal as refused:
            refusal = refused
            form.add_error("photos", f"{upload.name}: {refused}")
    if refusal:
        return show(request, visible_issue(request, pk), at, Tried("photo", form, refusal))
    messages.success(request, _("Photos kept: %(n)d.") % {"n": kept})
    return redirect(issue.get_absolute_url() + "#photos")


@login_required
def issue_correct(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put right a wrong address, place, type or photo; old and new stay in the record."""
    issue, at = visible_issue(request, pk), timezone.now()
    shape = {"issue": issue, "types": grouped(IssueType.objects.all()), "photos": list(issue.photos)}
    form = CorrectForm(*sent(request), **shape)
    sending, refusal = Sending(request, form), None
    if form.is_bound and form.is_valid():
        try:
            right = sending.files()
            correct_issue(issue, right_photo=right[0] if right else None, by=request.user, at=at, **form.corrections())
        except Refusal as refused:
            refusal = refused
        else:
            sending.arrived()
            messages.success(request, _("Corrected. Old and new stand in the record."))
            return redirect(issue)
    if form.is_bound:
        sending.take_back(refusal, at)
    status = refusal.status if refusal else 400 if form.is_bound else 200
    fresh = visible_issue(request, pk)
    return render(request, "grid/issue_correct.html", {"issue": fresh, "form": form, "refusal": refusal}, status=status)


@never_cache
@login_required
def issue_reporter(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the reporter's contact once, for a purpose; the record says who looked and why."""
    issue = visible_issue(request, pk)
    if not (Sight.of(request.user).persons and can_reveal(issue, request.user) and has_reporter(issue)):
        raise Http404
    form, reporter, status = PurposeForm(*sent(request)[:1]), None, 200
    if form.is_bound and form.is_valid():
        try:
            at: datetime = timezone.now()
            reporter = reveal_reporter(issue, purpose=form.cleaned_data["purpose"], by=request.user, at=at)
        except Refusal as refused:
            put_on(form, refused)
            status = refused.status
    elif form.is_bound:
        status = 400
    return render(
        request, "grid/issue_reporter.html", {"issue": issue, "form": form, "reporter": reporter}, status=status
    )
