"""What the grid hands down to the desk's pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as p_

from bureau.desk import contributions
from bureau.desk.contributions import NavEntry, NoticeKind, SubjectCard, SubjectKind
from bureau.desk.refusal import Words
from bureau.desk.requests import request_specs
from bureau.desk.wording import coded
from grid import rules
from grid.actions.redispatch import REDISPATCH_REASONS
from grid.actions.reporter import PURPOSES
from grid.actions.settle import REFUSAL_REASONS, VOID_REASONS
from grid.indicators import READERS
from grid.loader import load
from grid.models import Issue, IssueType
from grid.requests import ISSUE_REQUESTS
from grid.statuses import Status
from grid.workflow import ISSUE_FLOW

CLOCK_LABELS = {
    "accept": p_("clock", "acceptance"),
    "confirm": p_("clock", "confirmation"),
    "filing": p_("clock", "grid filing"),
    "dispatch": p_("clock", "dispatch"),
    "handling": p_("clock", "handling"),
    "response": p_("clock", "response on site"),
    "verification": p_("clock", "verification"),
    "closing": p_("clock", "closing"),
}
OTHER_ACTS = {
    "add_photo": p_("act", "Add a photo"),
    "correct": p_("act", "Correct"),
    "merge": p_("act", "Merged into another issue"),
    "merged": p_("act", "A report of the same problem goes along"),
    "unmerge": p_("act", "Taken apart again"),
    "unmerged": p_("act", "A report goes its own way again"),
    "remark": p_("act", "Word of the reporter"),
    "reveal_reporter": p_("act", "Look at the reporter's contact"),
    "recompute": p_("act", "Recompute the limit"),
}
VERB_LABELS = {**{move.verb: move.label for move in (*ISSUE_FLOW.table, *ISSUE_FLOW.granted)}, **OTHER_ACTS}


ON_A_CARD = (
    *("number", "address", "cell_id", "status", "type__name_zh", "type__name_en", "unit__name_zh", "unit__name_en"),
    *("handled_by__short_zh", "handled_by__name_zh", "handled_by__name_en"),
)


def cards(ids: Iterable[Any]) -> Mapping[Any, SubjectCard]:
    """Cards of many issues in one query."""
    found = Issue.objects.filter(pk__in=list(ids)).select_related("type", "unit", "handled_by").only(*ON_A_CARD)
    return {issue.pk: card_of(issue) for issue in found}


def card_of(issue: Issue) -> SubjectCard:
    return SubjectCard(
        number=issue.number,
        title=str(issue.type),
        place=issue.place,
        url=issue.get_absolute_url(),
        status=str(Status(issue.status).label),
        holder=str(issue.handled_by or ""),
    )


def type_rows() -> list[dict[str, Any]]:
    return [{"code": row.code, "zh": row.name_zh, "en": row.name_en} for row in IssueType.objects.all()]


def register() -> None:
    rules.register()
    contributions.workflows.add("issue", ISSUE_FLOW, order=40)
    contributions.subject_kinds.add(
        "grid.issue",
        SubjectKind(
            model=Issue,
            label=_("issue"),
            cards=cards,
            clock_labels=CLOCK_LABELS,
            verb_labels=VERB_LABELS,
            status_labels=dict(Status.choices),
            topics=lambda: {row.code: str(row) for row in IssueType.objects.all()},
        ),
        order=40,
    )
    request_specs.add("grid.issue", ISSUE_REQUESTS, order=40)
    contributions.reference_loaders.add("grid", load, order=40)
    contributions.navigation.add("issues", NavEntry(_("Grid cases"), "grid:list", "list", "work"), order=40)
    figures_entry = NavEntry(_("Figures"), "grid:figures", "list", "oversight", roles=READERS)
    contributions.navigation.add("figures", figures_entry, order=56)
    for kind, notice in NOTICE_KINDS.items():
        contributions.notice_kinds.add(kind, notice)
    for name, choices in CODE_LISTS.items():
        contributions.code_lists.add(name, partial(coded, choices.items()), order=40)
    for code, words in ERROR_CODES.items():
        contributions.error_codes.add(code, words)
    contributions.code_lists.add("issue-types", type_rows, order=40)


NOTICE_KINDS = {
    "issue_dispatched": NoticeKind(
        _("Dispatched to you: {number}"), _("Grid case {number} at {place} is to be taken.")
    ),
    "issue_redispatched": NoticeKind(
        _("Taken from you: {number}"),
        _("Grid case {number} had been dispatched to you by mistake and is in other hands now; your clock has ended."),
    ),
    "issue_taken": NoticeKind(_("You are named on {number}"), _("You handle grid case {number} at {place}.")),
    "issue_reworked": NoticeKind(_("Sent back: {number}"), _("Grid case {number} at {place} failed its check.")),
    "issue_refused": NoticeKind(_("Refused: {number}"), _("The issue {number} that you reported was not accepted.")),
    "issue_void": NoticeKind(_("Void: {number}"), _("The issue {number} that you reported was voided.")),
    "issue_closed": NoticeKind(_("Closed: {number}"), _("The issue {number} that you reported is closed.")),
    "remark": NoticeKind(_("A word on {number}"), _("The reporter of {number} added a word; it stands on its trail.")),
    "reporter_revealed": NoticeKind(
        _("A reporter's contact was looked at: {number}"),
        _("{by} looked at the contact of the reporter of {number}, which was neither taken by nor assigned to them."),
    ),
}
ERROR_CODES = {
    "E_CASE_NOT_FILED": _("No enforcement case of this number is filed."),
    "after_photo_required": _("An after-photo is needed, taken since the issue was last taken or sent back."),
    "duplicate_external_ref": _("An issue with this outside number was already taken in."),
    "in_future": _("This lies in the future."),
    "no_handler": _("No organisation of this unit has an account that could take the issue."),
    "no_response_limit": _("No response limit runs: somebody arrived already, or this type asks for none."),
    "rework_asked": _("Somebody asks that this be sent back for rework."),
    "same_handler": _("The issue is in the hands of this organisation already."),
    "not_assigned": _("You are not named on this issue."),
    "not_of_the_squad": _("Not all who are named are officers of the handling organisation now."),
    "nothing_changed": _("Nothing was changed."),
    "no_reporter": _("Nobody left a contact."),
    "other_unit": _("That place lies in another unit, and the issue is already dispatched."),
    "outside_district": _("This point lies in no cell of the district."),
    "same_photo": _("This is the same photo."),
    "unknown_cell": _("There is no such cell on that day."),
    "unknown_crs": _("Coordinates are in EPSG:4326 or GCJ02."),
    "unknown_handler": _("This is no organisation of the unit that could take the issue."),
    "unknown_photo": _("This is no standing photo of the issue."),
    "unknown_type": _("There is no such issue type."),
    "unknown_unit": _("There is no such unit."),
}
CODE_LISTS: Mapping[str, Mapping[str, Words]] = {
    "issue-statuses": dict(Status.choices),
    "issue-verbs": VERB_LABELS,
    "issue-channels": dict(Issue.Channel.choices),
    "issue-outcomes": dict(Issue.Outcome.choices),
    "issue-refusal-reasons": REFUSAL_REASONS,
    "issue-void-reasons": VOID_REASONS,
    "issue-redispatch-reasons": REDISPATCH_REASONS,
    "issue-contact-purposes": PURPOSES,
}
