"""One door for every move of a case."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bureau.desk.notices import post_notice
from bureau.desk.refusal import BadValue, raise_all
from bureau.models import Officer, Role
from cases.actions.officers import refuse_uncertified
from cases.actions.open import penalty_power
from cases.duties import bureau
from cases.models import Case
from cases.numbers import next_filing_number
from cases.workflow import CASE_FLOW
from grid.words import tidy_text

LONGEST_NOTE = 1000
FACTS = {"withdraw": frozenset({"reason"})}
NONE: frozenset[str] = frozenset()


def move_case(case: Case, verb: str, *, by: Officer, at: datetime, note: str = "", **facts: Any) -> Case:
    """Make one move of the table (workflow.py); `facts` are what the verb needs: `reason` to withdraw.

    Raises Case.DoesNotExist for a case out of sight, else a Refusal; nothing is half done.
    """
    note = tidy_text(note, "note", longest=LONGEST_NOTE, may_be_blank=True, lines=True)
    unknown = sorted(set(facts) - FACTS.get(verb, NONE)) if verb in CASE_FLOW.moves else []
    raise_all(
        [BadValue(_("This move has no such field."), code="unknown_field", pointer=f"/{name}") for name in unknown]
    )
    return CASE_FLOW.apply(case, verb, by=by, at=at, note=note, facts=facts, effect=EFFECTS.get(verb))


def request_filing(case: Case, *, by: Officer, at: datetime, **_facts: Any) -> None:
    case.requested_by = by
    tell(case, "case_requested", at, to_organisation=case.handled_by, to_role=Role.SQUAD_LEADER)


def endorse(case: Case, *, by: Officer, at: datetime, **_facts: Any) -> None:
    case.endorsed_by = by
    tell(case, "case_endorsed", at, to_organisation=bureau(), to_role=Role.DEPUTY)


def file(case: Case, *, by: Officer, at: datetime, **_facts: Any) -> dict[str, Any]:
    """Number the case; power and certificates are asked again, for the day of filing counts too (G01, G02)."""
    today = timezone.localdate(at)
    penalty_power(case.power.code, case.act_on)
    refuse_uncertified(case.officers, today, remedy=_("Return the case; the squad opens it with certified officers."))
    case.filed_by, case.filed_on = by, today
    case.filing_number = next_filing_number(case.unit, today)
    tell_officers(case, "case_filed", case.officers, at)
    return {"filing_number": case.filing_number, "filed_on": today.isoformat()}


def send_back(case: Case, *, by: Officer, at: datetime, **_facts: Any) -> None:
    """The chain begins anew; the verification clock runs on."""
    case.requested_by = case.endorsed_by = None
    tell_officers(case, "case_returned", case.officers, at)


def withdraw(case: Case, *, by: Officer, at: datetime, reason: str = "", **_facts: Any) -> dict[str, Any]:
    tell_officers(case, "case_withdrawn", [person for person in case.officers if person != by], at)
    return {"reason": tidy_text(reason, "reason", longest=200)}


EFFECTS: dict[str, Callable[..., dict[str, Any] | None]] = {
    "request_filing": request_filing,
    "endorse": endorse,
    "file": file,
    "return_for_completion": send_back,
    "withdraw": withdraw,
}


def tell_officers(case: Case, kind: str, officers: Iterable[Officer], at: datetime) -> None:
    for officer in officers:
        tell(case, kind, at, to_officer=officer)


def tell(case: Case, kind: str, at: datetime, **whom: Any) -> None:
    """One message about this move, without a word about the party."""
    to = whom.get("to_officer") or whom.get("to_organisation")
    post_notice(
        case,
        kind,
        at=at,
        dedupe_key=f"{kind}:{case.pk}:{to and to.pk}:{at.isoformat()}",
        params={"number": case.number, "power": case.power.code, "place": case.place},
        **whom,
    )
