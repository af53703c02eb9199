"""Notices by hand: somebody drafts one with a reason and a deadline, the bureau issues it with its number (R13)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from bureau.desk.almanac import current_calendar
from bureau.desk.clocks import iso
from bureau.desk.models.clock import Clock, RungName
from bureau.desk.refusal import BadValue, IllegalTransition, LawRefused, NotYourMove
from bureau.desk.subject import facts_of
from bureau.desk.trail import write_entry
from bureau.models import Officer, Role
from oversight.actions.papers import lock_subject, tell_people, tidy
from oversight.models import Paper, PaperDraft
from oversight.papers import facts_by_hand, numbers_of
from oversight.receivers import directory_around
from oversight.workflow import BUREAU
from oversight.workflow_notices import DRAFT_FLOW, DRAFTERS, NOTICE_FLOW

FURTHEST: Final = timedelta(days=60)


@transaction.atomic
def draft_paper(
    subject: Any, kind: str, *, words: str, rectify_by: datetime, by: Officer, at: datetime
) -> PaperDraft:  # fmt: skip
    """Draft a notice about a subject that is red, or by the bureau's own decision about one that is not.

    Raises the model's DoesNotExist out of sight, NotYourMove, LawRefused `not_red`, IllegalTransition
    `already_drafted`, BadValue by its field.
    """
    mine = type(subject).objects.visible_to(by)
    subject.refresh_from_db(from_queryset=mine.select_for_update(of=("self",)))
    posting = DRAFTERS.posting_of(by, subject)
    if posting is None:
        raise NotYourMove(_("Notices are drafted by the bureau, the centre or the unit's own desk."))
    if kind not in Paper.Kind.values or (posting.role == Role.UNIT_DESK and kind != Paper.Kind.URGING):
        raise BadValue(_("Choose a kind of notice that your post may draft."), code="invalid_choice", pointer="/kind")
    clock = Clock.objects.about(subject).on_full_ladder().red(at).order_by("due_at").first()
    if clock is None and posting.role not in BUREAU.roles:
        raise LawRefused(_("Nothing here is red. Only the bureau decides to urge all the same."), code="not_red")
    if PaperDraft.objects.open().filter(subject_id=subject.pk, kind=kind).exists():
        raise IllegalTransition(_("A notice of this kind is drafted already."), code="already_drafted")
    holder = clock.owed_by_id if clock else getattr(subject, "handled_by_id", None)
    draft = PaperDraft(
        **facts_of(subject), owed_by_id=holder, kind=kind, clock=clock,
        words=needed(words), rectify_by=deadline(rectify_by, at), drafted_by=by, drafted_at=at,
    )  # fmt: skip
    facts = {"kind": kind, "rectify_by": iso(rectify_by)}
    DRAFT_FLOW.begin(draft, "draft", by=by, at=at, posting=posting, note=draft.words, facts=facts)
    return draft


@transaction.atomic
def move_draft(draft: PaperDraft, verb: str, *, by: Officer, at: datetime, note: str = "", **facts: Any) -> PaperDraft:
    """Amend (`words`, `rectify_by`), issue or discard a draft; issuing draws the number in this very transaction."""
    subject = lock_subject(draft)
    if "words" in facts:
        facts["words"] = tidy("words", facts["words"])
    moved: PaperDraft = DRAFT_FLOW.apply(
        draft, verb, by=by, at=at, note=tidy("note", note), facts=facts, effect=EFFECTS.get(verb)
    )
    if moved.paper is not None and verb == "issue":
        told = {"paper": moved.paper.number, "paper_id": str(moved.paper.pk), "rectify_by": iso(moved.rectify_by)}
        posting = BUREAU.posting_of(by, moved)
        write_entry(subject, "issue_paper", by=by, at=at, posting=posting, facts=told)
        tell_people(moved.paper, "issue", at=at)
    return moved


def amend(draft: PaperDraft, *, by: Officer, at: datetime, words: str, rectify_by: datetime, **_facts: Any) -> Any:
    draft.words, draft.rectify_by = words, deadline(rectify_by, at)
    return {"words": words, "rectify_by": iso(rectify_by)}


def issue(draft: PaperDraft, *, by: Officer, at: datetime, **_facts: Any) -> dict[str, Any]:
    """The paper with its number: the same series as the ladder's own."""
    deadline(draft.rectify_by, at)
    kind = Paper.Kind(draft.kind)
    directory = directory_around([draft], at=at)
    to = directory.addressee(draft, RungName.SUPERVISE if kind == Paper.Kind.SUPERVISION else RungName.URGE)
    (number,) = numbers_of(kind, directory.bureau, 1, at=at)
    with override("zh-hans"):
        told = facts_by_hand(draft, to, directory, current_calendar())
    paper = Paper(
        subject_type=draft.subject_type, subject_id=draft.subject_id, unit_id=draft.unit_id,
        owed_by_id=draft.owed_by_id, kind=kind, number=number, to_organisation=to, facts=told,
        red_at=draft.clock.due_at if draft.clock else None, rectify_by=draft.rectify_by, issued_at=at,
    )  # fmt: skip
    posting = BUREAU.posting_of(by, draft)
    NOTICE_FLOW.begin(paper, "issue", by=by, at=at, posting=posting, facts={"number": number, "draft": str(draft.pk)})
    draft.paper = paper
    return {"number": number, "paper_id": str(paper.pk)}


EFFECTS = {"amend": amend, "issue": issue}


def needed(words: str) -> str:
    kept = tidy("words", words)
    if not kept:
        raise BadValue(_("Say why the notice is wanted."), code="required", pointer="/words")
    return kept


def deadline(rectify_by: datetime, at: datetime) -> datetime:
    if not at < rectify_by <= at + FURTHEST:
        raise BadValue(
            _("The deadline lies in the future, at most 60 days from now."), code="invalid_date", pointer="/rectify_by"
        )
    return rectify_by
