"""To whom an issue goes 派遣: the type's lead kind in the unit, else the squad, which is the hand of last resort."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bureau.desk.notices import post_notice
from bureau.desk.refusal import BadValue, LawRefused, Words, required
from bureau.models import Officer, Organisation
from grid.duties import leader_role_of
from grid.models import Assignment, Issue

HANDLING_KINDS = (
    Organisation.Kind.SQUAD,
    Organisation.Kind.SUB_CENTRE,
    Organisation.Kind.GOVERNMENT,
    Organisation.Kind.LAND_OFFICE,
    Organisation.Kind.HOUSING_OFFICE,
    Organisation.Kind.MARKET_SUPERVISION,
    Organisation.Kind.PARTNER,
)
RULES = {
    "lead_of_type": _("The kind of body that leads this type, in the unit of the issue."),
    "squad_by_default": _("The body that leads this type has no account in the unit, so the squad of the unit."),
    "chosen": _("Chosen by the dispatcher, with a reason."),
    "designated": _("Designated by the coordination meeting after a second return."),
}


@dataclass(frozen=True)
class Proposal:
    """An organisation, and the rule that named it (a key of RULES)."""

    organisation: Organisation
    rule: str

    @property
    def rule_text(self) -> Words:
        return RULES[self.rule]


def propose_handler(issue: Issue, *, at: datetime) -> Proposal:
    """Who should handle it; raises 422 `no_handler` when the unit has neither the lead kind nor a squad at work."""
    found = {organisation.kind: organisation for organisation in reversed(handlers_in(issue, at))}
    lead = issue.type.lead_kind
    if lead in found:
        return Proposal(found[lead], "lead_of_type")
    if Organisation.Kind.SQUAD in found:
        return Proposal(found[Organisation.Kind.SQUAD], "squad_by_default")
    raise LawRefused(
        _("No organisation of this unit has an account that could take the issue."),
        code="no_handler",
        pointer="/to",
        remedy=_("Give the squad leader a posting first."),
    )


def handlers_in(issue: Issue, at: datetime) -> list[Organisation]:
    """Organisations of the issue's unit that may handle, and where somebody active can take, by code.

    Not those that gave it back, while there is another: their clock would only begin anew.
    """
    there = list(able_to_handle(at).filter(unit=issue.unit_id))
    gave_back = set(issue.assignments.given_back().values_list("organisation_id", flat=True))
    return [one for one in there if one.pk not in gave_back] or there


def handlers_anywhere(at: datetime) -> list[Organisation]:
    """Organisations of any unit that may handle, and where somebody active can take, by code."""
    return list(able_to_handle(at))


def able_to_handle(at: datetime) -> QuerySet[Organisation]:
    there = Organisation.objects.in_force(timezone.localdate(at)).filter(kind__in=HANDLING_KINDS)
    return there.filter(with_active_leader(at)).distinct().order_by("code")


def with_active_leader(at: datetime) -> Q:
    """Somebody active holds a posting there that may take what is dispatched."""
    in_force = Q(postings__starts_at__lte=at) & (Q(postings__ends_at=None) | Q(postings__ends_at__gt=at))
    return in_force & Q(postings__officer__is_active=True, postings__role__in=("squad_leader", "unit_desk", "partner"))


def dispatch(issue: Issue, *, by: Officer, at: datetime, note: str, to: Any = None, **_facts: Any) -> dict[str, Any]:
    """Put the issue into somebody's hands; another than the proposed one needs a note that says why."""
    proposal = chosen(issue, to, note, at) if to else propose_handler(issue, at=at)
    assign(issue, proposal.organisation, proposal.rule, by=by, at=at)
    return {"to": proposal.organisation.code, "rule": proposal.rule}


def assign(
    issue: Issue, to: Organisation, rule: str, *, by: Officer, at: datetime, ended_as: str = ""
) -> None:  # fmt: skip
    """Into whose hands it goes from now; `ended_as` says why those who had it before have it no more."""
    issue.handled_by = to
    issue.assignments.standing().update(ended_at=at, ended_as=ended_as)
    Assignment.objects.create(issue=issue, organisation=to, dispatched_at=at, by=by, rule=rule)
    post_notice(
        issue,
        "issue_dispatched",
        at=at,
        dedupe_key=f"issue_dispatched:{issue.pk}:{at.isoformat()}",
        to_organisation=to,
        to_role=leader_role_of(to),
        params={"number": issue.number, "type": issue.type_id, "place": issue.place},
    )


def chosen(issue: Issue, to: Any, note: str, at: datetime) -> Proposal:
    """The organisation that the dispatcher named: as an object, by id or by code."""
    named = next((o for o in handlers_in(issue, at) if to == o or str(to) in (str(o.pk), o.code)), None)
    if named is None:
        raise BadValue(
            _("This is no organisation of the unit that could take the issue."), code="unknown_handler", pointer="/to"
        )
    proposal = propose_handler_or_none(issue, at)
    if proposal and proposal.organisation == named:
        return proposal
    if not note.strip():
        raise required("note", _("Say why it goes to another than the proposed organisation."))
    return Proposal(named, "chosen")


def propose_handler_or_none(issue: Issue, at: datetime) -> Proposal | None:
    try:
        return propose_handler(issue, at=at)
    except LawRefused:
        return None
