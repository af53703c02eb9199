"""Pages of the papers: the list, one paper with its way and its answers, and the moves that are open on it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

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
from bureau.views.who import officer_of
from oversight import service
from oversight.actions import move_paper
from oversight.filters import PaperFilter
from oversight.forms import FIELDS, PaperMoveForm
from oversight.models import Paper
from oversight.printing import pdf_answer, pdf_of
from oversight.workflow_notices import NOTICE_FLOW

DONE = {
    "receive": _("Signed for. The paper now waits for your answer."),
    "reply": _("Answered. Only feedback on the case itself stops the clock."),
    "accept_reply": _("The answer is accepted. The unit is told."),
    "reject_reply": _("The answer is rejected. The unit must answer again and is told."),
}
HINTS = {"reject_reply": _("The unit gets a clock for the next answer; this answer and your reason stay on file.")}


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
def paper_move(request: HttpRequest, pk: UUID) -> HttpResponse:
    one, verb = found_paper(request, pk), request.POST.get("verb", "")
    form = PaperMoveForm(request.POST, request.FILES, verb=verb)
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
    mine = Paper.objects.visible_to(request.user).for_list().select_related("received_by")
    one: Paper = get_object_or_404(mine, pk=pk)
    return one


def shown_paper(
    request: HttpRequest, one: Paper, form: PaperMoveForm | None = None, verb: str = "", status: int = 200
) -> HttpResponse:
    opened, closed = NOTICE_FLOW.choices(one, request.user)
    is_open = any(found.move.verb == verb for found in opened)
    context = {
        "paper": one,
        "facts": service.facts_shown(one),
        "steps": service.steps_of(one),
        "replies": service.replies_of(one),
        "past_month": service.past_month(one, Paper.objects.visible_to(request.user), at=timezone.now()),
        "moves": [shown_move(one, found.move, form if found.move.verb == verb else None) for found in opened],
        "closed": closed,
        "subject_url": service.subject_url(one, request.user),
        "refused_form": form if form is not None and not is_open else None,
        "unsent": form["text"].value() if form is not None and not is_open and "text" in form.fields else "",
        "posting": opened[0].posting if opened else next((str(post) for post in request.user.postings_now), ""),  # type: ignore[union-attr]
    }
    return render(request, "oversight/paper_detail.html", context, status=status)


def shown_move(one: Paper, move: Move, form: PaperMoveForm | None) -> ShownMove:
    shown: Any = form or (PaperMoveForm(verb=move.verb) if move.verb in FIELDS else None)
    return ShownMove(
        move.verb, move.label, f"{one.get_absolute_url()}moves/", HINTS.get(move.verb, ""), form=shown,
        is_irreversible=move.is_irreversible,
    )  # fmt: skip
