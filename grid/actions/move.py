"""One door for every move of an issue."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from bureau.desk.refusal import BadValue, raise_all
from bureau.models import Officer
from grid.actions.dispatch import dispatch
from grid.actions.handle import feed_back, rework, take, withdraw_feedback
from grid.actions.redispatch import redispatch
from grid.actions.settle import end
from grid.models import Issue
from grid.words import tidy_text
from grid.workflow import ISSUE_FLOW

LONGEST_NOTE = 1000
EFFECTS: dict[str, Callable[..., dict[str, Any] | None]] = {
    "dispatch": dispatch,
    "redispatch": redispatch,
    "take": take,
    "feed_back": feed_back,
    "withdraw_feedback": withdraw_feedback,
    "rework": rework,
    "refuse": end,
    "void": end,
    "close": end,
}
FACTS = {
    "dispatch": frozenset({"to"}),
    "redispatch": frozenset({"to", "reason"}),
    "take": frozenset({"officers"}),
    "feed_back": frozenset({"outcome", "case", "photos"}),
    "refuse": frozenset({"reason"}),
    "void": frozenset({"reason"}),
}
NONE: frozenset[str] = frozenset()


def move_issue(issue: Issue, verb: str, *, by: Officer, at: datetime, note: str = "", **facts: Any) -> Issue:
    """Make one move of the table (workflow.py); `facts` are what the verb needs: `to`, `officers`, `outcome`, ...

    Raises Issue.DoesNotExist for an issue out of sight, else a Refusal; nothing is half done.
    """
    note = tidy_text(note, "note", longest=LONGEST_NOTE, may_be_blank=True, lines=True)
    unknown = sorted(set(facts) - FACTS.get(verb, NONE)) if verb in ISSUE_FLOW.moves else []
    raise_all(
        [BadValue(_("This move has no such field."), code="unknown_field", pointer=f"/{name}") for name in unknown]
    )
    effect = EFFECTS.get(verb)
    moved: Issue = ISSUE_FLOW.apply(
        issue, verb, by=by, at=at, note=note, facts=facts, effect=partial(effect, note=note) if effect else None
    )
    return moved
