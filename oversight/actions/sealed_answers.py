"""What district supervision said on sealed paper becomes a move of the referral by two persons of the bureau."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bureau.desk import clocks
from bureau.desk.attachments import keep_attachment
from bureau.desk.clocks import Duty
from bureau.desk.refusal import BadValue, IllegalTransition, NotYourMove, Refusal, SodConflict, raise_all, required
from bureau.desk.trail import last_entry, not_before, write_entry
from bureau.desk.workflow import Move, wrong_status_words
from bureau.models import Officer, Posting, Role
from bureau.proofs.canonical import digest_of
from oversight.actions.referral_effects import refuse_late, working_days
from oversight.actions.referral_telling import bureau_of, district_of, post
from oversight.actions.referrals import move_referral, tidy
from oversight.guards import not_of_the_unit
from oversight.models import ReferralCandidate, SealedAnswer
from oversight.workflow import BUREAU, BY_PAPER, REFERRAL_FLOW, bureau_then, spec_of

CLOCK = "sealed_answer"


def enterable(referral: ReferralCandidate, by: Officer) -> list[Move]:
    """What may be entered now by this person: the moves of district supervision that lead on from here."""
    if BUREAU.posting_of(by, referral) is None or not_of_the_unit(referral, by) or waiting(referral):
        return []
    return [move for move in REFERRAL_FLOW.table if move.verb in BY_PAPER and referral.status in move.sources]


def waiting(referral: ReferralCandidate) -> SealedAnswer | None:
    found: SealedAnswer | None = SealedAnswer.objects.waiting().filter(referral=referral).first()
    return found


@transaction.atomic
def enter_sealed_answer(
    referral: ReferralCandidate, verb: str, *, number: str, on: date | None, scan: UploadedFile | None, by: Officer,
    at: datetime, words: str = "", days: Any = None,
) -> SealedAnswer:  # fmt: skip
    """Enter what stands on the paper, with its scan; nothing else follows before a second person confirms it.

    Raises NotYourMove, SodConflict, IllegalTransition (`entry_waits`), BadValue by its field, and what an attachment
    is refused for.
    """
    posting = lock(referral, by)
    move = asked_move(referral, verb)
    number, words = tidy("number", number), tidy("words", words)
    days = working_days(days) if "days" in move.needs else None
    raise_all(missing(move, number=number, on=on, scan=scan, words=words) + wrong_day(referral, on, at))
    assert scan is not None  # it was asked for above
    kept = keep_attachment(referral, scan, by=by, at=at)
    said = {"verb": verb, "number": number, "on": on, "words": words, "days": days}
    digest = digest_of({**said, "on": f"{on}", "referral": str(referral.pk), "scan": kept.sha256, "by": str(by.pk)})
    answer = SealedAnswer.objects.create(
        referral=referral, scan=kept, entered_by=by, entered_at=at, digest=digest, **said
    )
    facts = {"verb": verb, "number": number, "on": f"{on}", "words": words, "scan": kept.sha256, "digest": digest}
    mark(referral, "enter_sealed_answer", posting, by=by, at=at, facts=facts)
    if spec := spec_of(referral, CLOCK, at):
        clocks.start_clock(referral, CLOCK, spec, Duty(bureau_then(referral), Role.DEPUTY), at=at)
    told = [(bureau_of(at), role) for role in (Role.SUPERVISION, Role.DEPUTY, Role.DIRECTOR)]
    post(referral, "referral_sealed_answer", told, str(answer.pk), at=at)
    return answer


@transaction.atomic
def confirm_sealed_answer(referral: ReferralCandidate, *, digest: str, by: Officer, at: datetime) -> ReferralCandidate:
    """The second person saw the same scan and values: the move is made, marked as entered from paper.

    District supervision is told, so a paper that it never wrote shows. Raises NotYourMove, SodConflict (D14),
    IllegalTransition (`nothing_entered`, `proposal_changed`, `approval_lapsed`).
    """
    posting = lock(referral, by)
    answer = judged_by_another(referral, by)
    refuse_late(answer.entered_at, at)
    if digest != answer.digest:
        raise IllegalTransition(_("This is not what was entered."), code="proposal_changed")
    close(answer, SealedAnswer.Verdict.CONFIRMED, "", by=by, at=at)
    facts = {"words": answer.words, "days": answer.days, "paper": answer.number}
    note = answer.words if answer.verb == "reject_correction" else ""
    moved = move_referral(referral, BY_PAPER[answer.verb], by=by, at=at, note=note, is_granted=True, **facts)
    post(moved, "referral_from_paper", [(district_of(at), Role.DISTRICT_SUPERVISION)], str(answer.pk), at=at)
    mark(
        moved, "confirm_sealed_answer", posting, by=by, at=at, facts={"digest": answer.digest, "number": answer.number}
    )
    return moved


@transaction.atomic
def reject_sealed_answer(referral: ReferralCandidate, *, reason: str, by: Officer, at: datetime) -> SealedAnswer:
    """It was entered wrongly: it stays on record with the reason, and may be entered anew."""
    posting = lock(referral, by)
    reason = tidy("reason", reason)
    if not reason:
        raise required("reason")
    answer = judged_by_another(referral, by)
    close(answer, SealedAnswer.Verdict.REJECTED, reason, by=by, at=at)
    mark(referral, "reject_sealed_answer", posting, by=by, at=at, note=reason, facts={"number": answer.number})
    return answer


def may_not_judge(referral: ReferralCandidate, answer: SealedAnswer, by: Officer) -> bool:
    outside = BUREAU.posting_of(by, referral) is None or not_of_the_unit(referral, by) is not None
    return outside or answer.entered_by_id == by.pk


def lock(referral: ReferralCandidate, by: Officer) -> Posting:
    """The row within what the person may see, and as which posting of the bureau the person acts."""
    mine = ReferralCandidate.objects.visible_to(by).select_for_update(of=("self",))
    referral.refresh_from_db(from_queryset=mine)
    posting = BUREAU.posting_of(by, referral)
    if posting is None:
        raise NotYourMove(_("Answers on paper are entered by the bureau's inspectorate and leaders."))
    refusal = not_of_the_unit(referral, by)
    if refusal is not None:
        raise refusal
    return posting


def asked_move(referral: ReferralCandidate, verb: str) -> Move:
    if verb not in BY_PAPER:
        raise BadValue(_("Choose what the paper says."), code="invalid_choice", pointer="/verb")
    move = REFERRAL_FLOW.moves[verb]
    if referral.status not in move.sources:
        raise wrong_status_words(referral, move.sources)
    if waiting(referral) is not None:
        raise IllegalTransition(
            _("An answer on paper waits for its second person already."),
            code="entry_waits",
            remedy=_("Let it be confirmed or rejected first."),
        )
    return move


def missing(move: Move, **given: Any) -> list[Refusal]:
    wanted = ["number", "on", "scan", *(["words"] if {"words", "note"}.intersection(move.needs) else [])]
    return [required(name) for name in wanted if not given[name]]


def wrong_day(referral: ReferralCandidate, on: date | None, at: datetime) -> list[Refusal]:
    """The paper was written between the hand-over and today."""
    if on is None or referral.handed_over_at is None:
        return []
    if timezone.localdate(referral.handed_over_at) <= on <= timezone.localdate(at):
        return []
    return [BadValue(_("The paper is dated before the hand-over or after today."), code="out_of_range", pointer="/on")]


def judged_by_another(referral: ReferralCandidate, by: Officer) -> SealedAnswer:
    answer = waiting(referral)
    if answer is None:
        raise IllegalTransition(_("No answer on paper waits here."), code="nothing_entered")
    if answer.entered_by_id == by.pk:
        raise SodConflict(_("You entered it, so someone else must look at the paper (rule D14)."))
    return answer


def close(answer: SealedAnswer, verdict: str, reason: str, *, by: Officer, at: datetime) -> None:
    answer.verdict, answer.reason, answer.judged_by, answer.judged_at = verdict, reason, by, at
    answer.save(update_fields=["verdict", "reason", "judged_by", "judged_at"])
    clocks.meet_clocks(answer.referral, [CLOCK], at=at)


def mark(
    referral: ReferralCandidate, verb: str, posting: Posting, *, by: Officer, at: datetime, facts: dict[str, Any],
    note: str = "",
) -> None:  # fmt: skip
    at = not_before(last_entry(referral), at)
    write_entry(referral, verb, by=by, at=at, posting=posting, note=note, facts=facts)
