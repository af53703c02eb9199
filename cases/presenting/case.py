"""What a person reads of a case: facts and basis, the trace of approvals, the record, the moves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bureau.desk.contributions import act_labels
from bureau.desk.models import Entry
from bureau.desk.refusal import Words
from bureau.desk.scope import Projection
from bureau.face.panels import Happening
from bureau.models import Officer, Role
from cases.models import Case
from cases.presenting.clocks import CaseClock, turned_of
from cases.querysets import CaseQuerySet
from cases.registrations import VERB_LABELS


@dataclass
class Round:
    """One request for filing and what became of it."""

    handled: Entry | None = None
    reviewed: Entry | None = None
    approved: Entry | None = None
    is_returned: bool = False

    @property
    def at(self) -> datetime | None:
        last = self.approved or self.reviewed or self.handled
        return last.at if last else None


def reads_all(officer: Any) -> bool:
    """Whether this person reads more than metadata."""
    return CaseQuerySet.projection_for(officer) == Projection.FULL


def rounds_of(entries: Iterable[Entry]) -> list[Round]:
    """The trace of approvals: handled 承办, reviewed 审核, approved 批准; newest round first."""
    rounds: list[Round] = []
    for entry in entries:
        if entry.verb == "request_filing":
            rounds.append(Round(handled=entry))
        elif not rounds:
            continue
        elif entry.verb == "endorse":
            rounds[-1].reviewed = entry
        elif entry.verb == "file":
            rounds[-1].approved = entry
        elif entry.verb == "return_for_completion":
            put_return(rounds[-1], entry)
    return rounds[::-1]


def put_return(current: Round, entry: Entry) -> None:
    current.is_returned = True
    if current.reviewed is None:
        current.reviewed = entry
    else:
        current.approved = entry


def party_facts(case: Case, reader: Officer) -> list[tuple[Any, ...]]:
    party, shown = case.party, case.shows_party_to(reader)
    kept = gettext("shown in full to the officers of the case, their leader and the bureau")
    name = party.name if shown else format_html('{} <span class="sub">{}</span>', party.masked_name, kept)
    return [
        (_("Party"), name, not shown),
        (_("Kind of party"), party.get_kind_display()),
        (_("Phone"), party.phone if shown else ""),
        (_("Address of the party"), party.address if shown else ""),
    ]


def past_of(entries: Sequence[Entry], clocks: Iterable[CaseClock]) -> list[Happening]:
    """Everything that happened, newest first: the lines of the trail, and the lights that turned."""
    acts = [happening_of(entry) for entry in entries]
    lights = [turned for shown in clocks for turned in turned_of(shown)]
    return sorted(acts + lights, key=lambda happening: happening.at)[::-1]


def happening_of(entry: Entry) -> Happening:
    said = entry.facts
    return Happening(
        at=entry.at,
        what=PAST.get(entry.verb) or VERB_LABELS.get(entry.verb) or act_labels.get(entry.verb) or entry.verb,
        who=who_of(entry),
        rule=said.get("reason") or said.get("filing_number") or said.get("lead_number") or "",
        note=entry.note,
    )


def who_of(entry: Entry) -> str:
    if entry.by is None:
        return gettext("by the system")
    role = Role(entry.acting_as).label if entry.acting_as in Role.values else ""
    return " ".join(str(part) for part in (entry.acting_for, role, entry.by) if part)


PAST: dict[str, Words] = {
    "open": _("Lead opened"),
    "request_filing": _("Filing requested"),
    "endorse": _("Filing endorsed"),
    "file": _("Enforcement case filed"),
    "return_for_completion": _("Returned for completion"),
    "withdraw": _("Withdrawn"),
    "recompute": _("Limit computed anew"),
}
