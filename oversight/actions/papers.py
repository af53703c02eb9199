"""What the receiving side does with a paper: sign for it and answer it. The portal alone issues (security.md 3)."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bureau.desk.refusal import BadValue, IllegalTransition, NotYourMove, Refusal, SodConflict, required
from bureau.desk.trail import write_entry
from bureau.desk.wording import clean_text
from bureau.desk.workflow import Actors, actors
from bureau.models import Officer, Organisation, Posting, Role
from oversight.models import Paper

LONGEST_REPLY = 2000
RECEIVERS = actors(unit=(Role.UNIT_DESK, Role.TOWN_LEADER), handler=(Role.SQUAD_LEADER, Role.PARTNER))
REPLIERS = actors(unit=(Role.UNIT_DESK,), handler=(Role.SQUAD_LEADER, Role.PARTNER))


@transaction.atomic
def acknowledge_paper(paper: Paper, *, by: Officer, at: datetime) -> Paper:
    """Sign for a paper, once. Raises NotYourMove, SodConflict, IllegalTransition `already_received`."""
    lock(paper, by)
    posting = admit(RECEIVERS, paper, by)
    refuse(receipt_refused(paper))
    paper.received_by, paper.received_at = by, at
    paper.save(update_fields=["received_by", "received_at"])
    mark(paper, "receive_paper", posting, by=by, at=at)
    return paper


@transaction.atomic
def reply_to_paper(paper: Paper, text: str, *, by: Officer, at: datetime) -> Paper:
    """Answer a paper in writing, once, after signing for it.

    Raises NotYourMove, SodConflict (D7), IllegalTransition `not_received` or `already_replied`, BadValue for the text.
    """
    lock(paper, by)
    posting = admit(REPLIERS, paper, by)
    refuse(reply_refused(paper))
    paper.reply = tidy(text)
    paper.replied_by, paper.replied_at = by, at
    paper.save(update_fields=["reply", "replied_by", "replied_at"])
    mark(paper, "reply_to_paper", posting, by=by, at=at)
    return paper


def open_to(paper: Paper, by: Officer) -> tuple[str, ...]:
    """What this person may do with the paper now: `receipt`, `reply` or neither; pages and API ask this."""
    asked = (("receipt", RECEIVERS, receipt_refused), ("reply", REPLIERS, reply_refused))
    return tuple(
        verb
        for verb, who, refused in asked
        if who.posting_of(by, paper) and issuer_refused(by) is None and refused(paper) is None
    )


def closed_to(paper: Paper, by: Officer) -> list[tuple[str, Refusal]]:
    """What belongs to this person's post but is closed now, and why."""
    asked = (("receipt", RECEIVERS, receipt_refused), ("reply", REPLIERS, reply_refused))
    return [
        (verb, refusal)
        for verb, who, refused in asked
        if who.posting_of(by, paper) and (refusal := issuer_refused(by) or refused(paper))
    ]


def lock(paper: Paper, by: Officer) -> None:
    """The subject first, as every move does, then the paper within what the person may see."""
    model = paper.subject_type.model_class()
    model._base_manager.select_for_update(of=("self",)).get(pk=paper.subject_id)
    paper.refresh_from_db(from_queryset=Paper.objects.visible_to(by).select_for_update(of=("self",)))


def admit(who: Actors, paper: Paper, by: Officer) -> Posting:
    posting = who.posting_of(by, paper)
    if posting is None:
        raise NotYourMove(_("This belongs to the unit or squad to which the paper is addressed."))
    refuse(issuer_refused(by))
    return posting


def issuer_refused(by: Officer) -> Refusal | None:
    """Who issues a notice never answers it (security.md D7)."""
    if any(posting.organisation.kind == Organisation.Kind.BUREAU for posting in by.postings_now):
        return SodConflict(_("Whoever belongs to the body that issued the paper cannot sign for it or answer it."))
    return None


def receipt_refused(paper: Paper) -> Refusal | None:
    if paper.received_at is not None:
        return IllegalTransition(_("This paper was signed for already."), code="already_received")
    return None


def reply_refused(paper: Paper) -> Refusal | None:
    if paper.received_at is None:
        return IllegalTransition(_("Sign for the paper first, then answer it."), code="not_received")
    if paper.replied_at is not None:
        return IllegalTransition(_("This paper was answered already."), code="already_replied")
    return None


def refuse(refusal: Refusal | None) -> None:
    if refusal is not None:
        raise refusal


def tidy(text: str) -> str:
    try:
        kept = clean_text(text, LONGEST_REPLY, lines=True)
    except ValidationError as error:
        raise BadValue("".join(error.messages), code=error.code or "invalid", pointer="/text") from error
    if not kept:
        raise required("text")
    return kept


def mark(paper: Paper, verb: str, posting: Posting, *, by: Officer, at: datetime) -> None:
    facts = {"paper": paper.number, "paper_id": str(paper.pk)}
    write_entry(paper.subject, verb, by=by, at=at, posting=posting, facts=facts)
