"""Pages of notices by hand: drafts that wait, one draft, and the form for a new one about an issue or a case."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bureau.desk.fence import cards_of
from bureau.desk.models import Clock
from bureau.desk.paging import page_of
from bureau.desk.refusal import Refusal
from bureau.desk.workflow import Move
from bureau.face.panels import ShownMove
from bureau.forms_refusals import put_on
from bureau.views.who import officer_of
from oversight import service
from oversight.actions import draft_paper, move_draft
from oversight.forms import LOCAL_TIME, DraftForm, SureForm
from oversight.models import PaperDraft
from oversight.querysets import DraftQuerySet
from oversight.workflow_notices import DRAFT_FLOW

HINTS = {
    "issue": _("Draws the next number and serves the notice in the portal. Only two persons can withdraw it."),
    "discard": _("No number is drawn; the draft stays on file."),
}


@require_GET
@login_required
def draft_list(request: HttpRequest) -> HttpResponse:
    """Drafts that wait to be issued, newest first; with `all` those issued and discarded too."""
    if request.user.roles_now.isdisjoint(DraftQuerySet.access):  # type: ignore[union-attr]
        raise Http404
    is_all = "all" in request.GET
    mine = PaperDraft.objects.visible_to(request.user).for_list()
    page = page_of((mine if is_all else mine.open()).order_by("-drafted_at", "-pk"), request.GET)
    cards = cards_of(page.rows)
    context = {"page": page, "rows": [(one, cards.get(one.subject_id)) for one in page.rows], "is_all": is_all}
    return render(request, "oversight/draft_list.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def draft_new(request: HttpRequest) -> HttpResponse:
    """Draft a notice about `?noun=grid.issue&id=...`; 404 for what this person may not see or not draft about."""
    by, at = officer_of(request), timezone.now()
    subject = service.subject_to_draft_about(request.GET.get("noun", ""), request.GET.get("id", ""), by)
    if subject is None:
        raise Http404
    form = DraftForm(request.POST or None, initial={"kind": "urging"})
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                return redirect(draft_paper(subject, by=by, at=at, **form.cleaned_data))
            except Refusal as refusal:
                status = put_on(form, refusal)
    is_red = Clock.objects.about(subject).on_full_ladder().red(at).exists()
    context = {"form": form, "card": service.card_of(subject), "is_red": is_red}
    return render(request, "oversight/draft_form.html", context, status=status)


@require_GET
@login_required
def draft(request: HttpRequest, pk: UUID) -> HttpResponse:
    return shown_draft(request, found(request, pk))


@require_POST
@login_required
def draft_move(request: HttpRequest, pk: UUID) -> HttpResponse:
    one, verb = found(request, pk), request.POST.get("verb", "")
    form = form_of(verb, request.POST)
    if form is not None and not form.is_valid():
        return shown_draft(request, one, form, verb, status=400)
    facts = form.cleaned_data if form is not None and verb == "amend" else {}
    try:
        moved = move_draft(one, verb, by=officer_of(request), at=timezone.now(), **facts)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        status = put_on(form, refusal) if form is not None else refusal.status
        return shown_draft(request, found(request, pk), form, verb, status=status)
    messages.success(request, moved.get_status_display())
    return redirect(moved.paper or moved)


def shown_draft(
    request: HttpRequest, one: PaperDraft, form: forms.Form | None = None, verb: str = "", status: int = 200
) -> HttpResponse:
    opened, closed = DRAFT_FLOW.choices(one, request.user)
    context = {
        "one": one,
        "card": cards_of([one]).get(one.subject_id),
        "subject_url": service.subject_url(one, request.user),
        "moves": [shown_move(one, found.move, form if found.move.verb == verb else None) for found in opened],
        "closed": closed,
        "posting": opened[0].posting if opened else "",
    }
    return render(request, "oversight/draft_detail.html", context, status=status)


def shown_move(one: PaperDraft, move: Move, form: forms.Form | None) -> ShownMove:
    until = f"{timezone.localtime(one.rectify_by):{LOCAL_TIME}}"
    shown = form or form_of(move.verb, None, {"words": one.words, "rectify_by": until})
    url = f"{one.get_absolute_url()}moves/"
    return ShownMove(
        move.verb, move.label, url, HINTS.get(move.verb, ""), form=shown, is_irreversible=move.is_irreversible
    )


def form_of(verb: str, data: Any, initial: dict[str, Any] | None = None) -> forms.Form | None:
    """What the move asks for: words and deadline, or a look before what cannot be undone."""
    if verb == "amend":
        return DraftForm(data, initial=initial, verb=verb)
    return SureForm(data, verb=verb) if verb == "issue" else None


def found(request: HttpRequest, pk: UUID) -> PaperDraft:
    one: PaperDraft = get_object_or_404(PaperDraft.objects.visible_to(request.user).for_list(), pk=pk)
    return one
