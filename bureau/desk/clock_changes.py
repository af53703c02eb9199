"""What may be done to a running clock by somebody else's approval: extend, suspend, hold its rungs; and what if."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from bureau.desk import clockwork
from bureau.desk.calendar import WorkingCalendar
from bureau.desk.clocks import iso, lift_suspension, locked_subject, put_instants, span_until, timing_of
from bureau.desk.clockwork import Extension, Limit, Pause, Timing
from bureau.desk.models.clock import RUNGS, Clock, ClockSpan, Ladder
from bureau.desk.trail import last_entry, write_entry

__all__ = ["extend_clock", "hold_rungs", "lift_suspension", "preview", "resume_due", "suspend_clock"]


def extend_clock(clock: Clock, granted: Limit, *, at: datetime, reason: str = "") -> Clock:
    """E grows by `granted` (of the limit's own kind), the round grows by one, and the ladder begins anew (R4).

    Raises BadLimit when the extension counts in another kind of time. The caller holds the subject and writes the
    trail.
    """
    span = ClockSpan(clock=clock, kind=ClockSpan.Kind.EXTENDED, from_at=at, reason=reason)
    span.amount, span.amount_unit = granted.amount, granted.unit
    preview(clock, at=at, extension=granted)
    span.save(force_insert=True)
    clock.round += 1
    clock.next_rung = RUNGS[Ladder(clock.ladder)][0]
    put_instants(clock, timing_of(clock))
    clock.save()
    return clock


def suspend_clock(clock: Clock, resumes_at: datetime, *, at: datetime, reason: str = "") -> Clock:
    """The clock stops at `at` until `resumes_at` (R11); a suspended one stays so until the new instant."""
    if clock.suspended_at is None:
        span_until(clock, at)
        clock.suspended_at = at
    clock.suspended_for, clock.resumes_at = reason, resumes_at
    put_instants(clock, timing_of(clock))
    clock.save()
    return clock


def hold_rungs(clock: Clock, until: datetime) -> Clock:
    """No rung is raised before `until`; lights turn as they would, and the periods Q run from then (R4)."""
    clock.held_until = until
    put_instants(clock, timing_of(clock))
    clock.save()
    return clock


def preview(
    clock: Clock,
    *,
    at: datetime,
    extension: Limit | None = None,
    resumes_at: datetime | None = None,
    calendar: WorkingCalendar | None = None,
) -> Timing:
    """What the clock's instants would be; nothing is stored.

    `extension` granted at `at`; `resumes_at` the instant until which it would be suspended from `at`. Without either,
    a suspended clock is told as if it resumed at the instant that was set. Raises BadLimit for an extension of another
    kind of time.
    """
    timing = timing_of(clock, calendar)
    pauses = [pause for pause in timing.pauses if pause.end is not None]
    until = resumes_at or clock.resumes_at
    if until is not None:
        pauses.append(Pause(clock.suspended_at or at, until, "suspended", clock.suspended_for))
    granted = [*timing.extensions, *([Extension(extension, at)] if extension else [])]
    return clockwork.project(
        timing.start, timing.limit, timing.calendar, pauses=pauses, extensions=granted, roll=timing.roll
    )


def resume_due(*, at: datetime, limit: int = 500) -> int:
    """Let every suspended clock go on whose day has come, at the instant that was set; how many (R11, R16)."""
    due = Clock.objects.newly_resumed(at).order_by("resumes_at").values_list("pk", flat=True)[:limit]
    return sum(resume_one(pk, at=at) for pk in list(due))


@transaction.atomic
def resume_one(pk: UUID, *, at: datetime) -> bool:
    clock = Clock.objects.select_related("subject_type").get(pk=pk)
    subject = locked_subject(clock)
    clock = Clock.objects.select_for_update(of=("self",)).get(pk=pk)
    if clock.met_at is not None or clock.resumes_at is None or clock.resumes_at > at:
        return False
    resumed_at = clock.resumes_at
    lift_suspension(clock, at=resumed_at)
    previous = last_entry(subject)
    written_at = max(previous.at, resumed_at) if previous else resumed_at
    facts = {"clock": clock.kind, "resumed_at": iso(resumed_at), "due_at": [None, iso(clock.due_at)]}
    write_entry(subject, "resume_clock", by=None, at=written_at, facts=facts)
    return True
