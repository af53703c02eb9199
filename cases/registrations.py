"""What the room of enforcement cases hands down to the desk and to the grid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bureau.desk import contributions
from bureau.desk.contributions import (
    NavEntry,
    NoticeKind,
    SearchSource,
    SubjectCard,
    SubjectKind,
    SubjectPanel,
    UnitPanel,
)
from bureau.desk.wording import coded
from bureau.models import Unit
from cases.actions import can_open_case
from cases.models import Case, Party
from cases.querysets import CaseQuerySet
from cases.statuses import Status
from cases.workflow import CASE_FLOW
from grid import outcomes
from grid.models import Issue

SHOWN_ON_A_PANEL = 10
CLOCK_LABELS = {
    "verification": pgettext_lazy("clock of a case", "verification of the lead"),
    "decision": pgettext_lazy("clock of a case", "decision on the case"),
}
OTHER_ACTS = {"recompute": pgettext_lazy("act", "Recompute the limit")}
VERB_LABELS = {**{move.verb: move.label for move in CASE_FLOW.table}, **OTHER_ACTS}


def cards(ids: Iterable[Any]) -> Mapping[Any, SubjectCard]:
    """Cards of many cases in one query; the party is never on one."""
    found = Case.objects.filter(pk__in=list(ids)).select_related("power", "handled_by")
    return {case.pk: card_of(case) for case in found}


def card_of(case: Case) -> SubjectCard:
    return SubjectCard(
        number=case.number,
        title=case.power.name,
        place=case.place,
        url=case.get_absolute_url(),
        status=str(case.get_status_display()),
        holder=str(case.handled_by),
    )


def find(text: str, officer: Any, limit: int) -> list[SubjectCard]:
    """Cases by number, place or power, among those that this person may see."""
    words = text.strip()
    held = Q(lead_number__icontains=words) | Q(filing_number__icontains=words) | Q(place__icontains=words)
    mine = Case.objects.visible_to(officer).filter(
        held | Q(power__code__iexact=words) | Q(power__name_zh__icontains=words)
    )
    return [card_of(case) for case in mine.select_related("power", "handled_by")[:limit]]


def may_stand_for(number: str, issue: Issue) -> bool:
    """A filed case of this number came out of this issue, or out of none and lies in the same unit."""
    whose = Q(issue=issue) | Q(issue=None, unit=issue.unit_id)
    return Case.objects.filter(whose, filing_number=number).exclude(filing_number="").exists()


def panel_of_unit(unit: Unit, officer: Any, at: datetime) -> dict[str, Any] | None:
    """The open cases of the unit that this person may see; left out for who sees none by post."""
    if not sees_cases(officer):
        return None
    mine: CaseQuerySet = Case.objects.visible_to(officer).open().filter(unit=unit)
    return {"cases": list(mine.for_list(at)[:SHOWN_ON_A_PANEL]), "total": mine.count(), "unit": unit, "at": at}


def panel_of_issue(issue: Issue, officer: Any, at: datetime) -> dict[str, Any] | None:
    """The issue's cases, and the way to a new one for who may open it."""
    if not sees_cases(officer):
        return None
    mine: CaseQuerySet = Case.objects.visible_to(officer).filter(issue=issue)
    return {"cases": list(mine.for_list(at)), "issue": issue, "may_open": can_open_case(officer)}


def sees_cases(officer: Any) -> bool:
    return not CaseQuerySet.access.keys().isdisjoint(officer.roles_now)


def register() -> None:
    contributions.workflows.add("case", CASE_FLOW, order=50)
    contributions.subject_kinds.add(
        "cases.case",
        SubjectKind(
            model=Case,
            label=_("enforcement case"),
            cards=cards,
            clock_labels=CLOCK_LABELS,
            verb_labels=VERB_LABELS,
            status_labels=dict(Status.choices),
            topics=lambda: {Case.topic: _("enforcement case")},
        ),
        order=50,
    )
    outcomes.case_lookups.add("cases", may_stand_for)
    roles = frozenset(CaseQuerySet.access)
    contributions.navigation.add(
        "cases", NavEntry(_("Enforcement cases"), "cases:list", "case", "work", roles), order=50
    )
    contributions.unit_panels.add(
        "cases", UnitPanel(_("Open enforcement cases"), "cases/panel_of_unit.html", panel_of_unit), order=50
    )
    contributions.subject_panels.add(
        "cases-of-an-issue",
        SubjectPanel("grid.issue", _("Enforcement cases"), "cases/panel_of_issue.html", panel_of_issue),
        order=50,
    )
    contributions.search_sources.add("cases", SearchSource(_("Enforcement cases"), find), order=50)
    for kind, words in NOTICE_KINDS.items():
        contributions.notice_kinds.add(kind, words)
    for name, choices in CODE_LISTS.items():
        contributions.code_lists.add(name, partial(coded, choices.items()), order=50)
    for code, words in ERROR_CODES.items():
        contributions.error_codes.add(code, words)


NOTICE_KINDS = {
    "case_requested": NoticeKind(
        _("To endorse: {number}"), _("The two officers ask to file case {number} at {place} under {power}.")
    ),
    "case_endorsed": NoticeKind(
        _("To file: {number}"), _("The squad leader endorsed the filing of case {number} at {place} under {power}.")
    ),
    "case_filed": NoticeKind(
        _("Filed: {number}"), _("Your case at {place} is filed as {number}; the period to decide runs.")
    ),
    "case_returned": NoticeKind(
        _("Returned for completion: {number}"), _("Case {number} at {place} came back to you; its limit runs on.")
    ),
    "case_withdrawn": NoticeKind(_("Withdrawn: {number}"), _("Your case {number} at {place} was withdrawn.")),
}
CODE_LISTS = {
    "case-statuses": dict(Status.choices),
    "case-verbs": VERB_LABELS,
    "party-kinds": dict(Party.Kind.choices),
}
ERROR_CODES = {
    "E_OFFICERS_LT2": _("There are not two different officers of the squad."),
    "E_CERT_INVALID": _("A person holds no enforcement certificate that is valid on that day."),
    "E_LIMITATION": _("The period of limitation is over."),
    "E_DUPLICATE": _("An open case about the same party, power and day of the act is there already."),
    "before_the_act": _("The act cannot be discovered before it was done."),
    "unknown_issue": _("There is no such issue."),
}
