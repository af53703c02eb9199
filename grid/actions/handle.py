"""What the handler does: take 接单, feed back 反馈, take the feedback back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from bureau.desk.documents import keep_photo
from bureau.desk.models import Document
from bureau.desk.notices import post_notice
from bureau.desk.refusal import BadValue, LawRefused, required
from bureau.desk.trail import last_act
from bureau.models import Officer, Posting
from grid.guards import LEADS
from grid.models import Issue
from grid.outcomes import is_filed_case

NAMED_ROLES = (*LEADS, "squad_officer")


def take(
    issue: Issue, *, by: Officer, at: datetime, officers: str | Iterable[str] = (), **_facts: Any
) -> dict[str, Any]:
    """Name who handles it, by username; the taker when nobody is named."""
    usernames = sorted({officers} if isinstance(officers, str) else set(officers)) or [by.username]
    named = posted_officers(issue, usernames)
    assignment = issue.assignments.standing().get()
    assignment.taken_at = at
    assignment.save(update_fields=["taken_at"])
    assignment.officers.set(named)
    tell_officers(issue, "issue_taken", [officer for officer in named if officer != by], at)
    return {"officers": usernames}


def posted_officers(issue: Issue, usernames: Sequence[str]) -> list[Officer]:
    """The active officers of these names who serve the handling organisation now; else 422 `not_of_the_squad`."""
    serving = Posting.objects.current().held_by_active().filter(organisation=issue.handled_by_id, role__in=NAMED_ROLES)
    named = list(Officer.objects.filter(username__in=usernames, postings__in=serving).distinct())
    if {officer.username for officer in named} != set(usernames):
        raise LawRefused(
            _("Not all who are named are officers of the handling organisation now."),
            code="not_of_the_squad",
            pointer="/officers",
            remedy=_("Name officers who are posted there."),
        )
    return named


def feed_back(
    issue: Issue, *, by: Officer, at: datetime, outcome: str, case: str = "",
    photos: Sequence[UploadedFile] = (), **_facts: Any,
) -> dict[str, Any]:  # fmt: skip
    """Say what came of it: with an after-photo, or with the number of a filed case."""
    if outcome not in Issue.Outcome.values:
        raise BadValue(_("There is no such outcome."), code="invalid_choice", pointer="/outcome")
    for photo in photos:
        keep_photo(issue, photo, stage=Document.Stage.AFTER, by=by, at=at)
    if outcome == Issue.Outcome.CASE_OPENED:
        issue.case_number = filed_case(issue, case)
    else:
        ask_after_photo(issue)
    issue.outcome, issue.handled_at = outcome, at
    facts = {"outcome": outcome, "case": issue.case_number, "photos": len(photos)}
    return {name: value for name, value in facts.items() if value}


def filed_case(issue: Issue, number: str) -> str:
    number = number.strip()
    if not number:
        raise required("case", _("Give the number of the filed enforcement case."))
    if not is_filed_case(number, issue):
        raise LawRefused(
            _("No enforcement case of this number is filed."),
            code="E_CASE_NOT_FILED",
            pointer="/case",
            remedy=_("File the case first, then feed back."),
        )
    return number


def ask_after_photo(issue: Issue) -> None:
    """The state of now must be shown: a photo kept since the issue was last taken or sent back."""
    taken = last_act(issue, "take", "rework")
    since = taken.at if taken else issue.reported_at
    if issue.photos.filter(stage=Document.Stage.AFTER, at__gte=since).exists():
        return
    raise LawRefused(
        _("An after-photo is needed, taken since the issue was last taken or sent back."),
        code="after_photo_required",
        pointer="/photos",
        remedy=_("Add the photo, then feed back."),
    )


def withdraw_feedback(issue: Issue, **_facts: Any) -> dict[str, Any]:
    """The outcome is taken back; the time since it was given counts as used."""
    withdrawn = issue.outcome
    forget_outcome(issue)
    return {"outcome": withdrawn}


def rework(issue: Issue, *, at: datetime, **_facts: Any) -> dict[str, Any]:
    """The check failed 返工: the outcome falls, and those who handled it hear of it."""
    failed = issue.outcome
    forget_outcome(issue)
    issue.rework_count += 1
    tell_officers(issue, "issue_reworked", Officer.objects.filter(assignments__in=issue.assignments.standing()), at)
    return {"outcome": failed, "rework": issue.rework_count}


def forget_outcome(issue: Issue) -> None:
    issue.outcome, issue.case_number, issue.handled_at = "", "", None


def tell_officers(issue: Issue, kind: str, officers: Iterable[Officer], at: datetime) -> None:
    for officer in officers:
        post_notice(
            issue,
            kind,
            at=at,
            dedupe_key=f"{kind}:{issue.pk}:{officer.pk}:{at.isoformat()}",
            to_officer=officer,
            params={"number": issue.number, "type": issue.type_id, "place": issue.place},
        )
