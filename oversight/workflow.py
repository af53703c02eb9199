"""The moves of a referral: one decides, a second approves, district supervision receives and answers (grid.md R8).

Separation: who proposed never approves (security.md D14); district supervision belongs to no unit of the bureau (D7).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as p_

from bureau.desk import figures
from bureau.desk.clocks import ClockSpec, Duty
from bureau.desk.clockwork import Limit
from bureau.desk.workflow import Move, Workflow, actors
from bureau.models import Organisation, Role
from oversight.guards import (
    not_of_the_bureau,
    not_of_the_unit,
    not_the_proposer,
    not_who_asked_to_withdraw,
    still_unhandled,
)
from oversight.models import ReferralCandidate

S = ReferralCandidate.Status
BUREAU = actors(Role.SUPERVISION, Role.DEPUTY, Role.DIRECTOR)
PROPOSERS = actors(Role.SUPERVISION)
APPROVERS = actors(Role.DEPUTY, Role.DIRECTOR)
DISTRICT = actors(Role.DISTRICT_SUPERVISION)
UNIT = actors(unit=(Role.UNIT_DESK,), handler=(Role.SQUAD_LEADER, Role.PARTNER))
PORTAL = actors()

figures.declare(
    oversight_referral_decision_limit="1 working_days",
    oversight_referral_approval_limit="1 working_days",
    oversight_withdrawal_limit="1 working_days",
)
figures.describe(
    oversight_referral_decision_limit=_("Limit for the decision on a referral candidate"),
    oversight_referral_approval_limit=_("Limit for the approval of a referral"),
    oversight_withdrawal_limit=_("Limit for the approval of the withdrawal of a hand-over"),
)
FIGURES = {
    "referral_decision": "oversight_referral_decision_limit",
    "referral_approval": "oversight_referral_approval_limit",
    "referral_withdrawal": "oversight_withdrawal_limit",
    "sealed_answer": "oversight_referral_approval_limit",
}


def spec_of(referral: ReferralCandidate, kind: str, at: datetime) -> ClockSpec | None:
    """Light only: their urging goes to the director, or for a correction to the unit."""
    if kind == "correction":
        return ClockSpec(Limit.parse(f"{referral.correction_days} working_days"))
    return ClockSpec(Limit.parse(figures.figure(FIGURES[kind], figures.local_day(at))))


def duty_of(referral: ReferralCandidate) -> Duty:
    """Who owes the next act: supervision decides, a deputy approves, the unit corrects; the district owes us none."""
    if referral.status in (S.CANDIDATE, S.PROPOSED, S.WITHDRAWING):
        return Duty(bureau_then(referral), Role.SUPERVISION if referral.status == S.CANDIDATE else Role.DEPUTY)
    if referral.status == S.CORRECTING:
        return Duty(referral.owed_by, Role.SQUAD_LEADER)
    return Duty(None)


def bureau_then(referral: ReferralCandidate) -> Organisation | None:
    """The bureau that was in force on the day of the newest act on the referral."""
    newest = referral.withdrawal_asked_at or referral.decided_at or referral.duty_at
    found = Organisation.objects.in_force(timezone.localdate(newest)).filter(kind=Organisation.Kind.BUREAU)
    return found.order_by("code").first()


AT_BUREAU = (not_of_the_unit,)
AT_DISTRICT = (not_of_the_bureau, not_of_the_unit)

TABLE = (
    # fmt: off
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
        "renew",
        (S.PROPOSED,),
        S.PROPOSED,
        PROPOSERS,
        guards=AT_BUREAU,
        label=p_("move of a referral", "Confirm the proposal again"),
        is_detour=True,
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
        (S.HANDED_OVER, S.WITHDRAWING),
        S.RECEIVED,
        DISTRICT,
        meets=("referral_withdrawal",),
        guards=AT_DISTRICT,
        label=p_("move of a referral", "Confirm the receipt"),
    ),
    Move(
        "ask_withdrawal",
        (S.HANDED_OVER,),
        S.WITHDRAWING,
        BUREAU,
        sets=("referral_withdrawal",),
        needs=("words",),
        guards=AT_BUREAU,
        label=p_("move of a referral", "Ask to withdraw it"),
        is_detour=True,
    ),
    Move(
        "withdraw",
        (S.WITHDRAWING,),
        S.WITHDRAWN,
        APPROVERS,
        meets=("referral_withdrawal",),
        needs=("digest",),
        guards=(not_who_asked_to_withdraw, *AT_BUREAU),
        label=p_("move of a referral", "Withdraw it"),
        is_irreversible=True,
    ),
    Move(
        "keep",
        (S.WITHDRAWING,),
        S.HANDED_OVER,
        BUREAU,
        meets=("referral_withdrawal",),
        needs=("note",),
        guards=AT_BUREAU,
        label=p_("move of a referral", "Let it stand"),
        is_detour=True,
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
    # fmt: on
)
PAPER_MARK: Final = "_by_paper"
ON_PAPER: Final = (
    "receive", "order_correction", "confirm_correction", "reject_correction", "start_accountability", "close",
)  # fmt: skip
BY_PAPER: Final = {verb: f"{verb}{PAPER_MARK}" for verb in ON_PAPER}


def base_of(verb: str) -> str:
    """The move of district supervision for which an entry from paper stands; any other verb as it is."""
    return verb.removesuffix(PAPER_MARK)


def by_paper(move: Move) -> Move:
    """The same move, entered from a sealed paper: made by two persons of the bureau and by nobody's button."""
    label = format_lazy(_("{act} (entered from paper)"), act=move.label)
    return replace(move, verb=BY_PAPER[move.verb], who=BUREAU, guards=AT_BUREAU, label=label)


REFERRAL_FLOW = Workflow(
    TABLE,
    spec_of=spec_of,
    duty_of=duty_of,
    granted=tuple(by_paper(move) for move in TABLE if move.verb in BY_PAPER),
)
