"""Another hand for the centre's own error 改派: the old clock ends without a light, the new one begins (R10)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as p_

from bureau.desk.notices import post_notice
from bureau.desk.refusal import BadValue
from bureau.models import Officer, Organisation
from grid.actions.dispatch import assign, handlers_anywhere, handlers_in
from grid.duties import leader_role_of
from grid.models import Assignment, Issue

REDISPATCH_REASONS = {
    "wrong_body": p_("reason", "it went to the wrong body of the unit"),
    "wrong_unit": p_("reason", "the place lies in another unit"),
    "wrong_type": p_("reason", "it was taken for another type"),
}


def redispatch(
    issue: Issue, *, by: Officer, at: datetime, to: Any, reason: str, **_facts: Any
) -> dict[str, Any]:  # fmt: skip
    """End the standing assignment as a wrong dispatch and give the issue to another organisation.

    Only for `wrong_unit` may that be one of another unit; the place can be corrected into that unit afterwards.
    Raises BadValue for an unknown reason, an organisation that cannot take it, or the one that has it.
    """
    if reason not in REDISPATCH_REASONS:
        raise BadValue(_("Choose one of the reasons."), code="invalid_choice", pointer="/reason")
    before = issue.handled_by
    named = other_handler(issue, to, reason, at)
    if before:
        tell_former(issue, before, at)
    assign(issue, named, "chosen", by=by, at=at, ended_as=Assignment.Ending.REDISPATCHED)
    return {"to": named.code, "from": before.code if before else "", "reason": reason}


def other_handler(issue: Issue, to: Any, reason: str, at: datetime) -> Organisation:
    """The organisation that was named: as an object, by id or by code; never the one that has the issue."""
    there = handlers_anywhere(at) if reason == "wrong_unit" else handlers_in(issue, at)
    named = next((one for one in there if to == one or str(to) in (str(one.pk), one.code)), None)
    if named is None:
        raise BadValue(
            _("This is no organisation that could take the issue for this reason."),
            code="unknown_handler",
            pointer="/to",
            remedy=_("Only when the place lies in another unit may it go to another unit."),
        )
    if named.pk == issue.handled_by_id:
        raise BadValue(_("The issue is in the hands of this organisation already."), code="same_handler", pointer="/to")
    return named


def tell_former(issue: Issue, former: Organisation, at: datetime) -> None:
    post_notice(
        issue,
        "issue_redispatched",
        at=at,
        dedupe_key=f"issue_redispatched:{issue.pk}:{at.isoformat()}",
        to_organisation=former,
        to_role=leader_role_of(former),
        params={"number": issue.number, "type": issue.type_id, "place": issue.place},
    )
