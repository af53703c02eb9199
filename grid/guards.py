"""Separation of duties around an issue (security.md section 3, D1, D6, D11): by the natural person, not by the post."""

from __future__ import annotations

from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from bureau.desk.models import ClockRequest
from bureau.desk.refusal import IllegalTransition, Refusal, SodConflict
from bureau.desk.trail import last_act
from bureau.models import Officer, Posting, Role
from grid.models import Assignment, Issue

LEADS = (Role.SQUAD_LEADER, Role.UNIT_DESK, Role.PARTNER)


def goes_its_own_way(issue: Issue, by: Officer) -> Refusal | None:
    """What goes along with another issue is dealt with there."""
    if issue.merged_into is None:
        return None
    return IllegalTransition(
        format_lazy(_("It goes along with {number}, where all that happens is done."), number=issue.merged_into.number),
        code="goes_along",
    )


def has_nobody_along(issue: Issue, by: Officer) -> Refusal | None:
    """Reports that go along with an issue are not lost with it."""
    if not issue.children.exists():
        return None
    return IllegalTransition(
        _("Other reports go along with this issue: take them apart first."), code="others_go_along"
    )


def not_the_accepter(issue: Issue, by: Officer) -> Refusal | None:
    """Whoever accepted may not file as well (issue.file `a+`)."""
    accepted = last_act(issue, "accept")
    if accepted is None or accepted.by_id != by.pk:
        return None
    return SodConflict(
        _("You accepted this issue, so someone else must file it."), remedy=_("Ask another shift leader.")
    )


def not_of_the_handling_unit(issue: Issue, by: Officer) -> Refusal | None:
    """Nobody who served the handling organisation while it had the issue verifies or closes it (D1, D11)."""
    served = Posting.objects.filter(officer=by, starts_at__lte=Now(), organisation__assignments__issue=issue)
    if not served.filter(Q(ends_at=None) | Q(ends_at__gt=F("organisation__assignments__dispatched_at"))).exists():
        return None
    return SodConflict(
        _("You belong or belonged to the organisation that handled this issue (rule D1)."),
        remedy=_("Someone from outside it must do this."),
    )


def not_the_dispatcher(issue: Issue, by: Officer) -> Refusal | None:
    """Whoever dispatched an issue does not verify it (D6)."""
    if not Assignment.objects.filter(issue=issue, by=by).exists():
        return None
    return SodConflict(
        _("You dispatched this issue, so someone else must verify it (rule D6)."), remedy=_("Ask another inspector.")
    )


def is_assigned(issue: Issue, by: Officer) -> Refusal | None:
    """Only an officer named when it was taken, or the leader of the handling organisation, feeds back."""
    if leads(issue, by) or issue.assignments.standing().filter(officers=by).exists():
        return None
    return Refusal(
        _("You are not named on this issue."),
        code="not_assigned",
        remedy=_("The leader of the squad names who handles it."),
    )


def has_not_arrived(issue: Issue, by: Officer) -> Refusal | None:
    """There is one arrival to each response limit; a type without such a limit asks for none."""
    if issue.clocks.running().filter(kind="response").exists():
        return None
    return IllegalTransition(
        _("No response limit runs: somebody arrived already, or this type asks for none."), code="no_response_limit"
    )


def gave_the_feedback(issue: Issue, by: Officer) -> Refusal | None:
    """Whoever fed back, or the leader, may take it back until verification begins."""
    fed_back = last_act(issue, "feed_back")
    if leads(issue, by) or (fed_back is not None and fed_back.by_id == by.pk):
        return None
    return Refusal(_("Only whoever fed back, or the leader of the squad, may withdraw it."), code="not_assigned")


def no_rework_is_pending(issue: Issue, by: Officer) -> Refusal | None:
    """What somebody found not fixed is decided before the issue is verified or closed."""
    asked = ClockRequest.objects.about(issue).pending().filter(kind=ClockRequest.Kind.REWORK)
    if not asked.exists():
        return None
    return IllegalTransition(
        _("Somebody asks that this be sent back for rework."),
        code="rework_asked",
        remedy=_("Decide that request first."),
    )


def leads(issue: Issue, by: Officer) -> bool:
    return any(posting.organisation_id == issue.handled_by_id and posting.role in LEADS for posting in by.postings_now)
