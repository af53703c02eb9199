"""Figures of rules: what holds now and since when, what is proposed, and what a change would do to running clocks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bureau.desk import figures
from bureau.desk.fence import cards_of
from bureau.desk.models.figure import Figure
from bureau.desk.models.rule_change import CALENDAR, RuleChange
from bureau.desk.recalculation import can_recalculate, clocks_under, preview_of
from bureau.desk.refusal import Refusal
from bureau.desk.rule_changes import PROPOSERS, RULE_FLOW, move_change, propose_change, shown_digest
from bureau.face.panels import ShownMove
from bureau.forms_refusals import put_on
from bureau.forms_rules import DecisionForm, RuleForm
from bureau.views.who import officer_of


@require_GET
@login_required
def rule_list(request: HttpRequest) -> HttpResponse:
    readable(request)
    at = timezone.now()
    context = {
        "figures": figures.known_figures(figures.local_day(at)),
        "open": RuleChange.objects.filter(status="proposed").select_related("proposed_by"),
        "recent": RuleChange.objects.exclude(status="proposed").select_related("proposed_by", "decided_by")[:10],
        "of_older_calendar": clocks_under(RuleChange(name=CALENDAR)).count(),
        "calendar": CALENDAR,
    }
    return render(request, "rules/rule_list.html", context)


@login_required
def rule_detail(request: HttpRequest, name: str) -> HttpResponse:
    """One figure with its history; whoever may propose finds the form."""
    readable(request)
    at = timezone.now()
    known = known_or_404(name, at)
    form = RuleForm(request.POST or None, is_of_calendar=name == CALENDAR, can_recalculate=can_recalculate(name))
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            change = propose_change(name, **form.facts(), by=officer_of(request), at=at)
        except Refusal as refusal:
            status = put_on(form, refusal)
        else:
            messages.success(request, _("Proposed. Someone else of the bureau's leaders decides."))
            return redirect(change)
    context = {
        "known": known,
        "name": name,
        "form": form if PROPOSERS.posting_of(request.user, RuleChange()) else None,
        "rows": Figure.objects.filter(name=name).select_related("set_by"),
        "changes": RuleChange.objects.filter(name=name).select_related("proposed_by", "decided_by"),
        "is_of_calendar": name == CALENDAR,
    }
    return render(request, "rules/rule_detail.html", context, status=400 if form.errors and status == 200 else status)


@require_GET
@login_required
def rule_change(request: HttpRequest, pk: UUID) -> HttpResponse:
    return shown(request, found(request, pk))


@require_POST
@login_required
def rule_change_move(request: HttpRequest, pk: UUID) -> HttpResponse:
    change, verb = found(request, pk), request.POST.get("verb", "")
    form = DecisionForm(request.POST)
    form.is_valid()
    facts = {"digest": form.cleaned_data["digest"]} if verb == "enact" else {}
    try:
        move_change(change, verb, by=officer_of(request), at=timezone.now(), note=form.cleaned_data["note"], **facts)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return shown(request, found(request, pk), status=refusal.status)
    messages.success(request, f"{change}: {change.get_status_display()}")
    return redirect(change)


def shown(request: HttpRequest, change: RuleChange, status: int = 200) -> HttpResponse:
    at = timezone.now()
    is_open = change.status == RuleChange.Status.PROPOSED
    preview = preview_of(change, at=at) if change.recalculates and is_open else None
    opened, closed = RULE_FLOW.choices(change, request.user)
    digest = shown_digest(change, at=at) if is_open else ""
    context = {
        "change": change,
        "known": known_or_404(change.name, at),
        "preview": preview,
        "shifts": with_cards(preview) if preview else [],
        "moves": [shown_move(change, found.move, digest) for found in opened],
        "closed": closed,
        "posting": opened[0].posting if opened else "",
    }
    return render(request, "rules/rule_change.html", context, status=status)


def shown_move(change: RuleChange, move: Any, digest: str) -> ShownMove:
    form = DecisionForm(initial={"digest": digest}, needs_note=move.verb == "refuse", auto_id=f"id_{move.verb}_%s")
    url = f"{change.get_absolute_url()}move/"
    return ShownMove(move.verb, move.label, url, form=form, is_irreversible=move.is_irreversible)


def with_cards(preview: Any) -> list[tuple[Any, Any]]:
    cards = cards_of([shift.clock for shift in preview.shown])
    return [(shift, cards.get(shift.clock.subject_id)) for shift in preview.shown]


def found(request: HttpRequest, pk: UUID) -> RuleChange:
    rows = RuleChange.objects.visible_to(request.user).select_related("proposed_by", "decided_by")
    change: RuleChange = get_object_or_404(rows, pk=pk)
    return change


def readable(request: HttpRequest) -> None:
    """Whoever works by the rules reads them; nobody else finds such a page."""
    if request.user.roles_now.isdisjoint(RuleChange.objects.all().access):  # type: ignore[union-attr]
        raise Http404


def known_or_404(name: str, at: Any) -> figures.Known | None:
    if name == CALENDAR:
        return None
    known = figures.known_figures(figures.local_day(at), [name])
    if not known:
        raise Http404
    return known[0]
