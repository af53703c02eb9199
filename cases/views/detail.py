"""One case: the road, by when and why, facts and basis, who approved, and what this person can do now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from bureau.desk.refusal import Refusal, Words
from bureau.face.panels import ShownMove
from cases.forms import form_of
from cases.models import Case
from cases.presenting.case import party_facts, past_of, reads_all, rounds_of
from cases.presenting.clocks import ahead_of, clocks_of
from cases.presenting.road import road_of
from cases.workflow import CASE_FLOW
from grid.models import Issue

HINTS: Mapping[str, Words] = {
    "request_filing": _("The squad leader reviews it next. The limit of the verification runs on."),
    "endorse": _("It goes to the deputy director, who files it."),
    "file": _("It gets its filing number, and the period to decide begins today."),
    "return_for_completion": _("It goes back to the two officers; the limit runs on."),
}


@dataclass(frozen=True)
class Tried:
    """A move that was sent and refused: its form as it was typed, and why."""

    verb: str
    form: Any = None
    refusal: Refusal | None = None


@require_GET
@login_required
def case_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    return show(request, visible_case(request, pk), timezone.now())


def visible_case(request: HttpRequest, pk: UUID) -> Case:
    rows = Case.objects.visible_to(request.user).select_related(
        "power__edition", "party", "unit", "handled_by", "issue", "issue__type", "first_officer", "second_officer"
    )
    return get_object_or_404(rows, pk=pk)


def show(request: HttpRequest, case: Case, at: datetime, tried: Tried | None = None) -> HttpResponse:
    """The page; with `tried` it says what was refused and keeps what was typed."""
    status = tried.refusal.status if tried and tried.refusal else 400 if tried else 200
    return render(request, "cases/case_detail.html", context_of(request, case, at, tried), status=status)


def context_of(request: HttpRequest, case: Case, at: datetime, tried: Tried | None) -> dict[str, Any]:
    by, entries, clocks = request.user, list(case.entries), clocks_of(case, at)
    is_read = reads_all(by)
    opened, closed = CASE_FLOW.choices(case, by)
    return {
        "case": case,
        "is_read": is_read,
        "road": road_of(case, entries),
        "clocks": clocks,
        "head": clocks[0] if clocks else None,
        "party": party_facts(case, by) if is_read else [],
        "issue_is_open_to_me": case.issue_id and Issue.objects.visible_to(by).filter(pk=case.issue_id).exists(),
        "rounds": rounds_of(entries),
        "past": past_of(entries, clocks) if is_read else [],
        "ahead": ahead_of(clocks),
        "lines": len(entries),
        "open": shown_moves(case, opened, tried),
        "closed": closed,
        "posting": opened[0].posting if opened else "",
        "tried": tried,
        "is_new": "opened" in request.GET,
    }


def shown_moves(case: Case, opened: list[Any], tried: Tried | None) -> list[ShownMove]:
    """Each open move with its hint and its form; one that was refused comes first, with what was typed."""
    shown = [shown_move(case, found.move, tried) for found in opened]
    return sorted(shown, key=lambda move: not (tried and tried.verb == move.verb))


def shown_move(case: Case, move: Any, tried: Tried | None) -> ShownMove:
    if move.is_irreversible:
        url = reverse("cases:move-page", args=[case.pk, move.verb])
        return ShownMove(move.verb, move.label, url, is_link=True, is_irreversible=True)
    form = tried.form if tried and tried.verb == move.verb else form_of(move.verb)
    return ShownMove(move.verb, move.label, reverse("cases:move", args=[case.pk]), HINTS.get(move.verb, ""), form)
