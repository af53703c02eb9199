"""My desk: a queue by clock with a focus panel; one query over the clocks that I owe."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from bureau.desk.almanac import current_calendar
from bureau.desk.contributions import SubjectCard, SubjectKind, kind_of, workflows
from bureau.desk.fence import cards_of
from bureau.desk.models.clock import Clock, Light
from bureau.desk.my_work import owed_by, ranked, red_count, tally
from bureau.desk.paging import page_of
from bureau.desk.readings import Reading, read_clock
from bureau.desk.refusal import Words
from bureau.desk.requests import waiting_for

SHOWN = 5  # decisions beside the queue
UNKNOWN = SubjectCard(number="", title="", place="", url="")


@dataclass(frozen=True)
class Job:
    """A clock that I owe, as a row of the queue."""

    clock: Clock
    reading: Reading
    card: SubjectCard
    what: Words
    is_focus: bool = False


@require_GET
@login_required
def desk(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    mine = owed_by(request.user)
    counts = tally(mine, at)
    light = request.GET.get("light", "")
    shown = ranked(mine, at)
    if light in Light.values:
        shown = shown.filter(light_now=light)
    page = page_of(shown, request.GET, total=counts.get(light or "all", counts["all"]))
    jobs = jobs_of(page.rows, at, request.GET.get("focus", ""))
    decisions = waiting_for(request.user, at=at)
    cards = cards_of(decisions[:SHOWN])
    focus = next((job for job in jobs if job.is_focus), None)
    context = {
        "page": page,
        "jobs": jobs,
        "counts": counts,
        "light": light,
        "first": jobs[0] if jobs else None,
        "focus": focus,
        "waiting": [(one, cards.get(one.subject_id, UNKNOWN)) for one in decisions[:SHOWN]],
        "waiting_more": max(0, len(decisions) - SHOWN),
        "moves": moves_of(focus, request.user) if focus else [],
    }
    return render(request, "bureau/desk.html", context)


def jobs_of(clocks: Iterable[Clock], at: datetime, focus: str) -> list[Job]:
    """The rows with the cards of their subjects, fetched in bulk for each noun; the first is in focus unless named."""
    clocks, calendar = list(clocks), current_calendar()
    cards = cards_of(clocks)
    named = next((str(clock.pk) for clock in clocks if str(clock.pk) == focus), "")
    chosen = named or (str(clocks[0].pk) if clocks else "")
    return [
        Job(
            clock,
            read_clock(clock, at=at, calendar=calendar),
            cards.get(clock.subject_id, UNKNOWN),
            what_of(clock),
            str(clock.pk) == chosen,
        )
        for clock in clocks
    ]


def kind_of_type(type_id: int) -> SubjectKind | None:
    model = ContentType.objects.get_for_id(type_id).model_class()
    return kind_of(model) if model else None


def what_of(clock: Clock) -> Words:
    """What the clock asks for, in the words of its room."""
    kind = kind_of_type(clock.subject_type_id)
    return kind.clock_labels.get(clock.kind, clock.kind) if kind else clock.kind


def moves_of(job: Job, officer: Any) -> list[Words]:
    """The labels of the moves open to me on the subject in focus; they are made on its own page."""
    kind = kind_of_type(job.clock.subject_type_id)
    flow = workflows.get(kind.model._meta.model_name or "") if kind else None
    if kind is None or flow is None:
        return []
    rows: Any = kind.model._default_manager.all()
    subject = rows.visible_to(officer).filter(pk=job.clock.subject_id).first()
    return [found.move.label or found.move.verb for found in flow.open_to(subject, officer)] if subject else []


def red_of_mine(officer: Any) -> int:
    """The figure beside my desk in the navigation."""
    return red_count(officer, at=timezone.now())
