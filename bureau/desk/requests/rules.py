"""Whether something may be asked about a clock, and why not: pure, over what is known of the clock (R4, R9 to R11)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, Final

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from bureau.desk import clockwork, figures
from bureau.desk.calendar import local, midnight
from bureau.desk.clocks import timing_of
from bureau.desk.clockwork import Kind as CountsIn
from bureau.desk.clockwork import Limit, Timing
from bureau.desk.models.clock import Clock, Light
from bureau.desk.models.request import ClockRequest
from bureau.desk.refusal import BadValue, IllegalTransition, LawRefused, OutOfTime, Refusal, required
from bureau.desk.requests.spec import CENTRE, DISTRICT, Kind

figures.declare(
    desk_extension_decision="8 working_hours",
    desk_extension_share="100",
    desk_extensions="2",
    desk_suspension_days="90",
    desk_suspensions="2",
    desk_return_short_limit="8 working_hours",
    desk_return_short="2 working_hours",
    desk_return_long="8 working_hours",
)
figures.describe(
    desk_extension_decision=_("Time to decide on an extension"),
    desk_extension_share=_("Longest extension, in per cent of the limit"),
    desk_extensions=_("Extensions of one limit at most"),
    desk_suspension_days=_("Longest suspension, in days"),
    desk_suspensions=_("Suspensions of one limit at most, the renewal included"),
    desk_return_short_limit=_("Limits up to here count as short for a return"),
    desk_return_short=_("Time to ask for a return, short limits"),
    desk_return_long=_("Time to ask for a return, other limits"),
)
PAUSING: Final = (Kind.SUSPENSION, Kind.DEFERRAL)
COUNTED: Final = (ClockRequest.Status.GRANTED, ClockRequest.Status.REFUSED, ClockRequest.Status.LAPSED)


@dataclass(frozen=True)
class Asked:
    """What somebody asks for: an amount for an extension, a day of resuming for a suspension, always a reason."""

    kind: str
    reason: str = ""
    words: str = ""
    amount: Any = None
    unit: str = ""
    resume_on: date | None = None


@dataclass(frozen=True)
class Situation:
    """A clock at an instant, with every request that was ever made about its subject."""

    clock: Clock
    at: datetime
    past: Sequence[ClockRequest] = field(default=())

    @cached_property
    def timing(self) -> Timing:
        return timing_of(self.clock)

    def number(self, name: str) -> int:
        return int(figures.figure(name, local(self.at).date()))

    def limit(self, name: str) -> Limit:
        return Limit.parse(figures.figure(name, local(self.at).date()))

    def of_clock(self, *kinds: str) -> list[ClockRequest]:
        return [one for one in self.past if one.clock_id == self.clock.pk and one.kind in kinds]

    def granted(self, *kinds: str) -> list[ClockRequest]:
        return [one for one in self.of_clock(*kinds) if one.status == ClockRequest.Status.GRANTED]

    @property
    def counted_extensions(self) -> int:
        """Extensions decided upon, granted or not: each level decides once."""
        return sum(one.status in COUNTED for one in self.of_clock(Kind.EXTENSION))

    @property
    def returns_granted(self) -> int:
        return sum(one.kind == Kind.RETURN and one.status == ClockRequest.Status.GRANTED for one in self.past)

    def level(self, kind: str) -> int:
        """Who decides: the centre the first time, the district the second (R4, R10, R11)."""
        before = {
            Kind.EXTENSION: self.counted_extensions,
            Kind.RETURN: self.returns_granted,
            **dict.fromkeys(PAUSING, len(self.granted(*PAUSING))),
        }
        return DISTRICT if before.get(Kind(kind), 0) else CENTRE


def may_ask(kind: str, situation: Situation) -> Refusal | None:
    """Why this kind cannot be asked for now; None when it can. What is asked is looked at by `reading_refusals`."""
    family = PAUSING if kind in PAUSING else (kind,)
    if any(one.is_pending for one in situation.of_clock(*family)):
        return IllegalTransition(_("Such a request is waiting for its decision already."), code="request_pending")
    rule = RULES.get(Kind(kind))
    return rule(situation) if rule else None


def extension_refused(situation: Situation) -> Refusal | None:
    """R4: in time, not suspended, once by the centre and once by the district."""
    clock, at = situation.clock, situation.at
    code = clockwork.extension_refusal(situation.timing, at)
    if code == "E_CLOCK_SUSPENDED":
        return IllegalTransition(
            _("The clock is suspended: while it stands there is nothing to extend."),
            code=code, first_at=clock.resumes_at,
        )  # fmt: skip
    if code is not None:
        return OutOfTime(
            _("The limit has run out. An extension must be asked for before that (rule R4)."),
            code="late_request",
            remedy=_("Feed back the result; what held you up goes into the answer to the urging notice."),
        )
    if situation.counted_extensions >= situation.number("desk_extensions"):
        return IllegalTransition(
            _("The centre and the district have both decided on an extension of this clock already (rule R4)."),
            code="extension_used_up",
        )
    return None


def suspension_refused(situation: Situation) -> Refusal | None:
    """R11: not when red, and renewed once."""
    if situation.clock.light(situation.at) == Light.RED:
        return OutOfTime(_("The clock is red: it cannot be suspended any more (rule R11)."), code="suspension_of_red")
    if len(situation.granted(*PAUSING)) >= situation.number("desk_suspensions"):
        return IllegalTransition(
            _("This clock was suspended and the suspension renewed; it is renewed once only (rule R11)."),
            code="suspension_used_up",
        )
    return None


def return_refused(situation: Situation) -> Refusal | None:
    """R10: within 2 working hours of dispatch for a short limit, else within 8; once for each unit and issue."""
    own = [one for one in situation.past if one.kind == Kind.RETURN and one.status in COUNTED]
    if any(one.asked_for_id == situation.clock.owed_by_id for one in own):
        return IllegalTransition(
            _("Your organisation has asked to return this issue once already (rule R10)."), code="return_used_up"
        )
    if situation.returns_granted >= DISTRICT:
        return IllegalTransition(
            _("The coordination meeting has designated who handles this issue: it is not returned again (rule R10)."),
            code="return_designated",
        )
    until = return_until(situation)
    if situation.at > until:
        return OutOfTime(
            format_lazy(
                _("A return is asked for soon after dispatch: here until {until} (rule R10)."),
                until=f"{local(until):%m-%d %H:%M}",
            ),
            code="late_request",
        )
    return None


def return_until(situation: Situation) -> datetime:
    """The last instant at which a return may be asked for."""
    limit, short = situation.clock.limit, situation.limit("desk_return_short_limit")
    is_short = situation.timing.kind is not CountsIn.DATES and limit.as_time() <= short.as_time()
    window = situation.limit("desk_return_short" if is_short else "desk_return_long")
    return situation.timing.calendar.add_working_time(situation.clock.started_at, window.as_time())


RULES: Final[Mapping[Kind, Callable[[Situation], Refusal | None]]] = {
    Kind.EXTENSION: extension_refused,
    Kind.SUSPENSION: suspension_refused,
    Kind.DEFERRAL: suspension_refused,
    Kind.RETURN: return_refused,
}


# what is asked


def asked_limit(asked: Asked, situation: Situation) -> Limit:
    """The extension that is asked for: of the limit's own kind, at most as long as the limit (R4). Raises BadValue."""
    if asked.amount in (None, ""):
        raise required("amount")
    own = situation.clock.limit
    try:
        wanted = Limit.parse(f"{asked.amount} {asked.unit or own.unit}")
        is_same_kind = wanted.kind_from(situation.timing.start) is situation.timing.kind
    except clockwork.BadLimit as error:
        raise BadValue(
            _("Give an amount above 0; only hours may have a fraction."), code="invalid_number", pointer="/amount"
        ) from error
    if not is_same_kind or (situation.timing.kind is CountsIn.DATES and wanted.unit != own.unit):
        raise BadValue(
            _("An extension counts as its limit does."), code="other_unit_of_time", pointer="/unit",
            remedy=format_lazy(_("Ask in: {unit}."), unit=own.unit),
        )  # fmt: skip
    share = situation.number("desk_extension_share")
    if length(wanted, situation) * 100 > length(own, situation) * share:
        raise LawRefused(
            format_lazy(_("An extension is at most {share} % of the limit (rule R4)."), share=share),
            code="extension_too_long", pointer="/amount",
        )  # fmt: skip
    return wanted


def length(limit: Limit, situation: Situation) -> Any:
    return limit.amount if situation.timing.kind is CountsIn.DATES else limit.as_time()


def asked_resumption(asked: Asked, situation: Situation) -> datetime:
    """The first instant of the day on which the clock would go on: after today, within 90 days (R11)."""
    if asked.resume_on is None:
        raise required("resume_on", _("Say on which day the clock goes on; a suspension always ends."))
    begins = max(situation.clock.resumes_at or situation.at, situation.at)
    if midnight(asked.resume_on) <= begins:
        raise BadValue(
            _("The clock goes on some day after today, and after the day that is set already."),
            code="too_small", pointer="/resume_on",
        )  # fmt: skip
    days = situation.number("desk_suspension_days")
    if midnight(asked.resume_on) > begins + timedelta(days=days):
        raise LawRefused(
            format_lazy(_("A suspension lasts at most {days} days (rule R11)."), days=days),
            code="suspension_too_long", pointer="/resume_on",
            first_at=None,
        )  # fmt: skip
    return midnight(asked.resume_on)
