"""What this person may ask about a subject now and what not, and who may decide: by natural person (D5, D10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bureau.desk.models.clock import Clock, Light
from bureau.desk.models.request import ClockRequest
from bureau.desk.refusal import IllegalTransition, NotYourMove, OutOfTime, Refusal, SodConflict
from bureau.desk.requests.rules import PAUSING, Situation, may_ask
from bureau.desk.requests.spec import RequestSpec, noun_specs, specs_of
from bureau.desk.workflow import wrong_status_words
from bureau.models.people import Officer, Posting
from bureau.models.units import Organisation


@dataclass(frozen=True)
class OpenRequest:
    """A kind that this person may ask for now, as which posting, about which clock, decided at which level."""

    spec: RequestSpec
    posting: Posting
    situation: Situation

    @property
    def level(self) -> int:
        return self.situation.level(self.spec.kind)


@dataclass(frozen=True)
class ClosedRequest:
    spec: RequestSpec
    refusal: Refusal


def choices(subject: models.Model, by: Any, *, at: datetime) -> tuple[list[OpenRequest], list[ClosedRequest]]:
    """What is open and what is closed to this person, with the reason. At most two queries, none for a bystander."""
    mine = [(spec, posting) for spec in specs_of(subject) if (posting := spec.askers.posting_of(by, subject))]
    opened: list[OpenRequest] = []
    closed: list[ClosedRequest] = []
    if not any(subject.status in spec.statuses for spec, _posting in mine):  # type: ignore[attr-defined]
        return opened, closed
    clocks, past = clocks_and_past(subject)
    for spec, posting in mine:
        found = asked_about(spec, subject, by, clocks, past, at)
        if isinstance(found, Refusal):
            closed.append(ClosedRequest(spec, found))
        else:
            opened.append(OpenRequest(spec, posting, found))
    return opened, closed


def clocks_and_past(subject: models.Model) -> tuple[list[Clock], list[ClockRequest]]:
    clocks = Clock.objects.about(subject).prefetch_related("spans").order_by("-started_at")
    return list(clocks), list(ClockRequest.objects.about(subject).order_by("asked_at"))


def asked_about(
    spec: RequestSpec, subject: Any, by: Any, clocks: list[Clock], past: list[ClockRequest], at: datetime
) -> Situation | Refusal:
    """The situation in which it may be asked for, or why it may not."""
    if subject.status not in spec.statuses:
        return wrong_status_words(subject, sorted(spec.statuses))
    clock = next((clock for clock in clocks if clock.kind == spec.clock_kind), None)
    if clock is None or (clock.met_at is not None) != spec.wants_met_clock:
        return IllegalTransition(_("No such clock runs now."), code="no_clock")
    situation = Situation(clock, at, past)
    refusal = may_ask(spec.kind, situation)
    return refusal or next((refused for guard in spec.guards if (refused := guard(subject, by))), None) or situation


# deciding


def decision_refusal(
    request: ClockRequest, spec: RequestSpec, subject: Any, by: Any, *, at: datetime
) -> Refusal | None:
    """Why this person cannot decide this request now; None when it waits for this very person."""
    if not request.is_pending:
        return IllegalTransition(_("This request was decided already, or is over."), code="request_over")
    if spec.deciders_at(request.level).posting_of(by, subject) is None:
        return NotYourMove(_("This request is decided by another post."))
    if refusal := is_of_one_side(request, spec, subject, by):
        return refusal
    if request.decide_by is not None and at > request.decide_by:
        return OutOfTime(
            _("The time for this decision is over: the system has refused the request (rule R4)."),
            code="request_lapsed",
        )
    return None


def grant_refusal(request: ClockRequest, clock: Clock, *, at: datetime) -> Refusal | None:
    """What was true when it was asked must still hold when it is granted (R11)."""
    if request.kind not in PAUSING:
        return None
    if clock.light(at) == Light.RED:
        return OutOfTime(
            _("The clock has turned red meanwhile: it cannot be suspended any more (rule R11)."),
            code="suspension_of_red",
        )
    if request.resumes_at is not None and request.resumes_at <= at:
        return OutOfTime(_("The day on which the clock was to go on has come already."), code="resume_day_passed")
    return None


def is_of_one_side(request: ClockRequest, spec: RequestSpec, subject: Any, by: Officer) -> Refusal | None:
    """D5, D10: neither who asked, nor a deputy of that person, nor anybody of that side since it was asked."""
    asker = request.asked_by_id
    deputised = Posting.objects.filter(officer=by).exclude(deputy_of=None)
    persons = {by.pk, *deputised.values_list("deputy_of__officer", flat=True)}
    if asker in persons:
        return SodConflict(_("Whoever asks never decides, nor a deputy of that person (rules D5, D10)."))
    since = Posting.objects.filter(officer__in=persons).select_related("organisation")
    posts = list(since.filter(Q(ends_at=None) | Q(ends_at__gt=request.asked_at)))
    if any(is_of(post, side, with_unit) for post in posts for side, with_unit in sides_of(request, spec, subject)):
        return SodConflict(
            _("You belong or belonged to the body or the unit that this request is about (rule D5)."),
            remedy=_("Someone from another body decides."),
        )
    return None


def sides_of(request: ClockRequest, spec: RequestSpec, subject: Any) -> list[tuple[Organisation, bool]]:
    """Whose people never decide, and whether everybody of the same street or town is meant."""
    handler = [(subject.handled_by, spec.foreign_to == "handler")] if subject.handled_by else []
    return handler if spec.foreign_to == "handler" else [(request.asked_for, True), *handler]


def is_of(post: Posting, side: Organisation, with_unit: bool) -> bool:
    unit_id = post.organisation.unit_id
    return post.organisation_id == side.pk or (with_unit and unit_id is not None and unit_id == side.unit_id)


def lift_posting(subject: models.Model, by: Any) -> Posting | None:
    """As which posting this person may let a suspended clock go on before its day."""
    specs = noun_specs(subject)
    return specs.lifters.posting_of(by, subject) if specs else None
