"""What each move of a referral sets on it, and the facts it leaves on the trail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bureau.desk import clocks, figures
from bureau.desk.almanac import current_calendar
from bureau.desk.clocks import iso
from bureau.desk.clockwork import Limit, project
from bureau.desk.models.clock import Clock, RungName
from bureau.desk.numbering import take_number
from bureau.desk.refusal import BadValue, IllegalTransition
from bureau.desk.workflow import Effect
from bureau.models import Officer, Organisation
from bureau.proofs.canonical import digest_of
from oversight.models import Paper, ReferralCandidate
from oversight.workflow import BY_PAPER

SERIES = "referral"
MOST_DAYS = 60
figures.declare(
    oversight_referral_mark="闵城管移",
    oversight_two_persons_within="24 clock_hours",
    oversight_receipt_limit="1 working_days",
)
figures.describe(
    oversight_referral_mark=_("Mark in the number of transfer letters"),
    oversight_two_persons_within=_("Time within which the second person must sign"),
    oversight_receipt_limit=_("Time for the receipt of a hand-over, after which it is told again"),
)


def decide(
    referral: ReferralCandidate, *, by: Officer, at: datetime, reason: str, words: str, **_facts: Any
) -> dict[str, Any]:
    if reason not in ReferralCandidate.Reason.values:
        raise BadValue(_("Choose a reason of the list."), code="invalid_choice", pointer="/reason")
    referral.reason, referral.words = reason, words
    referral.decided_by, referral.decided_at = by, at
    referral.digest = proposal_digest(referral)
    return {"reason": reason, "words": words, "digest": referral.digest}


def renew(referral: ReferralCandidate, *, by: Officer, at: datetime, **_facts: Any) -> dict[str, Any]:
    """The proposal is signed anew as things stand now; the time for its approval runs on."""
    return decide(referral, by=by, at=at, reason=referral.reason, words=referral.words)


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
    """The second person signs exactly what the first one signed, within 24 hours (security.md D14).

    The number is taken here.
    """
    refuse_late(referral.decided_at, at)
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
    referral.year, referral.serial = today.year, take_number(bureau.code, SERIES, today.year)
    mark = figures.figure("oversight_referral_mark", today)
    referral.number = f"{mark}〔{today.year}〕{referral.serial}号"
    referral.approved_by, referral.handed_over_at = by, at
    referral.tell_again_at = receipt_due(at)
    return {"number": referral.number, "digest": digest}


def receive(referral: ReferralCandidate, *, by: Officer, at: datetime, **_facts: Any) -> dict[str, Any]:
    referral.received_by, referral.received_at = by, at
    referral.tell_again_at = None
    return {"number": referral.number}


def ask_withdrawal(
    referral: ReferralCandidate, *, by: Officer, at: datetime, words: str, **_facts: Any
) -> dict[str, Any]:
    referral.withdrawal_words, referral.withdrawal_asked_by, referral.withdrawal_asked_at = words, by, at
    return {"number": referral.number, "words": words}


def withdraw(referral: ReferralCandidate, *, by: Officer, at: datetime, digest: str, **_facts: Any) -> dict[str, Any]:
    """The number keeps standing; letter and pack stay where they are, marked (security.md I25)."""
    refuse_late(referral.withdrawal_asked_at, at)
    if digest != withdrawal_digest(referral):
        raise IllegalTransition(_("What would be withdrawn is no longer what was proposed."), code="proposal_changed")
    referral.withdrawn_by, referral.withdrawn_at, referral.tell_again_at = by, at, None
    return {"number": referral.number, "words": referral.withdrawal_words, "digest": digest}


def answer(referral: ReferralCandidate, *, by: Officer, at: datetime, words: str, **_facts: Any) -> dict[str, Any]:
    referral.outcome_words, referral.outcome_at = words, at
    return {"words": words}


def order_correction(
    referral: ReferralCandidate, *, by: Officer, at: datetime, days: Any, **facts: Any
) -> dict[str, Any]:
    referral.correction_days = working_days(days)
    return answer(referral, by=by, at=at, **facts) | {"days": referral.correction_days}


def working_days(days: Any) -> int:
    count = int(days) if str(days).isascii() and str(days).isdigit() else 0
    if not 1 <= count <= MOST_DAYS:
        raise BadValue(_("Give whole working days, from 1 to 60."), code="invalid", pointer="/days")
    return count


def on_paper(effect: Effect) -> Effect:
    """The same, entered from a sealed paper: whoever confirmed the entry did not receive or answer anything."""

    def entered(referral: ReferralCandidate, *, paper: str, **facts: Any) -> dict[str, Any]:
        told = effect(referral, **facts) or {}
        if effect is receive:
            referral.received_by, referral.is_received_on_paper = None, True
        else:
            referral.is_outcome_on_paper = True
        return told | {"paper": paper}

    return entered


def told_by_note(referral: ReferralCandidate, **_facts: Any) -> dict[str, Any]:
    return {}


EFFECTS: dict[str, Effect] = {
    "transfer": decide,
    "renew": renew,
    "explained": decide,
    "one_more_order": order_once_more,
    "approve": approve,
    "receive": receive,
    "ask_withdrawal": ask_withdrawal,
    "withdraw": withdraw,
    "order_correction": order_correction,
    "start_accountability": answer,
    "close": answer,
}
EFFECTS |= {entered: on_paper(EFFECTS.get(verb, told_by_note)) for verb, entered in BY_PAPER.items()}


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


def withdrawal_digest(referral: ReferralCandidate) -> str:
    """What both persons sign when a hand-over is withdrawn."""
    return digest_of(
        {
            "referral": str(referral.pk),
            "number": referral.number,
            "words": referral.withdrawal_words,
            "asked_by": str(referral.withdrawal_asked_by_id),
            "asked_at": iso(referral.withdrawal_asked_at),
        }
    )


def sign_by(asked_at: datetime | None) -> datetime | None:
    """The last instant at which the second person may sign what was asked for then."""
    if asked_at is None:
        return None
    limit = Limit.parse(figures.figure("oversight_two_persons_within", figures.local_day(asked_at)))
    return project(asked_at, limit, current_calendar()).due_at


def refuse_late(asked_at: datetime | None, at: datetime) -> None:
    until = sign_by(asked_at)
    if until is None or at <= until:
        return
    raise IllegalTransition(
        _("The second person signs within 24 hours of the first, and that time is over."),
        code="approval_lapsed",
        remedy=_("Let the first person confirm it again, or send it back."),
    )


def receipt_due(at: datetime) -> datetime | None:
    """When a hand-over of that instant, or the last telling of it, ought to be received."""
    limit = Limit.parse(figures.figure("oversight_receipt_limit", figures.local_day(at)))
    return project(at, limit, current_calendar()).due_at
