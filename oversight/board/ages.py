"""How long red, told as instants: whoever fell due by such an instant is red for so long, so SQL can sort by age.

A day of age is 8 working hours, or 24 hours for what runs round the clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final

from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, DateTimeField, F, Func, IntegerField, Q, Value, When
from django.utils.translation import gettext_lazy as _

from bureau.desk.calendar import WorkingCalendar, local, midnight
from bureau.desk.limits import HOURS_OF_A_WORKING_DAY
from bureau.desk.models.clock import WORKING_UNITS

WORKING_DAY: Final = timedelta(hours=HOURS_OF_A_WORKING_DAY)
DAY: Final = timedelta(days=1)
STEPS_OF_A_DAY: Final = 16  # half hours of work
LONGEST: Final = 4 * STEPS_OF_A_DAY
NEXT_INSTANT: Final = timedelta(microseconds=1)
COUNTS_WORKING_TIME: Final = Q(limit_unit__in=WORKING_UNITS, counts_days=False)
BANDS: Final = {  # name: days of age, from and to
    "under_1_day": (0, 1),
    "under_2_days": (1, 2),
    "under_4_days": (2, 4),
    "from_4_days": (4, None),
}
BAND_LABELS: Final = [
    ("under_1_day", _("under 1 day")),
    ("under_2_days", _("1 to 2 days")),
    ("under_4_days", _("2 to 4 days")),
    ("from_4_days", _("4 days and more")),
]


@dataclass(frozen=True)
class Ages:
    """The ages of red clocks at an instant, by the calendar in force."""

    calendar: WorkingCalendar
    at: datetime

    def of_band(self, band: str) -> Q:
        """The red clocks of that age: from the one age on, and not yet of the other."""
        youngest, eldest = BANDS[band]
        return (COUNTS_WORKING_TIME & self._between(youngest, eldest, is_working=True)) | (
            ~COUNTS_WORKING_TIME & self._between(youngest, eldest, is_working=False)
        )

    def _between(self, youngest: int, eldest: int | None, *, is_working: bool) -> Q:
        found = Q(due_at__lte=self.since(youngest * STEPS_OF_A_DAY, is_working=is_working))
        if eldest is None:
            return found
        return found & Q(due_at__gt=self.since(eldest * STEPS_OF_A_DAY, is_working=is_working))

    def since(self, steps: int, *, is_working: bool) -> datetime:
        """The last instant at which a clock that is now red for so many steps may have fallen due."""
        if not is_working:
            return self.at - steps * DAY / STEPS_OF_A_DAY
        return working_time_ago(self.calendar, self.at, steps * WORKING_DAY / STEPS_OF_A_DAY)

    @cached_property
    def steps(self) -> Any:
        """As SQL, the whole steps of age of a red clock, at most `LONGEST`."""
        return Case(When(COUNTS_WORKING_TIME, then=self._steps(is_working=True)), default=self._steps(is_working=False))

    def _steps(self, *, is_working: bool) -> Any:
        """How many of the instants, latest first, lie at or after the due date."""
        bounds = [self.since(step, is_working=is_working) + NEXT_INSTANT for step in range(LONGEST, 0, -1)]
        known = Value(bounds, output_field=ArrayField(DateTimeField()))
        return Value(LONGEST) - Func(F("due_at"), known, function="width_bucket", output_field=IntegerField())


def band_of(steps: int) -> str:
    days = steps / STEPS_OF_A_DAY
    return next(name for name, (_start, end) in BANDS.items() if end is None or days < end)


def working_time_ago(calendar: WorkingCalendar, at: datetime, amount: timedelta) -> datetime:
    """The last instant from which to `at` so much working time passed; between two periods the later one's start."""
    if not amount:
        return at
    on = local(at).date()
    while (passed := calendar.working_time_between(midnight(on), at)) < amount:
        on -= DAY
    return calendar.next_working_instant(calendar.add_working_time(midnight(on), passed - amount))
