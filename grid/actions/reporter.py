"""The reporter's name and phone are shown to one person for one purpose, and the trail says so."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as p_

from bureau.desk.notices import post_notice
from bureau.desk.refusal import BadValue, NotYourMove
from bureau.desk.trail import last_entry, not_before, write_entry
from bureau.models import Officer, Posting, Role
from grid.models import Issue, Reporter
from grid.words import tidy_text

PURPOSES = {
    "call_back": p_("purpose", "to call back"),
    "find_place": p_("purpose", "to find the place"),
    "handle": p_("purpose", "to handle the issue"),
    "complaint": p_("purpose", "to look into a complaint"),
}
HOTLINE = frozenset({Role.OPERATOR, Role.SHIFT_LEADER, Role.DISPATCHER})
WATCH = (Role.SUPERVISION, Role.AUDITOR)


def can_reveal(issue: Issue, by: Officer) -> bool:
    """security.md `issue.reporter_contact`: one's own issue, an assigned one, or the hotline's with an alarm.

    Leaders and supervision need a second person (`a!+`); until that act exists they are refused.
    """
    return is_own(issue, by) or not by.roles_now.isdisjoint(HOTLINE)


@transaction.atomic
def reveal_reporter(issue: Issue, *, purpose: str, by: Officer, at: datetime) -> Reporter | None:
    """The reporter's row, or None when none was left. `purpose` is a code of PURPOSES, or words.

    Another's issue alarms supervision and audit; one's own or an assigned one is only logged.
    """
    purpose = tidy_text(purpose, "purpose", longest=100)
    issue.refresh_from_db(from_queryset=Issue.objects.visible_to(by).select_for_update(of=("self",)))
    if not can_reveal(issue, by):
        raise NotYourMove(_("The reporter's contact is not open to your post."))
    reporter = Reporter.objects.filter(issue=issue).first()
    if reporter is None:
        raise BadValue(_("Nobody left a contact."), code="no_reporter")
    at = not_before(last_entry(issue), at)
    posting = next(iter(by.postings_now), None)
    write_entry(issue, "reveal_reporter", by=by, at=at, posting=posting, facts={"purpose": purpose})
    if not is_own(issue, by):
        alarm(issue, by, at)
    return reporter


def is_own(issue: Issue, by: Officer) -> bool:
    """I took the call, or I am named on the issue."""
    return issue.reported_by_id == by.pk or issue.assignments.standing().filter(officers=by).exists()


def alarm(issue: Issue, by: Officer, at: datetime) -> None:
    """Supervision and audit hear of it."""
    watchers = Posting.objects.current().filter(role__in=WATCH).select_related("organisation")
    for posting in watchers.order_by("organisation_id", "role").distinct("organisation_id", "role"):
        post_notice(
            issue,
            "reporter_revealed",
            at=at,
            dedupe_key=f"reporter_revealed:{issue.pk}:{by.pk}:{at.isoformat()}:{posting.organisation_id}:{posting.role}",
            to_organisation=posting.organisation,
            to_role=posting.role,
            params={"number": issue.number, "by": by.username},
            is_urgent=True,
        )
