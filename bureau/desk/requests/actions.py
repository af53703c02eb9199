"""The doors: ask, withdraw, decide, and let a suspended clock go on; each writes the trail in its own transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from bureau.desk.clock_changes import extend_clock, hold_rungs, lift_suspension, preview, suspend_clock
from bureau.desk.clocks import iso
from bureau.desk.models.clock import Clock
from bureau.desk.models.request import ClockRequest
from bureau.desk.refusal import BadValue, IllegalTransition, NotYourMove, Refusal, raise_all, required
from bureau.desk.requests.choices import (
    asked_about,
    clocks_and_past,
    decision_refusal,
    grant_refusal,
    lift_posting,
)
from bureau.desk.requests.rules import PAUSING, Asked, Situation, asked_limit, asked_resumption
from bureau.desk.requests.spec import DISTRICT, Kind, RequestSpec, noun_specs, spec_for
from bureau.desk.requests.telling import tell_asker, tell_deciders
from bureau.desk.trail import last_entry, not_before, write_entry
from bureau.desk.wording import clean_text
from bureau.models.people import Officer, Posting

LONGEST = 1000
Status = ClockRequest.Status


@transaction.atomic
def ask(subject: models.Model, asked: Asked, *, by: Officer, at: datetime) -> ClockRequest:
    """Ask about a clock of the subject. Raises DoesNotExist for a subject out of sight, else a Refusal."""
    lock(subject, by)
    spec = spec_for(subject, asked.kind)
    if spec is None:
        raise BadValue(_("There is no such request here."), code="invalid_choice", pointer="/kind")
    posting = spec.askers.posting_of(by, subject)
    if posting is None:
        raise NotYourMove(_("This request is made by another post."), pointer="/kind")
    at = not_before(last_entry(subject), at)
    found = asked_about(spec, subject, by, *clocks_and_past(subject), at)
    if isinstance(found, Refusal):
        raise found
    request = read(asked, spec, found)
    request.asked_by, request.asked_for = by, posting.organisation
    request.save(force_insert=True)
    if request.decide_by is not None:
        hold_rungs(found.clock, request.decide_by)
    facts = {**facts_of(request), "reason": request.reason}
    write_entry(subject, f"ask_{request.kind}", by=by, at=at, posting=posting, note=request.words, facts=facts)
    tell_deciders(subject, request, spec, at)
    return request


def read(asked: Asked, spec: RequestSpec, situation: Situation) -> ClockRequest:
    """The row to be saved; every defect of what was sent is raised together."""
    refusals: list[Refusal] = []
    clock = situation.clock
    request = ClockRequest(
        subject_type=clock.subject_type, subject_id=clock.subject_id, unit_id=clock.unit_id,
        owed_by_id=clock.owed_by_id, clock=clock, kind=asked.kind, asked_at=situation.at,
        level=situation.level(asked.kind), reason=asked.reason,
    )  # fmt: skip
    if asked.reason not in spec.reasons:
        refusals.append(BadValue(_("Choose one of the reasons."), code="invalid_choice", pointer="/reason"))
    try:
        request.words = tidy(asked.words, "words")
        put_asked(request, asked, situation)
    except Refusal as refusal:
        refusals.append(refusal)
    raise_all(refusals)
    return request


def put_asked(request: ClockRequest, asked: Asked, situation: Situation) -> None:
    if asked.kind == Kind.EXTENSION:
        wanted = asked_limit(asked, situation)
        request.amount, request.amount_unit = wanted.amount, wanted.unit
        window = situation.limit("desk_extension_decision").as_time()
        request.decide_by = situation.timing.calendar.add_working_time(situation.at, window)
    elif asked.amount not in (None, "") or asked.unit:
        raise BadValue(_("Only an extension has an amount."), code="unknown_field", pointer="/amount")
    if asked.kind in PAUSING:
        request.resumes_at = asked_resumption(asked, situation)
    elif asked.resume_on is not None:
        raise BadValue(_("Only a suspension has a day of resuming."), code="unknown_field", pointer="/resume_on")


@transaction.atomic
def withdraw(request: ClockRequest, *, by: Officer, at: datetime) -> ClockRequest:
    """Whoever asked, or somebody who could ask for the same body, takes a pending request back."""
    subject, clock = lock_request(request, by)
    spec = spec_of(request, subject)
    posting = spec.askers.posting_of(by, subject)
    if posting is None or (by.pk != request.asked_by_id and posting.organisation_id != request.asked_for_id):
        raise NotYourMove(_("Only the body that asked takes its request back."))
    if not request.is_pending:
        raise IllegalTransition(_("This request was decided already, or is over."), code="request_over")
    at = not_before(last_entry(subject), at)
    close(request, Status.WITHDRAWN, at)
    if request.decide_by is not None:
        hold_rungs(clock, at)
    write_entry(subject, f"withdraw_{request.kind}", by=by, at=at, posting=posting, facts=facts_of(request))
    return request


@transaction.atomic
def decide(
    request: ClockRequest, *, is_granted: bool, reason: str, by: Officer, at: datetime, to: Any = None
) -> ClockRequest:
    """Grant or refuse, with a reason. The clock changes in the same second, or was never touched."""
    subject, clock = lock_request(request, by)
    spec = spec_of(request, subject)
    reason = tidy(reason, "reason")
    if refusal := decision_refusal(request, spec, subject, by, at=at):
        raise refusal
    if not reason:
        raise required("reason", _("Say why: both sides read it."))
    at = not_before(last_entry(subject), at)
    if is_granted and (refusal := grant_refusal(request, clock, at=at)):
        raise refusal
    posting: Any = spec.deciders_at(request.level).posting_of(by, subject)
    body = named_body(subject, to, at) if is_granted and spec.names_body and request.level == DISTRICT else None
    request.decided_by, request.decided_for, request.decision = by, posting.organisation, reason
    if is_granted:
        request.effect = effect_of(request, clock, at)
    close(request, Status.GRANTED if is_granted else Status.REFUSED, at)
    if request.decide_by is not None:
        hold_rungs(clock, at)
    carry_out(request, spec, subject, clock, posting, by=by, at=at, to=body)
    tell_asker(subject, request, at)
    return request


def carry_out(
    request: ClockRequest, spec: RequestSpec, subject: Any, clock: Clock, posting: Posting, *, by: Officer,
    at: datetime, to: Any,
) -> None:  # fmt: skip
    """What the decision does: the clock is changed here, anything else by the room; one line on the trail."""
    verb, facts = f"refuse_{request.kind}", facts_of(request)
    if request.status == Status.GRANTED:
        verb = f"grant_{request.kind}"
        if spec.grant is not None:
            spec.grant(subject, request=request, by=by, at=at, note=request.decision, to=to, facts=facts)
            return
        change_clock(request, spec, clock, at)
        facts["due_at"] = [request.effect["old_due_at"], request.effect["due_at"]]
    write_entry(subject, verb, by=by, at=at, posting=posting, note=request.decision, facts=facts)


def change_clock(request: ClockRequest, spec: RequestSpec, clock: Clock, at: datetime) -> None:
    if request.asked_limit is not None:
        extend_clock(clock, request.asked_limit, at=at, reason=request.reason)
    elif request.resumes_at is not None:
        suspend_clock(clock, request.resumes_at, at=at, reason=request.reason)


def effect_of(request: ClockRequest, clock: Clock, at: datetime) -> dict[str, Any]:
    """Old and new due date; for a suspension the new one is that of the day on which it is to go on."""
    before = preview(clock, at=at)
    if request.kind == Kind.EXTENSION:
        after = preview(clock, at=at, extension=request.asked_limit)
    elif request.kind in PAUSING:
        after = preview(clock, at=at, resumes_at=request.resumes_at)
    else:
        return {"old_due_at": iso(before.due_at)}
    return {
        "old_due_at": iso(before.due_at),
        "due_at": iso(after.due_at),
        "used": int(before.elapsed(at).total_seconds()),
    }


@transaction.atomic
def lift(clock: Clock, subject: models.Model, *, by: Officer, at: datetime) -> Clock:
    """Let a suspended clock go on before its day: the handler or the dispatcher, needing nobody's leave (R11)."""
    lock(subject, by)
    clock = Clock.objects.select_for_update(of=("self",)).get(pk=clock.pk)
    posting = lift_posting(subject, by)
    if posting is None:
        raise NotYourMove(_("Only the handling body or the dispatcher lets the clock go on."))
    if clock.suspended_at is None or clock.met_at is not None:
        raise IllegalTransition(_("This clock is not suspended."), code="not_suspended")
    at = not_before(last_entry(subject), at)
    lift_suspension(clock, at=at)
    facts = {"clock": clock.kind, "resumed_at": iso(at), "due_at": [None, iso(clock.due_at)]}
    write_entry(subject, "resume_clock", by=by, at=at, posting=posting, facts=facts)
    return clock


# shared


def lock(subject: Any, by: Officer) -> None:
    """The subject within what the person may see, as in every move: before its requests and clocks."""
    subject.refresh_from_db(from_queryset=type(subject).objects.visible_to(by).select_for_update(of=("self",)))


def lock_request(request: ClockRequest, by: Officer) -> tuple[Any, Clock]:
    model: Any = request.subject_type.model_class()
    subject = model.objects.visible_to(by).select_for_update(of=("self",)).get(pk=request.subject_id)
    request.refresh_from_db(from_queryset=ClockRequest.objects.select_for_update(of=("self",)))
    return subject, Clock.objects.select_for_update(of=("self",)).get(pk=request.clock_id)


def spec_of(request: ClockRequest, subject: models.Model) -> RequestSpec:
    spec = spec_for(subject, request.kind)
    if spec is None:
        raise BadValue(_("There is no such request here."), code="invalid_choice", pointer="/kind")
    return spec


def close(request: ClockRequest, status: str, at: datetime) -> None:
    request.status, request.decided_at = status, at
    request.save(update_fields=["status", "decided_at", "decided_by", "decided_for", "decision", "effect"])


def named_body(subject: models.Model, to: Any, at: datetime) -> Any:
    """The organisation that the district designates: as an object, by id or by code."""
    specs = noun_specs(subject)
    if to in (None, ""):
        raise required("to", _("The coordination meeting names who handles it."))
    found = next(
        (
            one
            for one in (specs.bodies(subject, at) if specs else ())
            if to == one or str(to) in (str(one.pk), one.code)
        ),
        None,
    )
    if found is None:
        raise BadValue(_("This is no organisation that could take it."), code="unknown_handler", pointer="/to")
    return found


def facts_of(request: ClockRequest) -> dict[str, Any]:
    """What the trail keeps of a request."""
    facts: dict[str, Any] = {"request": str(request.pk), "clock": request.clock.kind, "level": request.level}
    if request.asked_limit is not None:
        facts["asked"] = str(request.asked_limit)
    if request.resumes_at is not None:
        facts["resumes_at"] = iso(request.resumes_at)
    return facts


def tidy(text: str, field: str) -> str:
    try:
        return clean_text(text, LONGEST, lines=True)
    except ValidationError as error:
        raise BadValue("".join(error.messages), code=error.code or "invalid", pointer=f"/{field}") from error
