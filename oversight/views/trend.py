"""Pages behind the trend of the board: day by day and by type, and the clocks that turned red on a day."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from bureau.desk.almanac import current_calendar
from bureau.desk.fence import cards_of
from bureau.desk.paging import page_of
from oversight import service
from oversight.board import Board
from oversight.board.trend import Trend, trend_of, turned_red
from oversight.filters import TurnedFilter
from oversight.querysets import RedListQuerySet
from oversight.views.board import board_for, board_reach


@require_GET
@login_required
def trend(request: HttpRequest) -> HttpResponse:
    board = board_for(request)
    return render(request, "oversight/trend.html", {"board": board, "trend": trend_beside(board, request)})


@require_GET
@login_required
def chart(request: HttpRequest) -> HttpResponse:
    """The drawing alone: the board fetches it by itself, for it changes seldom and costs more than all the rest."""
    found = board_reach(request)
    drawn = trend_of(request.user, [], at=timezone.now(), unit=found)
    return render(request, "oversight/board_trend.html", {"trend": drawn, "scope": found})


def trend_beside(board: Board, request: HttpRequest) -> Trend:
    return trend_of(request.user, [row.unit for row in board.rows], at=board.at, unit=board.unit)


@require_GET
@login_required
def turned(request: HttpRequest) -> HttpResponse:
    """The clocks behind a figure of the trend, the newest first."""
    at = timezone.now()
    rungs = turned_red(request.user, at=at).select_related("clock__unit", "clock__owed_by")
    found = TurnedFilter(request.GET, queryset=rungs.order_by("-reached_at", "-pk"))
    found.calendar = current_calendar()
    defects = found.defects()
    page = page_of(found.queryset.none() if defects else found.qs, request.GET)
    cards = cards_of(rung.clock for rung in page.rows)
    context = {
        "filter": found,
        "defects": defects,
        "page": page,
        "rows": [
            {
                "rung": rung,
                "clock": rung.clock,
                "card": cards.get(rung.clock.subject_id),
                "what": service.clock_label(rung.clock),
                "light": rung.clock.light(at),
            }
            for rung in page.rows
        ],
        "on": None if defects else found.form.cleaned_data.get("on"),
        "is_metadata": RedListQuerySet.is_metadata(request.user),
    }
    return render(request, "oversight/turned_list.html", context, status=400 if defects else 200)
