"""The moves of a referral: decision, approval by a second person, receipt, outcome, correction (grid.md R8)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bureau.desk import clocks, figures
from bureau.desk.clocks import iso
from bureau.desk.models.clock import Clock, RungName
from bureau.desk.notices import post_notice
from bureau.desk.numbering import take_number
from bureau.desk.refusal import BadValue, IllegalTransition
from bureau.desk.trail import write_entry
from bureau.desk.wording import clean_text
from bureau.models import Officer, Organisation, Role
from bureau.proofs.canonical import digest_of
from oversight.models import Paper, ReferralCandidate
from oversight.workflow import REFERRAL_FLOW, duty_of, spec_of

LONGEST_WORDS = 1000
MOST_DAYS = 60
figures.declare(oversight_referral_mark="闵城管移")
figures.describe(oversight_referral_mark=_("Mark in the number of transfer letters"))


def open_candidates(candidates: Iterable[ReferralCandidate], *, at: datetime) -> None:
    """Save candidates in the ladder's transaction, each with its own trail and the clock of its decision (R8).

    The clock starts when the duty begins, however late the rung was raised (R16).
    """
    made = list(candidates)
    ReferralCandidate.objects.bulk_create(made)
    for one in made:
        kind = "referral_decision"
        spec = spec_of(one, kind, one.duty_at)
        if spec is not None:
            clocks.start_clock(one, kind, spec, duty_of(one), at=one.duty_at)
        facts = {"reached_at": iso(one.reached_at), "decide_by": iso(one.decide_by)}
        write_entry(one, "raise", by=None, at=at, target=one.status, facts=facts, is_first=True)


@transaction.atomic
def move_referral(
    referral: ReferralCandidate, verb: str, *, by: Officer, at: datetime, note: str = "", **facts: Any
) -> ReferralCandidate:
    """Make one move. Decisions need `reason` and `words`, approval the `digest` that was shown, correction `days`.

    Raises NotYourMove, SodConflict, IllegalTransition (`already_handled`, `proposal_changed`), BadValue by its field.
    """
    note = tidy("note", note)
    if facts.get("words"):
        facts["words"] = tidy("words", facts["words"])
    moved: ReferralCandidate = REFERRAL_FLOW.apply(
        referral, verb, by=by, at=at, note=note, facts=facts, effect=EFFECTS.get(verb, told_by_note)
    )
    tell_the_subject(moved, verb, by=by, at=at)
    tell_people(moved, verb, at=at)
    return moved


# effects


def decide(
    referral: ReferralCandidate, *, by: Officer, at: datetime, reason: str, words: str, **_facts: Any
) -> dict[str, Any]:
    if reason not in ReferralCandidate.Reason.values:
        raise BadValue(_("Choose a reason of the list."), code="invalid_choice", pointer="/reason")
    referral.reason, referral.words = reason, words
    referral.decided_by, referral.decided_at = by, at
    referral.digest = proposal_digest(referral)
    return {"reason": reason, "words": words, "digest": referral.digest}


def order_once_more(referral: ReferralCandidate, *, by: Officer, at: datetime, **facts: Any) -> dict[str, Any]:
    """The clock enters a new round: its periods run from the order, and its ladder goes on at the supervision rung."""
    told = decide(referral, by=by, at=at, **facts)
    clock = referral.clock
    clocks.locked_subject(clock)
    clock = Clock.objects.select_for_update(of=("self",)).get(pk=clock.pk)
    if clock.met_at is not None:
        raise IllegalTransition(
            _("The matter was handled since, so there is nothing to order."), code="already_handled"
        )
    clock.round += 1
    clock.held_until = at
    clock.next_rung = RungName.SUPERVISE
    clocks.put_instants(clock, clocks.timing_of(clock))
    clock.save()
    return told | {"round": clock.round, "rectify_by": iso(clock.supervise_at)}


def approve(referral: ReferralCandidate, *, by: Officer, at: datetime, digest: str, **_facts: Any) -> dict[str, Any]:
    """The second person signs exactly what the first one signed (security.md D14); the number is taken here."""
    if digest != referral.digest or digest != proposal_digest(referral):
        raise IllegalTransition(
            _("What would be handed over is no longer what was proposed."),
            code="proposal_changed",
            remedy=_("Look at it again, or send it back so that it is decided anew."),
        )
    today = timezone.localdate(at)
    bureau = Organisation.objects.in_force(today).filter(kind=Organisation.Kind.BUREAU).order_by("code").first()
    if bureau is None:
        raise ImproperlyConfigured("No organisation of kind 'bureau' is in force: load the reference data first.")
    referral.year, referral.serial = today.year, take_number(bureau.code, "referral", today.year)
    mark = figures.figure("oversight_referral_mark", today)
    referral.number = f"{mark}〔{today.year}〕{referral.serial}号"
    referral.approved_by, referral.handed_over_at = by, at
    return {"number": referral.number, "digest": digest}


def receive(referral: ReferralCandidate, *, by: Officer, at: datetime, **_facts: Any) -> dict[str, Any]:
    referral.received_by, referral.received_at = by, at
    return {"number": referral.number}


def answer(referral: ReferralCandidate, *, by: Officer, at: datetime, words: str, **_facts: Any) -> dict[str, Any]:
    referral.outcome_words, referral.outcome_at = words, at
    return {"words": words}


def order_correction(
    referral: ReferralCandidate, *, by: Officer, at: datetime, days: Any, **facts: Any
) -> dict[str, Any]:
    count = int(days) if str(days).isascii() and str(days).isdigit() else 0
    if not 1 <= count <= MOST_DAYS:
        raise BadValue(_("Give whole working days, from 1 to 60."), code="invalid", pointer="/days")
    referral.correction_days = count
    return answer(referral, by=by, at=at, **facts) | {"days": count}


def told_by_note(referral: ReferralCandidate, **_facts: Any) -> dict[str, Any]:
    return {}


EFFECTS = {
    "transfer": decide,
    "explained": decide,
    "one_more_order": order_once_more,
    "approve": approve,
    "receive": receive,
    "order_correction": order_correction,
    "start_accountability": answer,
    "close": answer,
}


def proposal_digest(referral: ReferralCandidate) -> str:
    """What both persons sign: the decision with its reason, what it is about, and how that stands."""
    papers = Paper.objects.filter(subject_type=referral.subject_type_id, subject_id=referral.subject_id)
    return digest_of(
        {
            "referral": str(referral.pk),
            "subject": str(referral.subject_id),
            "reason": referral.reason,
            "words": referral.words,
            "decided_by": str(referral.decided_by_id),
            "reached_at": iso(referral.reached_at),
            "handled_at": iso(Clock.objects.get(pk=referral.rung.clock_id).met_at),
            "papers": sorted(papers.values_list("number", flat=True)),
        }
    )


# what follows


TOLD_ON_THE_SUBJECT = {
    "transfer": "propose_referral",
    "one_more_order": "order_once_more",
    "explained": "accept_explanation",
    "approve": "hand_over",
    "send_back": "send_referral_back",
    "receive": "receive_referral",
    "order_correction": "order_correction",
    "report_correction": "report_correction",
    "confirm_correction": "confirm_correction",
    "reject_correction": "reject_correction",
    "start_accountability": "start_accountability",
    "close": "close_referral",
}
TO_THE_UNIT = {
    "one_more_order", "explained", "approve", "order_correction", "confirm_correction", "reject_correction",
    "start_accountability", "close",
}  # fmt: skip
TO_THE_BUREAU = {"receive", "order_correction", "report_correction", "start_accountability", "close"}


def tell_the_subject(referral: ReferralCandidate, verb: str, *, by: Officer, at: datetime) -> None:
    """One line on the trail of what the referral is about, under that subject's lock."""
    subject = clocks.locked_subject(referral.clock)
    facts = {"referral": str(referral.pk), "number": referral.number or ""}
    posting = REFERRAL_FLOW.moves[verb].who.posting_of(by, referral)
    write_entry(subject, TOLD_ON_THE_SUBJECT[verb], by=by, at=at, posting=posting, facts=facts)


def tell_people(referral: ReferralCandidate, verb: str, *, at: datetime) -> None:
    """The unit hears what was decided about it; the bureau what the district answers; the district what came."""
    kinds = Organisation.Kind
    told: list[tuple[Organisation | None, str]] = []
    if verb in TO_THE_UNIT:
        told += [(referral.owed_by, Role.SQUAD_LEADER), (local(referral, kinds.SUB_CENTRE, at), Role.UNIT_DESK)]
        told += [(local(referral, kinds.GOVERNMENT, at), Role.TOWN_LEADER)]
    if verb in TO_THE_BUREAU:
        told += [(of_district(kinds.BUREAU, at), Role.SUPERVISION)]
    if verb == "transfer":
        told += [(of_district(kinds.BUREAU, at), Role.DEPUTY), (of_district(kinds.BUREAU, at), Role.DIRECTOR)]
    if verb == "send_back":
        told += [(of_district(kinds.BUREAU, at), Role.SUPERVISION)]
    if verb in ("approve", "report_correction"):
        told += [(of_district(kinds.DISTRICT_SUPERVISION, at), Role.DISTRICT_SUPERVISION)]
    for organisation, role in told:
        if organisation is not None:
            key = f"referral_{verb}:{referral.pk}:{iso(at)}:{organisation.pk}/{role}"
            params = {"number": referral.number or "", "referral": str(referral.pk)}
            post_notice(
                referral, f"referral_{verb}", at=at, dedupe_key=key, to_organisation=organisation, to_role=role,
                params=params, is_urgent=verb in ("approve", "start_accountability"),
            )  # fmt: skip


def local(referral: ReferralCandidate, kind: str, at: datetime) -> Organisation | None:
    found = Organisation.objects.in_force(timezone.localdate(at)).filter(kind=kind, unit_id=referral.unit_id)
    return found.order_by("code").first() if referral.unit_id else None


def of_district(kind: str, at: datetime) -> Organisation | None:
    return Organisation.objects.in_force(timezone.localdate(at)).filter(kind=kind).order_by("code").first()


def tidy(field: str, text: str) -> str:
    try:
        return clean_text(text, LONGEST_WORDS, lines=True)
    except ValidationError as error:
        raise BadValue("".join(error.messages), code=error.code or "invalid", pointer=f"/{field}") from error
