"""Rules are changed by two: one proposes with a reason, one of the bureau's leaders enacts what was seen (R15, D14)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bureau.desk import figures
from bureau.desk.clocks import ClockSpec, Duty
from bureau.desk.models.figure import Figure
from bureau.desk.models.rule_change import RuleChange
from bureau.desk.recalculation import can_recalculate, preview_of, recalculate
from bureau.desk.refusal import BadValue, IllegalTransition, NotYourMove, Refusal, SodConflict, required
from bureau.desk.workflow import Move, Workflow, actors
from bureau.models.people import Officer
from bureau.models.roles import Role

Status = RuleChange.Status
PROPOSERS = actors(Role.LEGAL, Role.DEPUTY, Role.DIRECTOR, Role.SUPERVISION)
ENACTERS = actors(Role.DEPUTY, Role.DIRECTOR)


def not_the_proposer(change: RuleChange, by: Officer) -> Refusal | None:
    if change.proposed_by_id != by.pk:
        return None
    return SodConflict(_("You proposed this change, so someone else must decide it (rule D14)."))


def is_the_proposer(change: RuleChange, by: Officer) -> Refusal | None:
    if change.proposed_by_id == by.pk:
        return None
    return SodConflict(_("Only whoever proposed a change withdraws it."))


def no_spec(change: RuleChange, kind: str, at: datetime) -> ClockSpec | None:
    return None


def nobody(change: RuleChange) -> Duty:
    return Duty(None)


RULE_FLOW = Workflow(
    table=(
        Move("propose", (), Status.PROPOSED, PROPOSERS, label=pgettext_lazy("move of a rule", "Propose the change")),
        Move(
            "enact", (Status.PROPOSED,), Status.ENACTED, ENACTERS, guards=(not_the_proposer,), needs=("digest",),
            label=pgettext_lazy("move of a rule", "Enact the change"), is_irreversible=True,
        ),
        Move(
            "refuse", (Status.PROPOSED,), Status.REFUSED, ENACTERS, guards=(not_the_proposer,), needs=("note",),
            label=pgettext_lazy("move of a rule", "Refuse the change"), is_detour=True,
        ),
        Move(
            "withdraw", (Status.PROPOSED,), Status.WITHDRAWN, PROPOSERS, guards=(is_the_proposer,),
            label=pgettext_lazy("move of a rule", "Withdraw the proposal"), is_detour=True,
        ),
    ),
    spec_of=no_spec,
    duty_of=nobody,
)  # fmt: skip


@transaction.atomic
def propose_change(
    name: str, *, value: str, valid_from: date, reason: str, recalculates: bool, by: Officer, at: datetime
) -> RuleChange:
    """Propose another value of a figure from a day on (not before today), or for `calendar` a recalculation alone.

    Raises NotYourMove, BadValue for name, value, day or reason, IllegalTransition while another proposal is open.
    """
    draft = RuleChange(name=name, valid_from=valid_from, reason=reason.strip(), recalculates=recalculates)
    draft.proposed_by, draft.proposed_at = by, at
    posting = PROPOSERS.posting_of(by, draft)
    if posting is None:
        raise NotYourMove(_("Rules are proposed by the bureau's leaders, legal reviewers and supervision."))
    draft.value = check(draft, value, at)
    try:
        with transaction.atomic():
            RULE_FLOW.begin(draft, "propose", by=by, at=at, note=draft.reason, facts=facts_of(draft), posting=posting)
    except IntegrityError as error:
        words = _("Another change of this rule is proposed already; decide that one first.")
        raise IllegalTransition(words, code="already_proposed") from error
    return draft


def check(draft: RuleChange, value: str, at: datetime) -> str:
    """What is wrong with a proposal; answers the value in its one spelling."""
    if not draft.reason:
        raise required("reason")
    if draft.valid_from < figures.local_day(at):
        words = _("A rule changes from today on at the earliest: work that was done stands.")
        raise BadValue(words, code="in_past", pointer="/valid_from")
    if draft.recalculates and not can_recalculate(draft.name):
        words = _("No running clock hangs on this figure.")
        raise BadValue(words, code="nothing_to_recalculate", pointer="/recalculates")
    if draft.recalculates and draft.valid_from != figures.local_day(at):
        words = _("Running clocks are computed anew on the day of the change, so it must begin today.")
        raise BadValue(words, code="not_today", pointer="/valid_from")
    if draft.is_of_calendar:
        return ""
    known = figures.known_figures(draft.valid_from, [draft.name])
    if not known:
        raise BadValue(_("There is no such rule."), code="unknown_rule", pointer="/name")
    return figures.checked(draft.name, known[0].default, value)


def move_change(
    change: RuleChange, verb: str, *, by: Officer, at: datetime, note: str = "", **facts: Any
) -> RuleChange:  # fmt: skip
    """Enact, refuse or withdraw. To enact, `digest` must name the outcome that the preview showed (else 409)."""
    moved: RuleChange = RULE_FLOW.apply(change, verb, by=by, at=at, note=note, facts=facts, effect=EFFECTS.get(verb))
    return moved


def decide(change: RuleChange, *, by: Officer, at: datetime, **_facts: Any) -> dict[str, Any]:
    change.decided_by, change.decided_at = by, at
    return {}


def enact(change: RuleChange, *, by: Officer, at: datetime, digest: str, **_facts: Any) -> dict[str, Any]:
    """The dated row, and where it is asked for the clocks that run, exactly as they were shown."""
    if digest != shown_digest(change, at=at):
        raise IllegalTransition(
            _("What the change would do is no longer what you were shown."),
            code="preview_changed",
            remedy=_("Look at the new preview and decide again."),
        )
    change.decided_by, change.decided_at = by, at
    change.valid_from = max(change.valid_from, figures.local_day(at))
    if not change.is_of_calendar:
        change.figure = dated_row(change, by=by, at=at)
    change.moved = recalculate(change, by=by, at=at) if change.recalculates else 0
    return {**facts_of(change), "moved": change.moved}


def dated_row(change: RuleChange, *, by: Officer, at: datetime) -> Figure:
    row = Figure(name=change.name, valid_from=change.valid_from, value=change.value, reason=change.reason)
    if Figure.objects.filter(name=row.name, valid_from=row.valid_from).exists():
        words = _("A change of this rule from that day on is in force already; propose one from a later day.")
        raise IllegalTransition(words, code="already_changed")
    row.set_by, row.set_at = by, at
    row.save(force_insert=True)
    return row


EFFECTS = {"enact": enact, "refuse": decide}


def shown_digest(change: RuleChange, *, at: datetime) -> str:
    """What the second person signs: the outcome for running clocks, or that there is none."""
    return preview_of(change, at=at).digest if change.recalculates else str(change.pk)


def facts_of(change: RuleChange) -> dict[str, Any]:
    return {"name": change.name, "value": change.value, "valid_from": str(change.valid_from)}
