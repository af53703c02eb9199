"""Running clocks computed anew after a change of a rule or of the calendar: previewed, explained, logged (R15)."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet

from bureau.desk.almanac import calendar_of, current_calendar
from bureau.desk.clocks import ClockSpec, drop_clock, iso, locked_subject, put_instants, restart_ladder, timing_by
from bureau.desk.contributions import Registry
from bureau.desk.models.clock import Clock, Light
from bureau.desk.models.rule_change import CALENDAR, RuleChange
from bureau.desk.trail import write_entry

SHOWN: Final = 12


@dataclass(frozen=True)
class Ruled:
    """The clocks that a figure rules: `clocks(name)` those that run, `spec_of(clock, value)` what becomes of one.

    None from `spec_of` means that such a clock no longer runs at all.
    """

    clocks: Callable[[str], QuerySet[Clock]]
    spec_of: Callable[[Clock, str], ClockSpec | None]


ruled_clocks: Registry[Ruled] = Registry()  # by the beginning of the figure's name


@dataclass(frozen=True)
class Shift:
    """What would become of one clock; `due_at` None: it would no longer run, or nobody knows yet."""

    clock: Clock
    due_at: datetime | None
    light: str
    ends: bool = False

    @property
    def moves(self) -> bool:
        return self.ends or self.due_at != self.clock.due_at


@dataclass(frozen=True)
class Preview:
    """What a change would do to the clocks that run. `digest` names exactly this outcome."""

    total: int
    shifts: tuple[Shift, ...]
    turns_red: int
    leaves_red: int
    digest: str

    @property
    def shown(self) -> tuple[Shift, ...]:
        return self.shifts[:SHOWN]


def ruled_by(name: str) -> Ruled | None:
    return next((ruled for prefix, ruled in ruled_clocks.items() if name.startswith(prefix)), None)


def can_recalculate(name: str) -> bool:
    return name == CALENDAR or ruled_by(name) is not None


def clocks_under(change: RuleChange) -> QuerySet[Clock]:
    """The running clocks that the change concerns; for the calendar those that were computed by another edition."""
    if change.is_of_calendar:
        return Clock.objects.running().exclude(calendar_token=current_calendar().token)
    ruled = ruled_by(change.name)
    return ruled.clocks(change.name) if ruled else Clock.objects.none()


def preview_of(change: RuleChange, *, at: datetime) -> Preview:
    """Every clock under the change, computed but not saved."""
    total, moved, turns_red, leaves_red = 0, [], 0, 0
    for clock in clocks_under(change).prefetch_related("spans").order_by("due_at", "pk"):
        total += 1
        shift = shift_of(clock, change, at=at)
        if shift.moves:
            was_red, is_red = clock.light(at) == Light.RED, shift.light == Light.RED
            turns_red, leaves_red = turns_red + (is_red and not was_red), leaves_red + (was_red and not is_red)
            moved.append(shift)
    return Preview(total, tuple(moved), turns_red, leaves_red, digest_of(moved))


def digest_of(shifts: Iterable[Shift]) -> str:
    lines = sorted(f"{shift.clock.pk} {iso(shift.due_at)} {shift.ends}" for shift in shifts)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def shift_of(clock: Clock, change: RuleChange, *, at: datetime) -> Shift:
    """One clock as it would be, worked out on a copy."""
    spec = spec_under(clock, change)
    if spec is None:
        return Shift(clock, None, "", ends=True)
    draft = recomputed(copy.copy(clock), spec, change)
    return Shift(clock, draft.due_at, draft.light(at))


def spec_under(clock: Clock, change: RuleChange) -> ClockSpec | None:
    ruled = None if change.is_of_calendar else ruled_by(change.name)
    return ruled.spec_of(clock, change.value) if ruled else ClockSpec(clock.limit, clock.ladder, clock.counts_days)


def recomputed(clock: Clock, spec: ClockSpec, change: RuleChange) -> Clock:
    """Limit and ladder of the rule, by the clock's own calendar; or its own limit by the calendar in force."""
    present = current_calendar()
    calendar = present if change.is_of_calendar else calendar_of(clock.calendar_token, present)
    clock.limit_amount, clock.limit_unit, clock.ladder = spec.limit.amount, spec.limit.unit, spec.ladder
    put_instants(clock, timing_by(clock, calendar))
    return clock


def recalculate(change: RuleChange, *, by: Any, at: datetime) -> int:
    """Compute the clocks under the change anew, in the caller's transaction; answers how many dates moved.

    A clock whose date moves gets a line on its subject's trail with the old and the new date, the reason and the
    change. A new date still to come starts the ladder afresh in a new round; papers served stay on file.
    """
    return sum(recalculate_one(pk, change, by=by, at=at) for pk in ids_of(clocks_under(change)))


def ids_of(clocks: QuerySet[Clock]) -> Iterator[Any]:
    return iter(list(clocks.order_by("pk").values_list("pk", flat=True)))


def recalculate_one(pk: Any, change: RuleChange, *, by: Any, at: datetime) -> bool:
    subject = locked_subject(Clock.objects.get(pk=pk))
    clock = Clock.objects.select_for_update(of=("self",)).get(pk=pk)
    if clock.met_at is not None:
        return False
    before = clock.due_at
    spec = spec_under(clock, change)
    if spec is None:
        drop_clock(clock, subject, at=at)
    else:
        restart_ladder(recomputed(clock, spec, change), at=at)
        clock.save()
    moved = spec is None or clock.due_at != before
    if moved:
        facts = {"clock": clock.kind, "due_at": [iso(before), iso(clock.due_at) if spec else None]}
        facts |= {"rule": change.name, "value": change.value, "change": str(change.pk)}
        write_entry(subject, "recompute", by=by, at=at, note=change.reason, facts=facts)
    return moved


def recompute_provisional(*, at: datetime) -> int:
    """Compute the running provisional clocks anew after a year was loaded; each change is on its subject's trail."""
    changed = 0
    for found in Clock.objects.running().filter(is_provisional=True).select_related("subject_type"):
        with transaction.atomic():
            subject = locked_subject(found)
            clock = Clock.objects.select_for_update(of=("self",)).get(pk=found.pk)
            if clock.met_at is not None:
                continue
            before = clock.due_at
            put_instants(clock, timing_by(clock, current_calendar()))
            clock.save()
            facts = {"clock": clock.kind, "due_at": [iso(before), iso(clock.due_at)]}
            write_entry(subject, "recompute", by=None, at=at, facts=facts)
            changed += before != clock.due_at
    return changed
