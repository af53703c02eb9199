"""What a person can do with an issue now, and what not and why, in one pass over the table of moves."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

from bureau.desk.workflow import Move, OpenMove, refused_by
from bureau.face.panels import ClosedMove
from bureau.models import Officer
from grid.models import Issue
from grid.statuses import FINAL, Status
from grid.workflow import ISSUE_FLOW


def moves_for(issue: Issue, by: Officer) -> tuple[list[OpenMove], list[ClosedMove]]:
    """As the workflow answers `open_to` and `closed_to`, but every guard is asked once.

    A move of another status is explained by the status in which it is made; nothing is listed once all is over.
    """
    opened: list[OpenMove] = []
    closed: list[ClosedMove] = []
    if issue.status in FINAL:
        return opened, closed
    for move in ISSUE_FLOW.table:
        posting = move.who.posting_of(by, issue) if move.sources else None
        if posting is None:
            continue
        if issue.status not in move.sources:
            closed.append(ClosedMove(move.label, in_which_status(move)))
        elif refusal := refused_by(move, issue, by):
            closed.append(ClosedMove(move.label, str(refusal), refusal.first_at))
        else:
            opened.append(OpenMove(move, posting))
    return opened, closed


def in_which_status(move: Move) -> str:
    named: Any = gettext(", ").join(str(Status(source).label) for source in move.sources)
    return gettext("Only while the status is: %(status)s.") % {"status": named}
