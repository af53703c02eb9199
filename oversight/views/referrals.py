"""Referrals: what waits for a decision or an approval, what was handed over, and what came of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from bureau.desk.almanac import current_calendar
from bureau.desk.contributions import act_labels
from bureau.desk.fence import cards_of
from bureau.desk.models import Clock, Entry
from bureau.desk.paging import page_of
from bureau.desk.readings import read_clock
from bureau.desk.refusal import Refusal
from bureau.desk.workflow import Move
from bureau.face.panels import Happening, ShownMove
from bureau.forms_refusals import put_on
from bureau.models import Officer
from bureau.views.who import officer_of
from oversight import service
from oversight.actions import may_take, move_referral
from oversight.actions.referral_effects import sign_by, withdrawal_digest
from oversight.actions.sealed_answers import enterable, may_not_judge, waiting
from oversight.models import LATE, Paper, ReferralCandidate
from oversight.querysets import ReferralQuerySet
from oversight.referral_forms import ReferralMoveForm, SealedAnswerForm, SealedVerdictForm
from oversight.referrals import CONFIRM, CONSEQUENCES, ENTER, LABELS, REJECT, open_clocks, sealed_answers_of, series_of
from oversight.workflow import REFERRAL_FLOW

WAITING = ("candidate", "proposed")


@require_GET
@login_required
def referral_list(request: HttpRequest) -> HttpResponse:
    """What waits first, soonest due first; with `all` everything, newest first."""
    readable(request)
    is_all = "all" in request.GET
    mine = ReferralCandidate.objects.visible_to(request.user).for_list()
    rows = mine.order_by("-duty_at", "-pk") if is_all else mine.filter(status__in=WAITING).order_by("decide_by", "pk")
    page = page_of(rows, request.GET)
    at, calendar = timezone.now(), current_calendar()
    running, cards = open_clocks(page.rows), cards_of(page.rows)
    readings = {pk: read_clock(clock, at=at, calendar=calendar) for pk, clock in running.items()}
    shown = [
        (one, cards.get(one.subject_id), readings.get(one.pk), service.clock_label(one.rung.clock)) for one in page.rows
    ]
    waiting = mine.filter(status__in=WAITING).count()
    context = {"page": page, "rows": shown, "is_all": is_all, "waiting": waiting}
    return render(request, "oversight/referral_list.html", context)


@require_GET
@login_required
def package_list(request: HttpRequest) -> HttpResponse:
    """Hand-overs of a year by their number, 1 to n: what is missing shows as a gap (security.md I25)."""
    readable(request)
    given = request.GET.get("year", "")
    year = int(given) if given.isascii() and given.isdigit() and len(given) == 4 else timezone.localdate().year
    return render(request, "oversight/package_list.html", {"series": series_of(year, request.user)})


@require_GET
@login_required
def referral(request: HttpRequest, pk: UUID) -> HttpResponse:
    return shown_referral(request, found(request, pk))


@require_POST
@login_required
def referral_move(request: HttpRequest, pk: UUID) -> HttpResponse:
    one, verb = found(request, pk), request.POST.get("verb", "")
    form = ReferralMoveForm(request.POST, verb=verb, auto_id=f"id_{verb}_%s")
    if not form.is_valid():
        return shown_referral(request, one, form, verb, status=400)
    try:
        move_referral(one, verb, by=officer_of(request), at=timezone.now(), **form.cleaned_data)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return shown_referral(request, found(request, pk), form, verb, status=put_on(form, refusal))
    messages.success(request, one.get_status_display())
    return redirect(one)


def shown_referral(
    request: HttpRequest,
    one: ReferralCandidate,
    form: Form | None = None,
    verb: str = "",
    status: int = 200,
) -> HttpResponse:
    at, calendar = timezone.now(), current_calendar()
    opened, closed = REFERRAL_FLOW.choices(one, request.user)
    clock = Clock.objects.about(one).running().order_by("due_at").first()
    late = calendar.working_time_between(one.rung.reached_at, one.rung.raised_at)
    papers = Paper.objects.filter(subject_type=one.subject_type_id, subject_id=one.subject_id).order_by("issued_at")
    context = {
        "one": one,
        "card": cards_of([one]).get(one.subject_id),
        "reading": read_clock(clock, at=at, calendar=calendar) if clock else None,
        "clock": clock,
        "is_late": late > LATE,
        "limit_label": service.clock_label(one.rung.clock),
        "papers": papers,
        "subject_url": service.subject_url(one, request.user),
        "moves": [shown_move(one, found.move, form if found.move.verb == verb else None) for found in opened]
        + paper_moves(one, officer_of(request), form, verb),
        "answers": sealed_answers_of(one),
        "closed": closed,
        "posting": opened[0].posting if opened else "",
        "road": road_of(one),
        "sign_by": sign_by(one.decided_at) if one.status == "proposed" else None,
        "at": at,
        "may_take": may_take(one, officer_of(request)),
    }
    return render(request, "oversight/referral_detail.html", context, status=status)


def paper_moves(one: ReferralCandidate, by: Officer, form: Form | None, verb: str) -> list[ShownMove]:
    """Entering what came on sealed paper, or the second look at it."""
    url = f"{one.get_absolute_url()}from-paper/"
    if choices := enterable(one, by):
        shown = form if verb == ENTER and form else SealedAnswerForm(choices=choices)
        return [ShownMove(ENTER, LABELS[ENTER], url, CONSEQUENCES[ENTER], form=shown)]
    answer = waiting(one)
    if answer is None or may_not_judge(one, answer, by):
        return []
    return [
        ShownMove(
            verdict, LABELS[verdict], f"{url}{verdict}/", CONSEQUENCES[verdict],
            form=form if verb == verdict and form
            else SealedVerdictForm(initial={"digest": answer.digest}, verdict=verdict),
            is_irreversible=verdict == CONFIRM,
        )
        for verdict in (REJECT, CONFIRM)
    ]  # fmt: skip


def shown_move(one: ReferralCandidate, move: Move, form: Form | None) -> ShownMove:
    digest = withdrawal_digest(one) if move.verb == "withdraw" else one.digest
    initial = {"digest": digest, "reason": "handled" if move.verb == "explained" and one.handled_at else None}
    form = form or ReferralMoveForm(initial=initial, verb=move.verb, auto_id=f"id_{move.verb}_%s")
    url, hint = f"{one.get_absolute_url()}moves/", CONSEQUENCES.get(move.verb, "")
    return ShownMove(
        move.verb, move.label, url, hint, form=form if form.fields else None, is_irreversible=move.is_irreversible
    )


def road_of(one: ReferralCandidate) -> list[Happening]:
    labels: dict[str, Any] = dict(act_labels.items()) | {
        move.verb: move.label for move in (*REFERRAL_FLOW.table, *REFERRAL_FLOW.granted)
    }
    entries = Entry.objects.about(one).select_related("by", "acting_for").order_by("-seq")
    return [
        Happening(
            entry.at, labels.get(entry.verb, entry.verb), who=str(entry.by or ""),
            rule=labels.get(entry.facts.get("verb"), ""), note=entry.note or str(entry.facts.get("words", "")),
            seal="refer" if entry.verb == "raise" else "",
        )
        for entry in entries
    ]  # fmt: skip


def found(request: HttpRequest, pk: UUID) -> ReferralCandidate:
    mine = ReferralCandidate.objects.visible_to(request.user).for_list()
    one: ReferralCandidate = get_object_or_404(mine, pk=pk)
    return one


def readable(request: HttpRequest) -> None:
    """Whoever has no part in referrals finds no such page."""
    if request.user.roles_now.isdisjoint(ReferralQuerySet.access):  # type: ignore[union-attr]
        raise Http404
