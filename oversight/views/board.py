"""Pages of oversight: the red-light board and its rows, the papers, their receipt and reply."""

from __future__ import annotations

import hashlib
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bureau.desk.almanac import current_calendar
from bureau.desk.fence import cards_of
from bureau.desk.models.clock import Clock
from bureau.desk.paging import page_of
from bureau.desk.readings import read_clock
from bureau.desk.refusal import Refusal
from bureau.desk.scope import Projection
from bureau.face.panels import ClosedMove, ShownMove
from bureau.models import Unit
from oversight import actions, service
from oversight.board import RUNG_AFTER, WORKING_DAY, Board, board_of
from oversight.filters import ClockRowFilter, PaperFilter
from oversight.forms import ReplyForm
from oversight.models import Paper
from oversight.printing import pdf_answer, pdf_of
from oversight.querysets import RED_LIST_ACCESS, RedListQuerySet


@require_GET
@login_required
def board(request: HttpRequest) -> HttpResponse:
    return render(request, "oversight/board.html", {"board": board_for(request)})


@require_GET
@login_required
def figures(request: HttpRequest) -> HttpResponse:
    """The live part of the board; unchanged figures are answered 304 without being sent again."""
    response = render(request, "oversight/board_figures.html", {"board": board_for(request)})
    etag = quote_etag(hashlib.sha256(response.content).hexdigest()[:32])
    response["ETag"] = etag
    patch_cache_control(response, private=True, no_cache=True)
    return get_conditional_response(request, etag=etag, response=response) or response


def board_for(request: HttpRequest) -> Board:
    """The board within the reader's reach; whoever has no part in the red list finds no such page."""
    if request.user.roles_now.isdisjoint(RED_LIST_ACCESS):
        raise Http404
    code = request.GET.get("unit", "")
    unit = get_object_or_404(Unit, code=code) if code else None
    return board_of(request.user, at=timezone.now(), unit=unit)


@require_GET
@login_required
def rows(request: HttpRequest) -> HttpResponse:
    """The clocks behind a figure of the board, oldest first."""
    at, calendar = timezone.now(), current_calendar()
    clocks = RedListQuerySet(Clock).running().visible_to(request.user)
    found = ClockRowFilter(request.GET, queryset=clocks.select_related("unit", "owed_by").order_by("due_at", "pk"))
    found.at, found.soon_until = at, calendar.add_working_time(at, WORKING_DAY)
    defects = found.defects()
    page = page_of(found.queryset.none() if defects else found.qs, request.GET)
    cards = cards_of(page.rows)
    shown = [
        {
            "clock": clock,
            "reading": read_clock(clock, at=at, calendar=calendar),
            "card": cards.get(clock.subject_id),
            "what": service.clock_label(clock),
            "rung": RUNG_AFTER.get(clock.next_rung) if clock.light(at) == "red" else None,
        }
        for clock in page.rows
    ]
    is_metadata = RedListQuerySet.projection_for(request.user) is Projection.METADATA
    context = {"filter": found, "defects": defects, "page": page, "rows": shown, "is_metadata": is_metadata}
    return render(request, "oversight/clock_list.html", context, status=400 if defects else 200)


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
        "unreceived": mine.awaiting_receipt().count(),
        "unanswered": mine.awaiting_reply().count(),
        "year": timezone.localdate(at).year,
        "is_filtered": any(request.GET.get(name) for name in found.filters),
        "at": at,
    }
    return render(request, "oversight/paper_list.html", context, status=400 if defects else 200)


@require_GET
@login_required
def paper(request: HttpRequest, pk: UUID) -> HttpResponse:
    return shown_paper(request, found_paper(request, pk), ReplyForm())


@require_GET
@login_required
def paper_pdf(request: HttpRequest, pk: UUID) -> FileResponse:
    return pdf_answer(pdf_of(found_paper(request, pk), at=timezone.now()))


@require_POST
@login_required
def paper_receipt(request: HttpRequest, pk: UUID) -> HttpResponse:
    one = found_paper(request, pk)
    try:
        actions.acknowledge_paper(one, by=request.user, at=timezone.now())
        messages.success(request, _("Signed for. The paper now waits for your answer."))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(one)


@require_POST
@login_required
def paper_reply(request: HttpRequest, pk: UUID) -> HttpResponse:
    one = found_paper(request, pk)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return shown_paper(request, one, form, status=400)
    try:
        actions.reply_to_paper(one, form.cleaned_data["text"], by=request.user, at=timezone.now())
        messages.success(request, _("Answered. Only feedback on the case itself stops the clock."))
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return shown_paper(request, found_paper(request, pk), form, status=refusal.status)
    return redirect(one)


def found_paper(request: HttpRequest, pk: UUID) -> Paper:
    mine = Paper.objects.visible_to(request.user).for_list().select_related("received_by", "replied_by")
    return get_object_or_404(mine, pk=pk)


def shown_paper(request: HttpRequest, one: Paper, form: ReplyForm, status: int = 200) -> HttpResponse:
    open_verbs = actions.open_to(one, request.user)
    context = {
        "paper": one,
        "facts": service.facts_shown(one),
        "steps": service.steps_of(one),
        "past_month": service.past_month(one, Paper.objects.visible_to(request.user), at=timezone.now()),
        "moves": moves_of(one, open_verbs, form),
        "closed": [ClosedMove(MOVE_WORDS[verb], str(why)) for verb, why in actions.closed_to(one, request.user)],
        "subject_url": service.subject_url(one, request.user),
        "reply_form": form,
        "unsent": form["text"].value() if form.is_bound and "reply" not in open_verbs else "",
        "posting": next((str(posting) for posting in request.user.postings_now), ""),
    }
    return render(request, "oversight/paper_detail.html", context, status=status)


MOVE_WORDS = {"receipt": service.SIGN, "reply": service.ANSWER}


def moves_of(one: Paper, verbs: tuple[str, ...], form: ReplyForm) -> list[ShownMove]:
    from_words = {"receipt": None, "reply": form}
    return [
        ShownMove(verb, MOVE_WORDS[verb], service.url_of(one, verb), form=from_words[verb])
        for verb in ("receipt", "reply")
        if verb in verbs
    ]
