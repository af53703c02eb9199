"""Merge 并案: a report of a problem that is known already goes along with the first one; every reporter counts.

The merged issue keeps its number, status, photos and reporter; its clocks end while the root's run. Taken apart again,
both are as they were, and the merged one's clocks run as if they had never ended (no time is won by it).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bureau.desk.clocks import meet_clocks, reopen_clocks
from bureau.desk.refusal import BadValue, IllegalTransition, LawRefused, NotYourMove
from bureau.desk.trail import last_act, last_entry, not_before, write_entry
from bureau.desk.workflow import actors, wrong_status_words
from bureau.models import Officer, Posting, Role
from grid.duties import duty_of
from grid.models import Issue
from grid.statuses import BEFORE_DISPATCH, OPEN
from grid.words import tidy_text

MERGERS = actors(Role.OPERATOR, Role.SHIFT_LEADER, Role.DISPATCHER, unit=(Role.UNIT_DESK,))
MOST_CHILDREN = 50


def can_merge(issue: Issue, by: Any) -> bool:
    return issue.status in BEFORE_DISPATCH and issue.merged_into_id is None and posting_of(issue, by) is not None


def posting_of(issue: Issue, by: Any) -> Posting | None:
    return MERGERS.posting_of(by, issue)


@transaction.atomic
def merge_issue(issue: Issue, root: Issue, *, by: Officer, at: datetime, note: str = "") -> Issue:
    """Let `issue` go along with `root`; both rows are locked, in the order of their keys.

    Raises NotYourMove, IllegalTransition once it is dispatched (ask for its voiding then), and LawRefused
    `merge_closed`, `merge_chain`, `merge_full` or `merge_itself`.
    """
    note = tidy_text(note, "note", longest=1000, may_be_blank=True, lines=True)
    lock(issue, root, by)
    posting = admit(issue, by)
    refuse_root(issue, root)
    at = max(not_before(last_entry(one), at) for one in (issue, root))
    kinds = list(issue.clocks.running().values_list("kind", flat=True))
    meet_clocks(issue, kinds, at=at)
    issue.merged_into = root
    issue.save(update_fields=["merged_into"])
    facts = {"into": root.number, "clocks": kinds}
    write_entry(issue, "merge", by=by, at=at, posting=posting, note=note, target=issue.status, facts=facts)
    write_entry(root, "merged", by=by, at=at, posting=posting, target=root.status, facts={"number": issue.number})
    return issue


@transaction.atomic
def unmerge_issue(issue: Issue, *, by: Officer, at: datetime, reason: str) -> Issue:
    """Take it apart again: it goes on where it stood. Raises NotYourMove, IllegalTransition `not_merged`."""
    reason = tidy_text(reason, "reason", longest=200)
    root = issue.merged_into
    if root is None:
        raise IllegalTransition(_("This issue goes along with no other."), code="not_merged")
    lock(issue, root, by)
    posting = posting_of(issue, by)
    if posting is None:
        raise NotYourMove(_("Merging is the centre's."))
    if issue.merged_into_id != root.pk:
        raise IllegalTransition(_("This issue goes along with no other."), code="not_merged")
    at = max(not_before(last_entry(one), at) for one in (issue, root))
    merged = last_act(issue, "merge")
    issue.merged_into = None
    issue.save(update_fields=["merged_into"])
    reopen_clocks(issue, merged.facts["clocks"] if merged else [], duty_of(issue), at=at)
    write_entry(issue, "unmerge", by=by, at=at, posting=posting, note=reason, target=issue.status,
                facts={"from": root.number})  # fmt: skip
    write_entry(root, "unmerged", by=by, at=at, posting=posting, target=root.status, facts={"number": issue.number})
    return issue


def lock(issue: Issue, root: Issue, by: Officer) -> None:
    """Lock both rows within what the person may see, in the order of their keys, and read them anew."""
    if issue.pk == root.pk:
        raise BadValue(_("An issue does not go along with itself."), code="merge_itself", pointer="/into")
    rows = Issue.objects.visible_to(by).filter(pk__in=[issue.pk, root.pk]).order_by("pk")
    found = set(rows.select_for_update(of=("self",)).values_list("pk", flat=True))
    if issue.pk not in found:
        raise Issue.DoesNotExist
    if root.pk not in found:
        raise BadValue(_("There is no such issue."), code="unknown_issue", pointer="/into")
    issue.refresh_from_db()
    root.refresh_from_db()


def admit(issue: Issue, by: Officer) -> Posting:
    posting = posting_of(issue, by)
    if posting is None:
        raise NotYourMove(_("Merging is the centre's."))
    if issue.status not in BEFORE_DISPATCH:
        refusal = wrong_status_words(issue, BEFORE_DISPATCH)
        refusal.remedy = _("Once it is dispatched, ask for its voiding as already reported.")
        raise refusal
    if issue.merged_into_id:
        raise IllegalTransition(_("It goes along with another issue already."), code="already_merged")
    return posting


def refuse_root(issue: Issue, root: Issue) -> None:
    if root.status not in OPEN:
        raise refused("merge_closed", _("That issue is over; report the problem anew or reopen it."))
    if root.merged_into_id:
        raise refused("merge_chain", _("That issue goes along with another one itself: choose that one."))
    if issue.children.exists():
        raise refused("merge_chain", _("Other reports go along with this issue: merge the other way round."))
    if root.children.count() >= MOST_CHILDREN:
        raise refused("merge_full", _("Fifty reports go along with that issue already."))


def refused(code: str, words: Any) -> LawRefused:
    return LawRefused(words, code=code, pointer="/into")
