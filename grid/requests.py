"""What may be asked about the clock of an issue, by whom and for which reasons, and what a grant does to the issue."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as p_

from bureau.desk.models.request import ClockRequest
from bureau.desk.refusal import Refusal, SodConflict
from bureau.desk.requests import RequestSpec
from bureau.desk.requests.spec import CENTRE, NounSpecs
from bureau.desk.workflow import actors
from bureau.models import Officer, Organisation, Role
from grid.actions.dispatch import assign, handlers_anywhere
from grid.actions.handle import rework
from grid.actions.settle import VOID_REASONS, end
from grid.duties import grid_centre
from grid.guards import is_assigned
from grid.models import Assignment, Issue
from grid.statuses import Status as S
from grid.workflow import DISPATCHER, HANDLERS, ISSUE_FLOW, LEADER, SHIFT_LEADER

Kind = ClockRequest.Kind
IN_HAND = frozenset({S.DISPATCHED, S.HANDLING})
FED_BACK = frozenset({S.HANDLED, S.VERIFYING, S.VERIFIED})
DISTRICT_DISPATCHER = actors(Role.DISPATCHER)
DISTRICT = actors(Role.SUPERVISION)
VOID_ASKERS = actors(
    Role.OPERATOR, Role.SHIFT_LEADER, Role.DISPATCHER,
    unit=(Role.UNIT_DESK,), handler=(Role.SQUAD_LEADER, Role.UNIT_DESK, Role.PARTNER),
)  # fmt: skip
REWORK_ASKERS = actors(Role.OPERATOR, Role.DISPATCHER, Role.SUPERVISION, unit=(Role.UNIT_DESK,))
REWORK_DECIDERS = actors(Role.INSPECTOR, Role.SHIFT_LEADER)

EXTENSION_REASONS = {
    "large_scale": p_("reason", "the scale calls for more time"),
    "several_bodies": p_("reason", "several bodies must act together"),
    "party_absent": p_("reason", "the party cannot be reached"),
    "evidence": p_("reason", "evidence is still to be taken"),
    "night_or_early": p_("reason", "it shows only at certain hours"),
}
SUSPENSION_REASONS = {
    "court_or_review": p_("reason", "steps of a court or of a review"),
    "engineering": p_("reason", "works must be done first"),
    "weather": p_("reason", "the weather does not allow it"),
    "ownership": p_("reason", "the ownership is in dispute"),
}
DEFERRAL_REASONS = {
    "season": p_("reason", "the season: planting or growing time"),
    "planned_works": p_("reason", "it is dealt with together with works that are planned"),
    "major_event": p_("reason", "safeguarding of a major event"),
}
RETURN_REASONS = {
    "not_our_duty": p_("reason", "it is not a duty of this body"),
    "not_our_territory": p_("reason", "the place lies in another unit"),
    "duplicate": p_("reason", "already reported"),
}
REWORK_REASONS = {
    "still_there": p_("reason", "the problem is still there"),
    "came_back": p_("reason", "it came back after the feedback"),
    "other_place": p_("reason", "the photos show another place"),
    "reporter_says_no": p_("reason", "the reporter says it is not fixed"),
}


def of_another_body(issue: Issue, by: Officer) -> Refusal | None:
    """Nobody asks that the own organisation be sent back: it takes its feedback back."""
    if all(posting.organisation_id != issue.handled_by_id for posting in by.postings_now):
        return None
    return SodConflict(_("Your organisation handled this issue: withdraw the feedback instead."))


# whom a request is put before


def centre_or_district(issue: Issue, level: int) -> Iterable[tuple[Organisation | None, Role]]:
    if level == CENTRE:
        return [(grid_centre(), Role.DISPATCHER)]
    return [(bureau_itself(), Role.SUPERVISION)]


def shift_and_desk(issue: Issue, level: int) -> Iterable[tuple[Organisation | None, Role]]:
    desk = Organisation.objects.filter(kind=Organisation.Kind.SUB_CENTRE, unit=issue.unit_id).first()
    return [(grid_centre(), Role.SHIFT_LEADER), (desk, Role.UNIT_DESK)]


def inspector_and_shift(issue: Issue, level: int) -> Iterable[tuple[Organisation | None, Role]]:
    return [(grid_centre(), Role.INSPECTOR), (grid_centre(), Role.SHIFT_LEADER)]


def bureau_itself() -> Organisation | None:
    return Organisation.objects.filter(kind=Organisation.Kind.BUREAU).order_by("valid_from").first()


# what a grant does


def give_back(issue: Issue, *, request: ClockRequest, by: Officer, at: datetime, note: str, to: Any, facts: Any) -> Any:
    """Back to the dispatcher; the second time to the body that the coordination meeting named (R10)."""
    verb, effect = ("designate", partial(designated, to=to)) if to else ("return", returned)
    facts = {**facts, "reason": request.reason}
    return ISSUE_FLOW.apply(issue, verb, by=by, at=at, note=note, facts=facts, effect=effect, is_granted=True)


def returned(issue: Issue, *, at: datetime, posting: Any, by: Officer, **facts: Any) -> dict[str, Any]:
    issue.assignments.standing().update(ended_at=at, ended_as=Assignment.Ending.RETURNED)
    issue.handled_by = None
    return facts


def designated(
    issue: Issue, *, to: Organisation, at: datetime, posting: Any, by: Officer, **facts: Any
) -> dict[str, Any]:  # fmt: skip
    assign(issue, to, "designated", by=by, at=at, ended_as=Assignment.Ending.RETURNED)
    return {**facts, "to": to.code}


def make_void(issue: Issue, *, request: ClockRequest, by: Officer, at: datetime, note: str, to: Any, facts: Any) -> Any:
    facts = {**facts, "reason": request.reason}
    return ISSUE_FLOW.apply(
        issue, "void_dispatched", by=by, at=at, note=note, facts=facts, effect=voided, is_granted=True
    )


def voided(issue: Issue, *, by: Officer, at: datetime, reason: str, posting: Any, **facts: Any) -> dict[str, Any]:
    return {**facts, **end(issue, by=by, at=at, reason=reason)}


def send_back(issue: Issue, *, request: ClockRequest, by: Officer, at: datetime, note: str, to: Any, facts: Any) -> Any:
    """As a failed check: used time and period go on, nothing begins anew (R9)."""
    facts = {**facts, "reason": request.reason}
    return ISSUE_FLOW.apply(
        issue, "rework_on_request", by=by, at=at, note=note, facts=facts, effect=reworked, is_granted=True
    )


def reworked(issue: Issue, *, at: datetime, posting: Any, by: Officer, **facts: Any) -> dict[str, Any]:
    return {**facts, **rework(issue, at=at)}


SPECS = (
    RequestSpec(
        kind=Kind.EXTENSION,
        clock_kind="handling",
        statuses=IN_HAND,
        askers=HANDLERS,
        deciders=(DISTRICT_DISPATCHER, DISTRICT),
        reasons=EXTENSION_REASONS,
        consequence=_(
            "Granted, the limit grows by what is asked, and light and date are computed anew. Until it is decided no "
            "notice goes out; after 8 working hours without a decision it counts as refused."
        ),
        posts=centre_or_district,
        guards=(is_assigned,),
    ),
    RequestSpec(
        kind=Kind.SUSPENSION,
        clock_kind="handling",
        statuses=IN_HAND,
        askers=HANDLERS,
        deciders=(DISTRICT_DISPATCHER, DISTRICT),
        reasons=SUSPENSION_REASONS,
        consequence=_(
            "Granted, the clock stands from that very second until the day named, and then goes on by itself. "
            "Refused, it never stood."
        ),
        posts=centre_or_district,
        guards=(is_assigned,),
    ),
    RequestSpec(
        kind=Kind.DEFERRAL,
        clock_kind="handling",
        statuses=IN_HAND,
        askers=HANDLERS,
        deciders=(DISTRICT_DISPATCHER, DISTRICT),
        reasons=DEFERRAL_REASONS,
        consequence=_(
            "The issue is dealt with later, with the season or with planned works: granted, the clock stands until "
            "the day named and then goes on by itself. Refused, it never stood."
        ),
        posts=centre_or_district,
        guards=(is_assigned,),
    ),
    RequestSpec(
        kind=Kind.RETURN,
        clock_kind="handling",
        statuses=IN_HAND,
        askers=LEADER,
        deciders=(DISPATCHER, DISTRICT),
        reasons=RETURN_REASONS,
        consequence=_(
            "Granted, the issue goes back to the dispatcher, this clock ends without a red light, and the next body "
            "gets the whole limit. Refused, the clock never stood. A second return goes to the coordination meeting, "
            "which names the body."
        ),
        posts=centre_or_district,
        grant=give_back,
        names_body=True,
    ),
    RequestSpec(
        kind=Kind.VOID,
        clock_kind="handling",
        statuses=IN_HAND,
        askers=VOID_ASKERS,
        deciders=(SHIFT_LEADER,),
        reasons=VOID_REASONS,
        consequence=_(
            "Granted, the grid case is over: its clocks end without a red light, it cannot be opened again, and "
            "whoever reported it is told. It stays in the record."
        ),
        posts=shift_and_desk,
        grant=make_void,
        is_irreversible=True,
    ),
    RequestSpec(
        kind=Kind.REWORK,
        clock_kind="handling",
        statuses=FED_BACK,
        askers=REWORK_ASKERS,
        deciders=(REWORK_DECIDERS,),
        reasons=REWORK_REASONS,
        consequence=_(
            "Granted, the issue goes back to the handling body as after a failed check: the time it used stays used, "
            "nothing begins anew, and the rework counts."
        ),
        posts=inspector_and_shift,
        guards=(of_another_body,),
        grant=send_back,
        foreign_to="handler",
        wants_met_clock=True,
    ),
)
ISSUE_REQUESTS = NounSpecs(
    kinds={spec.kind: spec for spec in SPECS},
    lifters=actors(Role.DISPATCHER, handler=(Role.SQUAD_OFFICER, Role.SQUAD_LEADER, Role.UNIT_DESK, Role.PARTNER)),
    bodies=lambda issue, at: handlers_anywhere(at),
)
