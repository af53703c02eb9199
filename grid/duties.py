"""Who owes the next act on an issue, and within what (grid.md 1.2; the limits of stages are figures of rules)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from bureau.desk import figures
from bureau.desk.clocks import ClockSpec, Duty
from bureau.desk.clockwork import Limit
from bureau.desk.models.clock import Ladder
from bureau.models import Organisation, Role
from grid.models import Issue, IssueType
from grid.statuses import Status

figures.declare(
    grid_accept_limit="0.5 working_hours",
    grid_confirm_limit="2 working_hours",
    grid_filing_limit="0.5 working_hours",
    grid_dispatch_limit="0.5 working_hours",
    grid_verification_limit="4 working_hours",
    grid_closing_limit="1 working_hours",
)

figures.describe(
    grid_accept_limit=_("Limit of acceptance"),
    grid_confirm_limit=_("Limit of confirmation"),
    grid_filing_limit=_("Limit of grid filing"),
    grid_dispatch_limit=_("Limit of dispatch"),
    grid_verification_limit=_("Limit of verification"),
    grid_closing_limit=_("Limit of closing"),
)
SWITCHED_OFF = "off"
LIMITS_OF_TYPES: Mapping[str, Callable[[IssueType], Limit | None]] = {
    "handling": lambda issue_type: issue_type.handling_limit,
    "response": lambda issue_type: issue_type.response_limit,
}
CENTRE_ROLES: Mapping[str, Role] = {
    Status.REPORTED: Role.OPERATOR,
    Status.CONFIRMING: Role.INSPECTOR,
    Status.ACCEPTED: Role.SHIFT_LEADER,
    Status.FILED: Role.DISPATCHER,
    Status.HANDLED: Role.OPERATOR,
    Status.VERIFYING: Role.INSPECTOR,
    Status.VERIFIED: Role.SHIFT_LEADER,
}
LEADER_ROLES: Mapping[str, Role] = {
    Organisation.Kind.SQUAD: Role.SQUAD_LEADER,
    Organisation.Kind.SUB_CENTRE: Role.UNIT_DESK,
}


def spec_of(issue: Issue, kind: str, at: datetime) -> ClockSpec | None:
    """Handling and response have the limits of the type and the full ladder; the centre's stages only show a light.

    None for the response of a type that asks for none.
    """
    if kind in LIMITS_OF_TYPES:
        return spec_of_type(issue.type, kind, figures.local_day(at))
    return ClockSpec(Limit.parse(figures.figure(f"grid_{kind}_limit", figures.local_day(at))), Ladder.LIGHT_ONLY)


def spec_of_type(issue_type: IssueType, kind: str, on: date) -> ClockSpec | None:
    """The limit of the catalogue unless a dated figure says otherwise, and how far its ladder goes."""
    limit = LIMITS_OF_TYPES[kind](issue_type)
    if limit is None:
        return None
    ladder = figures.figure(f"grid_ladder_{issue_type.pk}", on, Ladder.FULL)
    if ladder == SWITCHED_OFF:
        return None
    amount = figures.figure(f"grid_{kind}_limit_{issue_type.pk}", on, str(limit))
    return ClockSpec(Limit.parse(amount), ladder)


def duty_of(issue: Issue) -> Duty:
    """The centre owes its stages in the role of the stage; the handler owes from dispatch to feedback."""
    if role := CENTRE_ROLES.get(issue.status):
        return Duty(grid_centre(), role)
    if issue.status == Status.HANDLING:
        named = issue.assignments.standing().exclude(officers=None).values_list("officers", flat=True)
        return Duty(issue.handled_by, officers=tuple(named))
    if issue.status == Status.DISPATCHED and issue.handled_by:
        return Duty(issue.handled_by, leader_role_of(issue.handled_by))
    return Duty(None)


def leader_role_of(organisation: Organisation) -> Role:
    """As which role someone takes what was dispatched to this organisation."""
    return LEADER_ROLES.get(organisation.kind, Role.PARTNER)


def grid_centre() -> Organisation | None:
    return Organisation.objects.filter(kind=Organisation.Kind.GRID_CENTRE).order_by("valid_from").first()
