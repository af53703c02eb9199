"""The moves of a referral: one decides, a second approves, district supervision receives and answers (grid.md R8).

Separation: who proposed never approves (security.md D14); district supervision belongs to no unit of the bureau (D7).
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as p_

from bureau.desk import figures
from bureau.desk.clocks import ClockSpec, Duty
from bureau.desk.clockwork import Limit
from bureau.desk.refusal import IllegalTransition, NotYourMove, Refusal, SodConflict
from bureau.desk.workflow import Move, Workflow, actors
from bureau.models import Officer, Organisation, Role
from oversight.models import ReferralCandidate

S = ReferralCandidate.Status
BUREAU = actors(Role.SUPERVISION, Role.DEPUTY, Role.DIRECTOR)
PROPOSERS = actors(Role.SUPERVISION)
APPROVERS = actors(Role.DEPUTY, Role.DIRECTOR)
DISTRICT = actors(Role.DISTRICT_SUPERVISION)
UNIT = actors(unit=(Role.UNIT_DESK,), handler=(Role.SQUAD_LEADER, Role.PARTNER))
PORTAL = actors()

figures.declare(oversight_referral_decision_limit="1 working_days", oversight_referral_approval_limit="1 working_days")
figures.describe(
    oversight_referral_decision_limit=_("Limit for the decision on a referral candidate"),
    oversight_referral_approval_limit=_("Limit for the approval of a referral"),
)
FIGURES = {
    "referral_decision": "oversight_referral_decision_limit",
    "referral_approval": "oversight_referral_approval_limit",
}


def spec_of(referral: ReferralCandidate, kind: str, at: datetime) -> ClockSpec | None:
    """Light only: their urging goes to the director, or for a correction to the unit."""
    if kind == "correction":
        return ClockSpec(Limit.parse(f"{referral.correction_days} working_days"))
    return ClockSpec(Limit.parse(figures.figure(FIGURES[kind], figures.local_day(at))))


def duty_of(referral: ReferralCandidate) -> Duty:
    """Who owes the next act: supervision decides, a deputy approves, the unit corrects; the district owes us none."""
    if referral.status in (S.CANDIDATE, S.PROPOSED):
        bureau = Organisation.objects.filter(kind=Organisation.Kind.BUREAU, valid_to=None).order_by("code").first()
        return Duty(bureau, Role.SUPERVISION if referral.status == S.CANDIDATE else Role.DEPUTY)
    if referral.status == S.CORRECTING:
        return Duty(referral.owed_by, Role.SQUAD_LEADER)
    return Duty(None)


def not_the_proposer(referral: ReferralCandidate, by: Officer) -> Refusal | None:
    if referral.decided_by_id != by.pk:
        return None
    return SodConflict(_("You decided on this referral, so someone else must approve it (rule D14)."))


def not_of_the_unit(referral: ReferralCandidate, by: Officer) -> Refusal | None:
    """Nobody of the handling organisation, or of the unit, decides about it."""
    if any(
        posting.organisation_id == referral.owed_by_id
        or (posting.organisation.unit_id is not None and posting.organisation.unit_id == referral.unit_id)
        for posting in by.postings_now
    ):
        return SodConflict(_("Whoever belongs to the unit concerned decides nothing about its referral."))
    return None


def not_of_the_bureau(referral: ReferralCandidate, by: Officer) -> Refusal | None:
    if any(posting.organisation.kind == Organisation.Kind.BUREAU for posting in by.postings_now):
        return NotYourMove(_("District supervision belongs to no unit of the bureau (rule D7)."))
    return None


def still_unhandled(referral: ReferralCandidate, by: Officer) -> Refusal | None:
    if referral.handled_at is None:
        return None
    return IllegalTransition(
        _("The matter was handled since, so there is nothing to order."),
        code="already_handled",
        remedy=_("Decide “explained”, or refer it all the same."),
    )


AT_BUREAU = (not_of_the_unit,)
AT_DISTRICT = (not_of_the_bureau, not_of_the_unit)

REFERRAL_FLOW = Workflow(
    # fmt: off
    table=(
        Move("raise", (), S.CANDIDATE, PORTAL, sets=("referral_decision",), label=p_("move of a referral", "Raise")),
        Move(
            "transfer",
            (S.CANDIDATE,),
            S.PROPOSED,
            PROPOSERS,
            meets=("referral_decision",),
            sets=("referral_approval",),
            needs=("reason", "words"),
            guards=AT_BUREAU,
            label=p_("move of a referral", "Refer it to district supervision"),
        ),
        Move(
            "one_more_order",
            (S.CANDIDATE,),
            S.ORDERED,
            BUREAU,
            meets=("referral_decision",),
            needs=("reason", "words"),
            guards=(*AT_BUREAU, still_unhandled),
            label=p_("move of a referral", "Order it once more"),
            is_detour=True,
        ),
        Move(
            "explained",
            (S.CANDIDATE,),
            S.EXPLAINED,
            BUREAU,
            meets=("referral_decision",),
            needs=("reason", "words"),
            guards=AT_BUREAU,
            label=p_("move of a referral", "Accept the explanation"),
            is_detour=True,
        ),
        Move(
            "approve",
            (S.PROPOSED,),
            S.HANDED_OVER,
            APPROVERS,
            meets=("referral_approval",),
            needs=("digest",),
            guards=(not_the_proposer, *AT_BUREAU),
            label=p_("move of a referral", "Approve and hand over"),
            is_irreversible=True,
        ),
        Move(
            "send_back",
            (S.PROPOSED,),
            S.CANDIDATE,
            APPROVERS,
            meets=("referral_approval",),
            resumes=("referral_decision",),
            needs=("note",),
            guards=(not_the_proposer, *AT_BUREAU),
            label=p_("move of a referral", "Send it back with remarks"),
            is_detour=True,
        ),
        Move(
            "receive",
            (S.HANDED_OVER,),
            S.RECEIVED,
            DISTRICT,
            guards=AT_DISTRICT,
            label=p_("move of a referral", "Confirm the receipt"),
        ),
        Move(
            "order_correction",
            (S.RECEIVED,),
            S.CORRECTING,
            DISTRICT,
            sets=("correction",),
            needs=("words", "days"),
            guards=AT_DISTRICT,
            label=p_("move of a referral", "Order a correction"),
        ),
        Move(
            "report_correction",
            (S.CORRECTING,),
            S.CORRECTED,
            UNIT,
            meets=("correction",),
            needs=("note",),
            label=p_("move of a referral", "Report the correction"),
        ),
        Move(
            "confirm_correction",
            (S.CORRECTED,),
            S.CLOSED,
            DISTRICT,
            guards=AT_DISTRICT,
            label=p_("move of a referral", "Confirm the correction"),
        ),
        Move(
            "reject_correction",
            (S.CORRECTED,),
            S.CORRECTING,
            DISTRICT,
            resumes=("correction",),
            needs=("note",),
            guards=AT_DISTRICT,
            label=p_("move of a referral", "Reject the correction"),
            is_detour=True,
        ),
        Move(
            "start_accountability",
            (S.RECEIVED, S.CORRECTING, S.CORRECTED),
            S.ACCOUNTABILITY,
            DISTRICT,
            meets=("correction",),
            needs=("words",),
            guards=AT_DISTRICT,
            label=p_("move of a referral", "Start accountability"),
            is_irreversible=True,
        ),
        Move(
            "close",
            (S.RECEIVED, S.ACCOUNTABILITY),
            S.CLOSED,
            DISTRICT,
            needs=("words",),
            guards=AT_DISTRICT,
            label=p_("move of a referral", "Close it with a reason"),
            is_irreversible=True,
        ),
    ),
    # fmt: on
    spec_of=spec_of,
    duty_of=duty_of,
)
