"""Pages of the red-light board and of the clocks behind its figures."""

from __future__ import annotations

import hashlib

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.views.decorators.http import require_GET

from bureau.desk.almanac import current_calendar
from bureau.desk.fence import cards_of
from bureau.desk.models.clock import Clock
from bureau.desk.paging import page_of
from bureau.desk.readings import read_clock
from bureau.models import Unit
from oversight import service
from oversight.board import RUNG_AFTER, WORKING_DAY, Board, board_of
from oversight.board.ages import Ages
from oversight.filters import ClockRowFilter
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
    return board_of(request.user, at=timezone.now(), unit=board_reach(request))


def board_reach(request: HttpRequest) -> Unit | None:
    """The unit to which the address narrows the board; whoever has no part in the red list finds no such page."""
    if request.user.roles_now.isdisjoint(RED_LIST_ACCESS):
        raise Http404
    code = request.GET.get("unit", "")
    return get_object_or_404(Unit, code=code) if code else None


@require_GET
@login_required
def rows(request: HttpRequest) -> HttpResponse:
    """The clocks behind a figure of the board, oldest first."""
    at, calendar = timezone.now(), current_calendar()
    clocks = RedListQuerySet(Clock).running().visible_to(request.user)
    found = ClockRowFilter(request.GET, queryset=clocks.select_related("unit", "owed_by").order_by("due_at", "pk"))
    found.ages, found.soon_until = Ages(calendar, at), calendar.add_working_time(at, WORKING_DAY)
    is_metadata = RedListQuerySet.is_metadata(request.user)
    if is_metadata:
        found.without_types()
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
    context = {"filter": found, "defects": defects, "page": page, "rows": shown, "is_metadata": is_metadata}
    return render(request, "oversight/clock_list.html", context, status=400 if defects else 200)
