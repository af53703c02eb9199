"""What oversight hands down to the desk's pages."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bureau.desk import contributions
from bureau.desk.contributions import NavEntry, NoticeKind, UnitPanel
from bureau.desk.jobs import works
from bureau.desk.models.clock import RungName
from bureau.desk.wording import coded
from bureau.models import Unit
from oversight import bulletin_print
from oversight.board import board_of
from oversight.paper_registrations import register_papers
from oversight.querysets import RED_LIST_ACCESS
from oversight.referral_registrations import register_referrals

ACTS = {
    "urge": _("Urging notice issued"),
    "supervise": _("Supervision notice issued"),
    "refer": _("Became a referral candidate"),
}
NOTICE_KINDS = {
    "clock_warn": NoticeKind(_("Yellow light: {number}"), _("{number}, {place}: 80 % of the limit is used.")),
    "clock_urge": NoticeKind(
        _("Urging notice {paper}"), _("{number}, {place}: red since {at}. To be put right by {by}.")
    ),
    "clock_supervise": NoticeKind(
        _("Supervision notice {paper}"), _("{number}, {place}: the period ran out at {at}. Last period to {by}.")
    ),
    "clock_refer": NoticeKind(
        _("Referral candidate {number}"), _("{number}, {place}: the second period ran out at {at}. A person decides.")
    ),
    "stage_warn": NoticeKind(_("Yellow light: {number}"), _("{number}, {place}: 80 % of the stage's time is used.")),
    "stage_urge": NoticeKind(
        _("Red light: {number}"), _("{number}, {place}: a stage of the centre is red since {at}.")
    ),
    "paper_waits_for_calendar": NoticeKind(
        _("A paper waits: {number}"),
        _("{number} is red, but its date hangs on a year that is not loaded. Enter the working days of that year."),
    ),
    "clock_cannot_climb": NoticeKind(
        _("A clock cannot climb: {number}"),
        _("{number}: its next stage could not be raised. It is tried again; tell the administrator."),
    ),
    "rung_reaches_nobody": NoticeKind(
        _("Nobody was there to read: {number}"),
        _("{number}, {place}: no serving person holds the posts that were told."),
    ),
}


def reds_of_unit(unit: Unit, officer: Any, at: datetime) -> dict[str, Any] | None:
    """The unit's row of the board, for whoever reads the red list there."""
    if officer.roles_now.isdisjoint(RED_LIST_ACCESS):
        return None
    row = next((row for row in board_of(officer, at=at, unit=unit).rows if row.unit == unit), None)
    if row is None:
        return None
    return {
        "row": row,
        "pairs": [
            (_("urged"), row.urge),
            (_("supervised"), row.supervise),
            (_("Referral candidates"), row.refer),
            (_("Yellow light"), row.yellow),
            (_("in hand"), row.open),
        ],
        "rows_url": f"{reverse('oversight:rows')}?light=red&ladder=full&unit={unit.code}",
        "board_url": f"{reverse('oversight:board')}?unit={unit.code}",
    }


def register() -> None:
    register_papers()
    register_referrals()
    works.add(bulletin_print.KIND, bulletin_print.WORK)
    contributions.navigation.add(
        "board",
        NavEntry(_("Red-light board"), "oversight:board", "lamp", "oversight", roles=frozenset(RED_LIST_ACCESS)),
        order=50,
    )
    bulletins = NavEntry(
        _("Red-light bulletins"), "oversight:bulletins", "paper", "oversight", roles=frozenset(RED_LIST_ACCESS)
    )
    contributions.navigation.add("bulletins", bulletins, order=52)
    contributions.unit_panels.add(
        "red-lights", UnitPanel(_("Red lights"), "oversight/unit_panel.html", reds_of_unit), order=50
    )
    for kind, words in NOTICE_KINDS.items():
        contributions.notice_kinds.add(kind, words)
    for verb, label in ACTS.items():
        contributions.act_labels.add(verb, label)
    contributions.code_lists.add("rungs", partial(coded, RungName.choices), order=50)
