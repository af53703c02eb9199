"""Who hears of a move of a referral, and the line it leaves on the trail of what the referral is about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from bureau.desk import clocks
from bureau.desk.clocks import iso
from bureau.desk.notices import post_notice
from bureau.desk.trail import write_entry
from bureau.models import Officer, Organisation, Role
from oversight.models import ReferralCandidate
from oversight.workflow import PAPER_MARK, REFERRAL_FLOW, base_of

TOLD_ON_THE_SUBJECT = {
    "transfer": "propose_referral",
    "renew": "propose_referral",
    "one_more_order": "order_once_more",
    "explained": "accept_explanation",
    "approve": "hand_over",
    "send_back": "send_referral_back",
    "receive": "receive_referral",
    "ask_withdrawal": "ask_referral_withdrawal",
    "withdraw": "withdraw_referral",
    "keep": "keep_referral",
    "order_correction": "order_correction",
    "report_correction": "report_correction",
    "confirm_correction": "confirm_correction",
    "reject_correction": "reject_correction",
    "start_accountability": "start_accountability",
    "close": "close_referral",
}
TO_THE_UNIT = {
    "one_more_order", "explained", "approve", "order_correction", "confirm_correction", "reject_correction",
    "start_accountability", "close", "withdraw",
}  # fmt: skip
TO_THE_BUREAU = {
    "receive",
    "order_correction",
    "report_correction",
    "start_accountability",
    "close",
    "withdraw",
    "keep",
}
TO_THE_APPROVERS = {"transfer", "renew", "ask_withdrawal"}
TO_THE_DISTRICT = {"approve", "report_correction", "withdraw"}
URGENT = {"approve", "start_accountability", "withdraw"}


def tell_the_subject(referral: ReferralCandidate, verb: str, *, by: Officer, at: datetime) -> None:
    """One line on the trail of what the referral is about, under that subject's lock."""
    subject = clocks.locked_subject(referral.clock)
    facts = {"referral": str(referral.pk), "number": referral.number or ""}
    move = REFERRAL_FLOW.moves.get(verb) or REFERRAL_FLOW.granted_moves[verb]
    posting = move.who.posting_of(by, referral)
    act = TOLD_ON_THE_SUBJECT[base_of(verb)] + (PAPER_MARK if verb in REFERRAL_FLOW.granted_moves else "")
    write_entry(subject, act, by=by, at=at, posting=posting, facts=facts)


def tell_people(referral: ReferralCandidate, verb: str, *, at: datetime) -> None:
    """The unit hears what was decided about it; the bureau what the district answers; the district what came."""
    kind, verb = f"referral_{verb}", base_of(verb)
    kinds = Organisation.Kind
    told: list[tuple[Organisation | None, str]] = []
    if verb in TO_THE_UNIT:
        told += [(referral.owed_by, Role.SQUAD_LEADER), (local(referral, kinds.SUB_CENTRE, at), Role.UNIT_DESK)]
        told += [(local(referral, kinds.GOVERNMENT, at), Role.TOWN_LEADER)]
    if verb in TO_THE_BUREAU:
        told += [(of_district(kinds.BUREAU, at), Role.SUPERVISION)]
    if verb in TO_THE_APPROVERS:
        told += [(of_district(kinds.BUREAU, at), Role.DEPUTY), (of_district(kinds.BUREAU, at), Role.DIRECTOR)]
    if verb == "send_back":
        told += [(of_district(kinds.BUREAU, at), Role.SUPERVISION)]
    if verb in TO_THE_DISTRICT:
        told += [(of_district(kinds.DISTRICT_SUPERVISION, at), Role.DISTRICT_SUPERVISION)]
    post(referral, kind, told, f"{verb}:{iso(at)}", at=at, is_urgent=verb in URGENT)


def post(
    referral: ReferralCandidate, kind: str, told: Iterable[tuple[Organisation | None, str]], key: str, *,
    at: datetime, is_urgent: bool = False,
) -> None:  # fmt: skip
    """One message to each post, once for this `key`."""
    params = {"number": referral.number or "", "referral": str(referral.pk)}
    for organisation, role in told:
        if organisation is not None:
            post_notice(
                referral, kind, at=at, dedupe_key=f"{kind}:{referral.pk}:{key}:{organisation.pk}/{role}",
                to_organisation=organisation, to_role=role, params=params, is_urgent=is_urgent,
            )  # fmt: skip


def bureau_of(at: datetime) -> Organisation | None:
    return of_district(Organisation.Kind.BUREAU, at)


def district_of(at: datetime) -> Organisation | None:
    return of_district(Organisation.Kind.DISTRICT_SUPERVISION, at)


def local(referral: ReferralCandidate, kind: str, at: datetime) -> Organisation | None:
    found = Organisation.objects.in_force(timezone.localdate(at)).filter(kind=kind, unit_id=referral.unit_id)
    return found.order_by("code").first() if referral.unit_id else None


def of_district(kind: str, at: datetime) -> Organisation | None:
    return Organisation.objects.in_force(timezone.localdate(at)).filter(kind=kind).order_by("code").first()
