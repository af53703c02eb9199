"""The moves of a notice 催办、督办通知书: signed for, answered, judged by its issuer (grid.md R6, R7, R13).

Separation: who belongs to the issuing body never signs or answers (security.md D7); who answered, or belongs to the
unit, never judges the answer.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as p_

from bureau.desk import figures
from bureau.desk.clocks import ClockSpec, Duty
from bureau.desk.clockwork import Limit
from bureau.desk.refusal import IllegalTransition, Refusal, SodConflict
from bureau.desk.workflow import Move, Workflow, actors
from bureau.models import Officer, Organisation, Role
from oversight.models import Paper, PaperDraft, PaperWithdrawal
from oversight.receivers import LEADERS
from oversight.workflow import BUREAU, PORTAL, not_of_the_unit

S = Paper.Status
RECEIVERS = actors(unit=(Role.UNIT_DESK, Role.TOWN_LEADER), handler=(Role.SQUAD_LEADER, Role.PARTNER))
REPLIERS = actors(unit=(Role.UNIT_DESK,), handler=(Role.SQUAD_LEADER, Role.PARTNER))

figures.declare(oversight_reply_again_limit="2 working_days", oversight_reply_judgement_limit="2 working_days")
figures.describe(
    oversight_reply_again_limit=_("Limit for answering a paper again"),
    oversight_reply_judgement_limit=_("Limit for judging the answer to a paper"),
)


def spec_of(paper: Paper, kind: str, at: datetime) -> ClockSpec | None:
    """Light only: the ladder of the matter itself goes on beside it."""
    if kind == "paper_judgement":
        return ClockSpec(Limit.parse(figures.figure("oversight_reply_judgement_limit", figures.local_day(at))))
    rejected = paper.replies.order_by("-serial").first()
    return ClockSpec(Limit.parse(f"{rejected.days} working_days")) if rejected and rejected.days else None


def duty_of(paper: Paper) -> Duty:
    """Who owes the next act: supervision judges an answer, the handler answers again."""
    if paper.status == S.ANSWERED:
        bureau = Organisation.objects.filter(kind=Organisation.Kind.BUREAU, valid_to=None).order_by("code").first()
        return Duty(bureau, Role.SUPERVISION)
    if paper.status == S.REJECTED and paper.owed_by:
        return Duty(paper.owed_by, LEADERS.get(Organisation.Kind(paper.owed_by.kind), ""))
    return Duty(None)


def not_of_the_issuer(paper: Paper, by: Officer) -> Refusal | None:
    """Who issues a notice never answers it (security.md D7)."""
    if any(posting.organisation.kind == Organisation.Kind.BUREAU for posting in by.postings_now):
        return SodConflict(_("Whoever belongs to the body that issued the paper cannot sign for it or answer it."))
    return None


def not_the_drafter(paper: Paper, by: Officer) -> Refusal | None:
    draft = getattr(paper, "draft", None)
    if draft is not None and draft.drafted_by_id == by.pk:
        return SodConflict(_("You drafted this paper, so someone else must sign for it and answer it."))
    return None


def not_the_replier(paper: Paper, by: Officer) -> Refusal | None:
    if paper.replies.filter(by=by).exists():
        return SodConflict(_("You answered this paper, so someone else must judge the answer."))
    return None


NOTICE_FLOW = Workflow(
    # fmt: off
    table=(
        Move("issue", (), S.ISSUED, PORTAL, label=p_("move of a paper", "Issue")),
        Move(
            "receive",
            (S.ISSUED,),
            S.RECEIVED,
            RECEIVERS,
            guards=(not_of_the_issuer, not_the_drafter),
            label=_("Sign for this paper"),
        ),
        Move(
            "serve_on_paper",
            (S.ISSUED,),
            S.RECEIVED,
            BUREAU,
            needs=("receiver", "served_at"),
            guards=(not_of_the_unit,),
            label=p_("move of a paper", "Record its service on paper"),
            is_detour=True,
        ),
        Move(
            "reply",
            (S.RECEIVED, S.REJECTED),
            S.ANSWERED,
            REPLIERS,
            meets=("paper_reply",),
            sets=("paper_judgement",),
            needs=("text",),
            guards=(not_of_the_issuer, not_the_drafter),
            label=_("Answer this paper"),
        ),
        Move(
            "accept_reply",
            (S.ANSWERED,),
            S.ACCEPTED,
            BUREAU,
            meets=("paper_judgement",),
            guards=(not_of_the_unit, not_the_replier),
            label=p_("move of a paper", "Accept the answer"),
        ),
        Move(
            "reject_reply",
            (S.ANSWERED,),
            S.REJECTED,
            BUREAU,
            meets=("paper_judgement",),
            sets=("paper_reply",),
            needs=("words",),
            guards=(not_of_the_unit, not_the_replier),
            label=p_("move of a paper", "Reject the answer"),
            is_detour=True,
        ),
    ),
    # fmt: on
    granted=(
        Move(
            "withdraw",
            (S.ISSUED, S.RECEIVED, S.ANSWERED, S.REJECTED, S.ACCEPTED),
            S.WITHDRAWN,
            BUREAU,
            drops=("paper_judgement", "paper_reply"),
            label=p_("move of a paper", "Withdraw"),
            is_irreversible=True,
        ),
    ),
    spec_of=spec_of,
    duty_of=duty_of,
)


# drafts and withdrawals: no clock runs on them

D = PaperDraft.Status
W = PaperWithdrawal.Status
DRAFTERS = actors(
    Role.SUPERVISION, Role.DEPUTY, Role.DIRECTOR, Role.SHIFT_LEADER, Role.DISPATCHER, unit=(Role.UNIT_DESK,)
)


def still_wanted(draft: PaperDraft, by: Officer) -> Refusal | None:
    """What was handled since needs no urging any more."""
    if draft.clock is None or draft.clock.met_at is None:
        return None
    return IllegalTransition(
        _("The matter was handled since, so there is nothing to urge."),
        code="already_handled",
        remedy=_("Discard the draft."),
    )


def not_the_proposer(withdrawal: PaperWithdrawal, by: Officer) -> Refusal | None:
    if withdrawal.proposed_by_id != by.pk:
        return None
    return SodConflict(_("You proposed this withdrawal, so someone else must decide on it."))


def no_clock(subject: PaperDraft | PaperWithdrawal, kind: str, at: datetime) -> None:
    return None


def nobody(subject: PaperDraft | PaperWithdrawal) -> Duty:
    return Duty(None)


DRAFT_FLOW = Workflow(
    table=(
        Move("draft", (), D.DRAFT, DRAFTERS, label=p_("move of a draft", "Draft")),
        Move(
            "issue",
            (D.DRAFT,),
            D.ISSUED,
            BUREAU,
            guards=(not_of_the_unit, still_wanted),
            label=p_("move of a draft", "Issue with a number"),
            is_irreversible=True,
        ),
        Move(
            "amend",
            (D.DRAFT,),
            D.DRAFT,
            DRAFTERS,
            needs=("words", "rectify_by"),
            label=p_("move of a draft", "Amend"),
            is_detour=True,
        ),
        Move("discard", (D.DRAFT,), D.DISCARDED, DRAFTERS, label=p_("move of a draft", "Discard"), is_detour=True),
    ),
    spec_of=no_clock,
    duty_of=nobody,
)
WITHDRAWAL_FLOW = Workflow(
    table=(
        Move("propose", (), W.PROPOSED, BUREAU, label=p_("move of a withdrawal", "Propose to withdraw it")),
        Move(
            "grant",
            (W.PROPOSED,),
            W.GRANTED,
            BUREAU,
            guards=(not_the_proposer, not_of_the_unit),
            label=p_("move of a withdrawal", "Approve the withdrawal"),
            is_irreversible=True,
        ),
        Move(
            "refuse",
            (W.PROPOSED,),
            W.REFUSED,
            BUREAU,
            needs=("words",),
            guards=(not_the_proposer, not_of_the_unit),
            label=p_("move of a withdrawal", "Refuse the withdrawal"),
            is_detour=True,
        ),
    ),
    spec_of=no_clock,
    duty_of=nobody,
)
