"""A paper is taken back by two persons of the issuing body; its number and its page stay, marked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bureau.desk import press
from bureau.desk.refusal import BadValue, IllegalTransition, NotYourMove
from bureau.desk.trail import write_entry
from bureau.models import Officer
from oversight.actions.papers import lock_subject, tell_people, tidy
from oversight.models import Paper, PaperWithdrawal
from oversight.workflow import BUREAU, not_of_the_unit
from oversight.workflow_notices import NOTICE_FLOW, WITHDRAWAL_FLOW


@transaction.atomic
def propose_withdrawal(paper: Paper, *, words: str, by: Officer, at: datetime) -> PaperWithdrawal:
    """Ask a second person to take the paper back. Raises NotYourMove, SodConflict, IllegalTransition, BadValue."""
    lock_subject(paper)
    paper.refresh_from_db(from_queryset=Paper.objects.visible_to(by).select_for_update(of=("self",)))
    posting = BUREAU.posting_of(by, paper)
    if posting is None:
        raise NotYourMove(_("Only the body that issued a paper takes it back."))
    if refusal := refused(paper, by):
        raise refusal
    reason = tidy("words", words)
    if not reason:
        raise BadValue(_("Say why the paper is taken back."), code="required", pointer="/words")
    withdrawal = PaperWithdrawal(paper=paper, words=reason, proposed_by=by, proposed_at=at)
    WITHDRAWAL_FLOW.begin(withdrawal, "propose", by=by, at=at, posting=posting, note=reason)
    return withdrawal


def refused(paper: Paper, by: Officer) -> Any:
    """Why this person cannot propose to withdraw it now, or None."""
    if paper.status == Paper.Status.WITHDRAWN:
        return IllegalTransition(_("This paper is withdrawn already."), code="already_withdrawn")
    if paper.withdrawals.filter(status=PaperWithdrawal.Status.PROPOSED).exists():
        return IllegalTransition(_("Its withdrawal is proposed already."), code="already_proposed")
    return not_of_the_unit(paper, by)


@transaction.atomic
def decide_withdrawal(
    withdrawal: PaperWithdrawal, verb: str, *, by: Officer, at: datetime, words: str = ""
) -> PaperWithdrawal:
    """`grant` or `refuse` it; a refusal needs `words`."""
    paper = withdrawal.paper
    subject = lock_subject(paper)
    moved: PaperWithdrawal = WITHDRAWAL_FLOW.apply(
        withdrawal, verb, by=by, at=at, facts={"words": tidy("words", words)}, effect=decide
    )
    if verb == "grant":
        paper.refresh_from_db()
        NOTICE_FLOW.apply(paper, "withdraw", by=by, at=at, note=moved.words, effect=mark_withdrawn, is_granted=True)
        press.annul(paper, at=at)
        posting = BUREAU.posting_of(by, paper)
        told = {"paper": paper.number, "paper_id": str(paper.pk)}
        write_entry(subject, "withdraw_paper", by=by, at=at, posting=posting, facts=told)
        tell_people(paper, "withdraw", at=at)
    return moved


def act_on_withdrawal(paper: Paper, verb: str, words: str, *, by: Officer, at: datetime) -> PaperWithdrawal:
    """`propose`, `grant` or `refuse`: one door for page and API."""
    if verb == "propose":
        return propose_withdrawal(paper, words=words, by=by, at=at)
    standing = paper.withdrawals.filter(status=PaperWithdrawal.Status.PROPOSED).first()
    if standing is None:
        raise IllegalTransition(_("Nobody has proposed to withdraw this paper."), code="not_proposed")
    return decide_withdrawal(standing, verb, by=by, at=at, words=words)


def decide(withdrawal: PaperWithdrawal, *, by: Officer, at: datetime, words: str = "", **_facts: Any) -> dict[str, Any]:
    withdrawal.decided_by, withdrawal.decided_at, withdrawal.remark = by, at, words
    return {"words": words}


def mark_withdrawn(paper: Paper, *, by: Officer, at: datetime, **_facts: Any) -> dict[str, Any]:
    paper.withdrawn_at = at
    return {"number": paper.number}
