"""Clocks begin, end and go on: the instants are computed here and stored (grid.md R2, R3, R5-R9, R12, R16)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, models
from django.utils import timezone

from bureau.desk import clockwork
from bureau.desk.almanac import calendar_of, current_calendar
from bureau.desk.calendar import WorkingCalendar
from bureau.desk.clockwork import Extension, Limit, Pause, Timing
from bureau.desk.limits import Unit as LimitUnit
from bureau.desk.models.clock import RUNGS, Clock, ClockSpan, Ladder, RungName
from bureau.desk.models.request import ClockRequest
from bureau.desk.subject import facts_of
from bureau.desk.trail import write_entry
from bureau.models.units import Organisation


@dataclass(frozen=True)
class Duty:
    """Who owes the next act: an organisation, in it a role, or officers by name."""

    organisation: Organisation | None
    role: str = ""
    officers: tuple[Any, ...] = field(default=())


@dataclass(frozen=True)
class ClockSpec:
    """What a room says of a kind of clock: its limit, its ladder, and whether whole days are counted."""

    limit: Limit
    ladder: str = Ladder.LIGHT_ONLY
    counts_days: bool = False


def start_clock(subject: models.Model, kind: str, spec: ClockSpec, duty: Duty, *, at: datetime) -> Clock:
    """Begin a clock at `at`; outside working time it begins to count at the next working instant (R2)."""
    clock = Clock(
        **facts_of(subject),
        kind=kind,
        topic=getattr(subject, "topic", ""),
        ladder=spec.ladder,
        limit_amount=spec.limit.amount,
        limit_unit=spec.limit.unit,
        counts_days=spec.counts_days,
        started_at=at,
        next_rung=RUNGS[Ladder(spec.ladder)][0],
    )
    put_on(clock, duty)
    put_instants(clock, timing_of(clock))
    clock.save(force_insert=True)
    return clock


def meet_clocks(subject: models.Model, kinds: Iterable[str], *, at: datetime) -> None:
    """End the running clocks of these kinds; the light at that instant is kept (R12)."""
    for clock in Clock.objects.about(subject).running().filter(kind__in=list(kinds)):
        make_moot(subject, clock, at=at)
        lift_suspension(clock, at=at)
        end_clock(clock, clock.light(at), at=at)


def drop_clocks(subject: models.Model, kinds: Iterable[str], *, at: datetime) -> None:
    """End clocks that ought not to have run for whoever owed them: no light is kept, so no red stays (R10)."""
    for clock in Clock.objects.about(subject).running().filter(kind__in=list(kinds)):
        drop_clock(clock, subject, at=at)


def drop_clock(clock: Clock, subject: models.Model, *, at: datetime) -> None:
    make_moot(subject, clock, at=at)
    lift_suspension(clock, at=at)
    end_clock(clock, "", at=at)


def end_clock(clock: Clock, light: str, *, at: datetime) -> None:
    span_until(clock, at)
    clock.met_at, clock.met_light, clock.next_rung_at = at, light, None
    clock.save(update_fields=["met_at", "met_light", "next_rung_at"])


def span_until(clock: Clock, at: datetime) -> None:
    """Write the stretch that ran until now, when there was one."""
    since = runs_since(clock)
    if since < at:
        ClockSpan.objects.create(clock=clock, kind=ClockSpan.Kind.RUNNING, from_at=since, to_at=at)


def lift_suspension(clock: Clock, *, at: datetime) -> Clock:
    """The clock goes on, at the latest at the instant that was set when it was suspended (R11, R16)."""
    if clock.suspended_at is None:
        return clock
    end = max(clock.suspended_at, min(at, clock.resumes_at or at))
    ClockSpan.objects.create(
        clock=clock, kind=ClockSpan.Kind.SUSPENDED, from_at=clock.suspended_at, to_at=end, reason=clock.suspended_for
    )
    clock.suspended_at, clock.resumes_at, clock.suspended_for = None, None, ""
    put_instants(clock, timing_of(clock))
    clock.save()
    return clock


def make_moot(subject: models.Model, clock: Clock, *, at: datetime) -> None:
    """What was asked about a clock that ended or began to run again needs no decision any more."""
    for request in ClockRequest.objects.pending().filter(clock=clock):
        request.status, request.decided_at = ClockRequest.Status.MOOT, at
        request.save(update_fields=["status", "decided_at"])
        write_entry(subject, f"moot_{request.kind}", by=None, at=at, facts={"request": str(request.pk)})


def resume_clocks(subject: models.Model, kinds: Iterable[str], duty: Duty, *, at: datetime) -> None:
    """A failed check sends the subject back: used time and period go on, nothing begins anew (R9)."""
    for kind in kinds:
        clock = Clock.objects.about(subject).filter(kind=kind).latest("started_at")
        make_moot(subject, clock, at=at)
        ClockSpan.objects.create(clock=clock, kind=ClockSpan.Kind.STOPPED, from_at=clock.met_at or at, to_at=at)
        clock.met_at, clock.met_light = None, ""
        put_on(clock, duty)
        put_instants(clock, timing_of(clock))
        clock.save()


def reopen_clocks(subject: models.Model, kinds: Iterable[str], duty: Duty, *, at: datetime) -> None:
    """The handler's own word is taken back: the clock runs as if it had never been met.

    Only a failed check stops time (R3); what one side does alone never lowers the time it used. Of the kinds named
    those are reopened that were met by the word taken back, the last one given.
    """
    met = [Clock.objects.about(subject).filter(kind=kind).order_by("started_at").last() for kind in kinds]
    ended = [clock for clock in met if clock is not None and clock.met_at is not None]
    last = max((clock.met_at for clock in ended if clock.met_at), default=None)
    for clock in ended:
        if clock.met_at != last:
            continue
        make_moot(subject, clock, at=at)
        clock.met_at, clock.met_light = None, ""
        put_on(clock, duty)
        put_instants(clock, timing_of(clock))
        clock.save()


def hand_over(subject: models.Model, duty: Duty) -> None:
    """Whoever owes the next act owes the clocks that run on."""
    Clock.objects.about(subject).running().update(
        owed_by=duty.organisation, owed_role=duty.role, owed_officers=list(duty.officers)
    )


def relimit_clock(clock: Clock, limit: Limit, *, at: datetime) -> Clock:
    """Give a running clock another limit from its own start, after a correction; the caller writes the trail."""
    clock.limit_amount, clock.limit_unit = limit.amount, limit.unit
    put_instants(clock, timing_of(clock))
    clock.save()
    return clock


def restart_ladder(clock: Clock, *, at: datetime) -> None:
    """A clock that was red and is no longer climbs again from the foot, in a new round; the caller saves it."""
    is_past_red = clock.next_rung not in (RungName.WARN, RungName.URGE)
    if clock.due_at is None or clock.due_at <= at or not is_past_red:
        return
    clock.round += 1
    clock.next_rung = RungName.WARN if clock.warn_at and clock.warn_at > at else RungName.URGE
    clock.next_rung_at = clock.next_rung_comes_at()


def locked_subject(clock: Clock) -> models.Model:
    """What the clock is about, locked: the subject comes before its clocks, as in every move."""
    model: Any = clock.subject_type.model_class()
    subject: models.Model = model._base_manager.select_for_update(of=("self",)).get(pk=clock.subject_id)
    return subject


def timing_of(
    clock: Clock, calendar: WorkingCalendar | None = None, spans: Sequence[ClockSpan] | None = None
) -> Timing:
    """The timing of a clock from its start, its pauses and its extensions, by the calendar it was computed by.

    Whoever reads many clocks hands the calendar in force in, and prefetches their spans or hands them in too. Where
    the clock reaches a year that its own calendar did not know, the calendar in force serves.
    """
    present = calendar or current_calendar()
    timing = timing_by(clock, calendar_of(clock.calendar_token, present), spans)
    return timing_by(clock, present, spans) if timing.provisional and timing.calendar is not present else timing


def timing_by(clock: Clock, calendar: WorkingCalendar, spans: Sequence[ClockSpan] | None = None) -> Timing:
    """The timing of a clock by this very calendar."""
    if spans is None:
        spans = list(clock.spans.all()) if not clock._state.adding else []
    start = timezone.localdate(clock.started_at) if clock.counts_days else clock.started_at
    return clockwork.project(
        start, clock.limit, calendar, pauses=pauses_of(clock, spans), extensions=extensions_of(spans)
    )


def pauses_of(clock: Clock, spans: Iterable[ClockSpan]) -> list[Pause]:
    pauses = [
        Pause(span.from_at, span.to_at, "stopped" if span.kind == ClockSpan.Kind.STOPPED else "suspended", span.reason)
        for span in spans
        if span.kind in (ClockSpan.Kind.SUSPENDED, ClockSpan.Kind.STOPPED)
    ]
    if clock.suspended_at is not None:
        pauses.append(Pause(clock.suspended_at, None, "suspended", clock.suspended_for))
    return pauses


def extensions_of(spans: Iterable[ClockSpan]) -> list[Extension]:
    return [
        Extension(Limit(span.amount, LimitUnit(span.amount_unit)), span.from_at)
        for span in spans
        if span.kind == ClockSpan.Kind.EXTENDED and span.amount is not None
    ]


def runs_since(clock: Clock) -> datetime:
    """When the stretch that runs now began: at the start, or at the end of the last stretch written."""
    last = clock.spans.exclude(to_at=None).order_by("-to_at").first()
    return last.to_at if last and last.to_at else clock.started_at


def put_on(clock: Clock, duty: Duty) -> None:
    clock.owed_by, clock.owed_role, clock.owed_officers = duty.organisation, duty.role, list(duty.officers)


def put_instants(clock: Clock, timing: Timing) -> None:
    """Store the instants; the rung to come keeps its name and gets its new instant."""
    clock.warn_at, clock.due_at = timing.warn_at, timing.due_at
    has_ladder = clock.ladder == Ladder.FULL
    clock.supervise_at, clock.refer_at = periods_of(clock, timing) if has_ladder else (None, None)
    clock.is_provisional, clock.calendar_token = timing.provisional, timing.calendar.token
    clock.next_rung_at = clock.next_rung_comes_at()


def periods_of(clock: Clock, timing: Timing) -> tuple[datetime | None, datetime | None]:
    """The ends of the two periods Q (R6, R7); they run from when the urging notice could go out (R4)."""
    if clock.held_until is None or timing.due_at is None or clock.held_until <= timing.due_at:
        return timing.supervise_at, timing.refer_at
    used = timing.elapsed(clock.held_until)
    return timing.reaches(used + timing.rectification), timing.reaches(used + 2 * timing.rectification)


STORE_RUNGS = """
    UPDATE bureau_clock SET next_rung = told.rung, next_rung_at = told.at
    FROM unnest(%s::uuid[], %s::text[], %s::timestamptz[]) AS told (id, rung, at)
    WHERE bureau_clock.id = told.id
"""


def store_rungs(clocks: Sequence[Clock]) -> None:
    """Store the rung to come of many clocks in one statement; the caller holds their locks."""
    columns: list[Any] = [
        [clock.pk for clock in clocks],
        [str(clock.next_rung) for clock in clocks],
        [clock.next_rung_at for clock in clocks],
    ]
    with connection.cursor() as cursor:
        cursor.execute(STORE_RUNGS, columns)


def iso(instant: datetime | None) -> str | None:
    return timezone.localtime(instant).isoformat(timespec="seconds") if instant else None
