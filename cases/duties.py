"""Who owes the next act on a case, and within what (law.md 4.1, 5.2; R55's 15 and 90 days are figures of rules)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from bureau.desk import figures
from bureau.desk.clocks import ClockSpec, Duty
from bureau.desk.clockwork import Limit
from bureau.desk.models.clock import Ladder
from bureau.models import Organisation, Role
from cases.models import Case
from cases.statuses import Status

figures.declare(
    case_verification_limit="15 working_days",
    case_decision_limit="90 natural_days",
)
figures.describe(
    case_verification_limit=_("Limit of the verification of a lead"),
    case_decision_limit=_("Limit of the decision on a case"),
)


def spec_of(case: Case, kind: str, at: datetime) -> ClockSpec:
    """Both are statutory clocks: counted in days, the first excluded, with the full ladder."""
    limit = Limit.parse(figures.figure(f"case_{kind}_limit", figures.local_day(at)))
    return ClockSpec(limit, Ladder.FULL, counts_days=True)


def duty_of(case: Case) -> Duty:
    """The two officers by name owe verification and investigation; the approvers owe their own step."""
    if case.status in (Status.VERIFYING, Status.FILED):
        return Duty(case.handled_by, officers=case.officer_ids)
    if case.status == Status.REQUESTED:
        return Duty(case.handled_by, Role.SQUAD_LEADER)
    if case.status == Status.ENDORSED:
        return Duty(bureau(), Role.DEPUTY)
    return Duty(None)


def bureau() -> Organisation | None:
    return Organisation.objects.filter(kind=Organisation.Kind.BUREAU).order_by("valid_from").first()
