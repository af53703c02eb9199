"""One issue: where it stands, by when and why, what was done, and what this person can do now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from bureau.desk.contributions import subject_panels
from bureau.desk.refusal import LawRefused, Refusal, Words
from bureau.desk.workflow import OpenMove
from bureau.face.panels import ClosedMove, ShownMove
from grid.actions import can_add_photo, can_correct, can_reveal
from grid.actions.dispatch import handlers_anywhere, handlers_in, propose_handler
from grid.forms import AddPhotoForm, Choices, form_of
from grid.models import Issue
from grid.presenting.clocks import clocks_of, head_clock
from grid.presenting.issue import Sight, facts_of, frames_of, has_reporter, photos_of
from grid.presenting.merging import merging_of
from grid.presenting.people import officers_to_name
from grid.presenting.requests import asking_of
from grid.presenting.trail import ahead_of, past_of
from grid.workflow import ISSUE_FLOW

STAGES = ("before", "after")
OWN_PAGE = frozenset({"refuse", "void"})
HINTS: Mapping[str, Words] = {
    "feed_back": _("Feeding back stops the clock."),
    "close": _("The case is over then; whoever reported it is told."),
    "accept": _("It goes to the shift leader, who files it."),
    "file": _("It goes to the dispatcher."),
    "take": _("The clock has been running since dispatch."),
    "arrive": _("It meets the response limit; the handling limit runs on."),
    "redispatch": _(
        "Only for the centre's own error: it counts as a wrong dispatch, and the new clock begins at once."
    ),
    "ask_verification": _("An inspector who did not handle it looks at the place."),
    "verify": _("Compare the photos from before and after at the place."),
}


@dataclass(frozen=True)
class Tried:
    """What was sent and refused: the variant of the move (or `photo`), its form as it was typed, and why."""

    variant: str
    form: Any = None
    refusal: Refusal | None = None
    words: str = ""


@dataclass(frozen=True)
class OtherPanel:
    """What another room shows on this page."""

    title: Words
    html: SafeString
    is_wide: bool


@dataclass
class Offers:
    """The moves as they are shown, and their forms by variant."""

    open: list[ShownMove] = field(default_factory=list)
    closed: list[ClosedMove] = field(default_factory=list)
    posting: Any = ""


@require_GET
@login_required
def issue_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    issue = visible_issue(request, pk)
    return show(request, issue, timezone.now())


def visible_issue(request: HttpRequest, pk: UUID) -> Issue:
    rows = Issue.objects.visible_to(request.user).select_related("type", "unit", "handled_by", "reported_by")
    return get_object_or_404(rows, pk=pk)


def show(request: HttpRequest, issue: Issue, at: datetime, tried: Tried | None = None) -> HttpResponse:
    """The page; with `tried` it says what was refused and keeps what was typed."""
    status = tried.refusal.status if tried and tried.refusal else 400 if tried else 200
    return render(request, "grid/issue_detail.html", context_of(request, issue, at, tried), status=status)


def context_of(request: HttpRequest, issue: Issue, at: datetime, tried: Tried | None) -> dict[str, Any]:
    by, sight = request.user, Sight.of(request.user)
    clocks = clocks_of(issue, at)
    head = head_clock(clocks)
    entries = list(issue.entries)
    assignment = issue.assignments.standing().prefetch_related("officers").first() if issue.handled_by_id else None
    before, after = photos_of(issue) if sight.words else ([], [])
    offers = offers_of(issue, by, at, tried)
    return {
        "issue": issue,
        "sight": sight,
        "clocks": clocks,
        "head": head,
        "facts": facts_of(issue, assignment) if sight.words else facts_of(issue, assignment)[:6],
        "before": frames_of(issue, before),
        "after": frames_of(issue, after),
        "past": past_of(issue, entries, clocks) if sight.words else [],
        "ahead": ahead_of(head),
        "lines": len(entries),
        "offers": offers,
        "tried": tried,
        "is_lost": bool(tried and tried.refusal and not has_form(offers, tried)),
        "photo_form": photo_form_of(issue, by, tried) if sight.words else None,
        "may_correct": can_correct(issue, by),
        "may_reveal": sight.persons and can_reveal(issue, by) and has_reporter(issue),
        "asking": asking_of(issue, by, at) if sight.words else None,
        "merging": merging_of(issue, by) if sight.words else None,
        "panels": panels_of(request, issue, at),
        "is_new": "reported" in request.GET,
    }


def offers_of(issue: Issue, by: Any, at: datetime, tried: Tried | None) -> Offers:
    """Each open move with its words, its hint and its form; a move that was refused comes first, form open."""
    opened, closed = ISSUE_FLOW.choices(issue, by)
    offers = Offers(closed=closed, posting=opened[0].posting if opened else "")
    for found in opened:
        offers.open += shown_moves(issue, found, by, at, tried, offers.closed)
    if tried:
        offers.open.sort(key=lambda move: move.form is not tried.form)
    return offers


def shown_moves(
    issue: Issue, found: OpenMove, by: Any, at: datetime, tried: Tried | None, closed: list[ClosedMove]
) -> list[ShownMove]:
    """One button or form; two for a dispatch, to the proposed organisation and to another."""
    move = found.move
    if move.verb == "dispatch":
        return dispatches(issue, found, at, tried, closed)
    label = label_of(issue, found)
    if move.verb in OWN_PAGE:
        url = f"{issue.get_absolute_url()}move/{move.verb}/"
        return [ShownMove(move.verb, label, url, is_link=True, is_irreversible=True)]
    form = form_for(issue, move.verb, by, at, tried)
    return [ShownMove(move.verb, label, move_url(issue), HINTS.get(move.verb, ""), form)]


def dispatches(
    issue: Issue, found: OpenMove, at: datetime, tried: Tried | None, closed: list[ClosedMove]
) -> list[ShownMove]:
    choices = [(handler.code, str(handler)) for handler in handlers_in(issue, at)]
    shown = []
    try:
        proposal = propose_handler(issue, at=at)
    except LawRefused as refusal:
        closed.insert(0, ClosedMove(found.move.label, str(refusal)))
    else:
        label = gettext("Dispatch to %(to)s") % {"to": proposal.organisation}
        shown.append(ShownMove("dispatch", label, move_url(issue), proposal.rule_text))
        choices = [pair for pair in choices if pair[0] != proposal.organisation.code]
    if choices:
        form = (
            tried.form
            if tried and tried.variant == "dispatch_other" and tried.form
            else form_of("dispatch_other", Choices(choices))
        )
        shown.append(ShownMove("dispatch", gettext("Dispatch to another organisation"), move_url(issue), form=form))
    return shown


def form_for(issue: Issue, variant: str, by: Any, at: datetime, tried: Tried | None) -> Any:
    """The form of a variant, as it was typed when it was this one that was refused."""
    if tried and tried.variant == variant and tried.form is not None:
        return tried.form
    return form_of(variant, choices_of(issue, variant, by, at))


def choices_of(issue: Issue, variant: str, by: Any, at: datetime) -> Choices:
    if variant == "take":
        return Choices(officers=officers_to_name(issue, by))
    if variant == "redispatch":
        others = [handler for handler in handlers_anywhere(at) if handler.pk != issue.handled_by_id]
        return Choices(handlers=[(handler.code, str(handler)) for handler in others])
    if variant == "dispatch_other":
        return Choices(handlers=[(handler.code, str(handler)) for handler in handlers_in(issue, at)])
    return Choices()


def label_of(issue: Issue, found: OpenMove) -> Words:
    """The act with its object."""
    words = LABELS.get(found.move.verb)
    return (
        words % {"handler": issue.handled_by, "unit": issue.unit, "number": issue.number} if words else found.move.label
    )


def move_url(issue: Issue) -> str:
    return f"{issue.get_absolute_url()}move/"


def has_form(offers: Offers, tried: Tried) -> bool:
    return tried.variant == "photo" or any(move.form is tried.form for move in offers.open if tried.form is not None)


def photo_form_of(issue: Issue, by: Any, tried: Tried | None) -> Any:
    """The form that adds photos, or None when this person adds none now."""
    if tried and tried.variant == "photo" and tried.form is not None:
        return tried.form
    stages = stages_for(issue, by)
    return AddPhotoForm(stages=stages, auto_id="id_photo_%s") if stages else None


def stages_for(issue: Issue, by: Any) -> list[str]:
    mine = issue.reported_by_id == by.pk
    return [s for s in STAGES if can_add_photo(issue, by, s) or (s == "before" and mine and not issue.closed_at)]


def panels_of(request: HttpRequest, issue: Issue, at: datetime) -> list[OtherPanel]:
    """What other rooms contribute for an issue."""
    found = []
    for panel in subject_panels:
        if panel.of != "grid.issue":
            continue
        values = panel.context(issue, request.user, at)
        if values is not None:
            html = render_to_string(panel.template, {"issue": issue, "now": at, **values}, request)
            found.append(OtherPanel(panel.title, html, panel.is_wide))
    return found


LABELS: Mapping[str, Words] = {
    "confirm": _("Confirm that it is there"),
    "verify": _("Pass the verification of %(handler)s"),
    "rework": _("Send back to %(handler)s for rework"),
    "ask_verification": _("Send an inspector to verify"),
    "ask_confirmation": _("Send an inspector to confirm"),
    "void": _("Void and tell the reporter"),
}
