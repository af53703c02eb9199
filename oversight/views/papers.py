"""Pages of the papers: the list, one paper with its way and its answers, and the moves that are open on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from bureau.desk.fence import cards_of
from bureau.desk.paging import page_of
from bureau.desk.refusal import Refusal
from bureau.desk.workflow import Move
from bureau.face.panels import ShownMove
from bureau.forms_refusals import put_on
from bureau.models import Officer, Organisation, Posting
from bureau.views.who import officer_of
from oversight import service
from oversight.actions import act_on_withdrawal, move_paper
from oversight.filters import PaperFilter
from oversight.forms import FIELDS, WITHDRAWAL_FIELDS, PaperMoveForm, WithdrawalForm
from oversight.models import Paper
from oversight.printing import TITLES, pdf_answer, pdf_of, words_of
from oversight.querysets import DraftQuerySet, ScanQuerySet
from oversight.workflow_notices import NOTICE_FLOW

DONE = {
    "serve_on_paper": _("Its service on paper is recorded. The paper now waits for the unit's answer."),
    "receive": _("Signed for. The paper now waits for your answer."),
    "reply": _("Answered. Only feedback on the case itself stops the clock."),
    "accept_reply": _("The answer is accepted. The unit is told."),
    "reject_reply": _("The answer is rejected. The unit must answer again and is told."),
}
WITHDRAWAL_DONE = {
    "propose": _("Proposed. A second person of the bureau decides."),
    "grant": _("Withdrawn. The paper keeps its number and says so wherever it shows; the unit is told."),
    "refuse": _("The withdrawal is refused; the paper stands."),
}
HINTS = {
    "reject_reply": _("The unit gets a clock for the next answer; this answer and your reason stay on file."),
    "propose": _("A second person must approve it; until then the paper stands."),
    "grant": _("For good: number, page and answers stay, each marked as withdrawn, and every copy's code tells it."),
}


@require_GET
@login_required
def paper_list(request: HttpRequest) -> HttpResponse:
    """Papers, newest first; a wrong filter is told above the rows it cannot filter."""
    at = timezone.now()
    mine = Paper.objects.visible_to(request.user)
    found = PaperFilter(request.GET, queryset=mine.for_list())
    defects = found.defects()
    page = page_of(Paper.objects.none() if defects else found.qs, request.GET)
    context = {
        "filter": found,
        "defects": defects,
        "page": page,
        "cards": cards_of(page.rows),
        "counts": mine.counts(),
        "may_scan": not request.user.roles_now.isdisjoint(ScanQuerySet.access),  # type: ignore[union-attr]
        "may_draft": not request.user.roles_now.isdisjoint(DraftQuerySet.access),  # type: ignore[union-attr]
        "year": timezone.localdate(at).year,
        "is_filtered": any(request.GET.get(name) for name in found.filters),
        "at": at,
    }
    return render(request, "oversight/paper_list.html", context, status=400 if defects else 200)


@require_GET
@login_required
def paper(request: HttpRequest, pk: UUID) -> HttpResponse:
    return shown_paper(request, found_paper(request, pk))


@require_GET
@login_required
def paper_pdf(request: HttpRequest, pk: UUID) -> FileResponse:
    return pdf_answer(pdf_of(found_paper(request, pk), at=timezone.now()))


@require_POST
@login_required
def paper_withdrawal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Propose to take it back, or decide on what somebody proposed."""
    one, verb = found_paper(request, pk), request.POST.get("verb", "")
    form = WithdrawalForm(request.POST, verb=verb)
    if not form.is_valid():
        return shown_paper(request, one, form, verb, status=400)
    try:
        act_on_withdrawal(one, verb, form.cleaned_data.get("words", ""), by=officer_of(request), at=timezone.now())
    except Refusal as refusal:
        return shown_paper(request, found_paper(request, pk), form, verb, status=put_on(form, refusal))
    messages.success(request, WITHDRAWAL_DONE[verb])
    return redirect(one)


@require_POST
@login_required
def paper_move(request: HttpRequest, pk: UUID) -> HttpResponse:
    one, verb = found_paper(request, pk), request.POST.get("verb", "")
    form = PaperMoveForm(request.POST, request.FILES, verb=verb, servers=servers(timezone.now()))
    if not form.is_valid():
        return shown_paper(request, one, form, verb, status=400)
    try:
        move_paper(one, verb, by=officer_of(request), at=timezone.now(), **form.facts())
    except Refusal as refusal:
        status = put_on(form, refusal, {"file": "files"})
        return shown_paper(request, found_paper(request, pk), form, verb, status=status)
    messages.success(request, DONE[verb])
    return redirect(one)


def found_paper(request: HttpRequest, pk: UUID) -> Paper:
    mine = Paper.objects.visible_to(request.user).for_detail()
    one: Paper = get_object_or_404(mine, pk=pk)
    return one


def shown_paper(
    request: HttpRequest, one: Paper, form: forms.Form | None = None, verb: str = "", status: int = 200
) -> HttpResponse:
    at, by = timezone.now(), officer_of(request)
    opened, closed = NOTICE_FLOW.choices(one, by)
    withdrawals, more_moves, more_closed = service.withdrawals_of(one, by)
    shown = [shown_move(one, found.move, at) for found in opened]
    shown += [shown_withdrawal(one, move) for move in more_moves]
    if form is not None:
        shown = [replace(move, form=form) if move.verb == verb else move for move in shown]
    is_open = any(move.verb == verb for move in shown)
    context = {
        "paper": one,
        "facts": service.facts_shown(one),
        "sheet": words_of(one, Paper.Kind(one.kind)),
        "sheet_title": TITLES[Paper.Kind(one.kind)],
        "steps": service.steps_of(one),
        "replies": service.replies_of(one),
        "scans": service.scans_of(one),
        "withdrawals": withdrawals,
        "past_month": service.past_month(one, Paper.objects.visible_to(by), at=at),
        "moves": shown,
        "closed": [*closed, *more_closed],
        "subject_url": service.subject_url(one, by),
        "refused_form": form if form is not None and not is_open else None,
        "unsent": form["text"].value() if form is not None and not is_open and "text" in form.fields else "",
        "posting": opened[0].posting if opened else next((str(post) for post in by.postings_now), ""),
    }
    return render(request, "oversight/paper_detail.html", context, status=status)


def shown_move(one: Paper, move: Move, at: datetime) -> ShownMove:
    form = PaperMoveForm(verb=move.verb, servers=servers(at)) if move.verb in FIELDS else None
    return ShownMove(
        move.verb, move.label, f"{one.get_absolute_url()}moves/", HINTS.get(move.verb, ""), form=form,
        is_irreversible=move.is_irreversible,
    )  # fmt: skip


def shown_withdrawal(one: Paper, move: Move) -> ShownMove:
    form = WithdrawalForm(verb=move.verb) if WITHDRAWAL_FIELDS[move.verb] else None
    return ShownMove(
        move.verb, move.label, f"{one.get_absolute_url()}withdrawal/", HINTS.get(move.verb, ""), form=form,
        is_irreversible=True,
    )  # fmt: skip


def servers(at: datetime) -> Any:
    """Who may have brought a paper: the serving people of the bureau."""
    posts = Posting.objects.at(at).filter(organisation__kind=Organisation.Kind.BUREAU)
    return Officer.objects.filter(pk__in=posts.values("officer")).order_by("username")
