"""A word on an issue by whoever reported it: it changes nothing, and who has the issue in hand is told."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bureau.desk.models import Entry
from bureau.desk.notices import post_notice
from bureau.desk.refusal import IllegalTransition, NotYourMove, required
from bureau.desk.trail import last_entry, not_before, write_entry
from bureau.models import Officer
from grid.duties import grid_centre
from grid.models import Issue
from grid.statuses import OPEN
from grid.words import tidy_text

LONGEST_REMARK = 2000


@transaction.atomic
def remark(issue: Issue, words: str, *, by: Officer, at: datetime) -> Entry:
    """Append the remark to the trail; raises NotYourMove for another's issue, IllegalTransition for a closed one."""
    words = tidy_text(words, "note", longest=LONGEST_REMARK, lines=True)
    if not words:
        raise required("note")
    issue.refresh_from_db(from_queryset=Issue.objects.select_for_update(of=("self",)))
    if issue.reported_by_id != by.pk:
        raise NotYourMove(_("Only whoever reported an issue adds a word to it here."))
    if issue.status not in OPEN:
        raise IllegalTransition(_("The issue is closed; report it anew if the problem is there again."))
    at = not_before(last_entry(issue), at)
    posting = next(iter(by.postings_now), None)
    entry = write_entry(issue, "remark", by=by, at=at, posting=posting, note=words, target=issue.status)
    holder = issue.handled_by or grid_centre()
    if holder is not None:
        post_notice(
            issue, "remark", at=at, dedupe_key=f"remark:{entry.pk}", to_organisation=holder,
            params={"number": issue.number},
        )  # fmt: skip
    return entry
