"""The moves of a referral: decision, approval by a second person, receipt, outcome, correction (grid.md R8)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bureau.desk import clocks, press
from bureau.desk.clocks import iso
from bureau.desk.refusal import BadValue
from bureau.desk.trail import last_entry, not_before, write_entry
from bureau.desk.wording import clean_text
from bureau.models import Officer, Organisation, Role
from oversight.actions.referral_effects import EFFECTS, receipt_due, told_by_note
from oversight.actions.referral_telling import of_district, post, tell_people, tell_the_subject
from oversight.models import ReferralCandidate
from oversight.workflow import REFERRAL_FLOW, duty_of, spec_of

LONGEST_WORDS = 1000


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
    referral: ReferralCandidate,
    verb: str,
    *,
    by: Officer,
    at: datetime,
    note: str = "",
    is_granted: bool = False,
    **facts: Any,
) -> ReferralCandidate:
    """Make one move. Decisions need `reason` and `words`, approval the `digest` that was shown, correction `days`.

    `is_granted` makes a move that was entered from paper by two persons.

    Raises NotYourMove, SodConflict, IllegalTransition (`already_handled`, `proposal_changed`), BadValue by its field.
    """
    note = tidy("note", note)
    if facts.get("words"):
        facts["words"] = tidy("words", facts["words"])
    moved: ReferralCandidate = REFERRAL_FLOW.apply(
        referral,
        verb,
        by=by,
        at=at,
        note=note,
        facts=facts,
        effect=EFFECTS.get(verb, told_by_note),
        is_granted=is_granted,
    )
    if verb == "withdraw":
        press.annul(moved, at=at)
    tell_the_subject(moved, verb, by=by, at=at)
    tell_people(moved, verb, at=at)
    return moved


def tell_unreceived(*, at: datetime, limit: int = 200) -> int:
    """Tell again of every hand-over that nobody received in its time (security.md I25); how many."""
    due = ReferralCandidate.objects.unreceived(at).order_by("tell_again_at").values_list("pk", flat=True)[:limit]
    return sum(tell_again(pk, at=at) for pk in list(due))


@transaction.atomic
def tell_again(pk: Any, *, at: datetime) -> bool:
    """Once for each time that ran out; after a standstill once for all that were missed."""
    found = ReferralCandidate.objects.unreceived(at).filter(pk=pk).select_for_update(of=("self",), skip_locked=True)
    referral = found.first()
    if referral is None or referral.tell_again_at is None:
        return False
    due = referral.tell_again_at
    kinds = Organisation.Kind
    told = [
        (of_district(kinds.DISTRICT_SUPERVISION, at), Role.DISTRICT_SUPERVISION),
        (of_district(kinds.BUREAU, at), Role.SUPERVISION),
    ]
    post(referral, "referral_unreceived", told, iso(due) or "", at=at, is_urgent=True)
    facts = {"number": referral.number, "due_at": iso(due)}
    write_entry(referral, "tell_again", by=None, at=not_before(last_entry(referral), at), facts=facts)
    while referral.tell_again_at is not None and referral.tell_again_at <= at:
        referral.tell_again_at = receipt_due(referral.tell_again_at)
    referral.save(update_fields=["tell_again_at"])
    return True


def tidy(field: str, text: str) -> str:
    try:
        return clean_text(text, LONGEST_WORDS, lines=True)
    except ValidationError as error:
        raise BadValue("".join(error.messages), code=error.code or "invalid", pointer=f"/{field}") from error
