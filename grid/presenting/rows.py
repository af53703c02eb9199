"""A row of the list: its clock read without a query for each, who holds it, and the highest rung it has reached."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import pgettext_lazy as p_

from bureau.desk.almanac import current_calendar
from bureau.desk.calendar import WorkingCalendar
from bureau.desk.models import Clock
from bureau.desk.models.clock import RUNGS, Ladder
from bureau.desk.readings import Reading, read_clock
from bureau.desk.refusal import Words
from grid.models import Assignment, Issue

CHANNELS = {
    Issue.Channel.HOTLINE: p_("short", "hotline"),
    Issue.Channel.ORDER_12345: "12345",
    Issue.Channel.PUBLIC: p_("short", "public"),
    Issue.Channel.STATION: p_("short", "station"),
    Issue.Channel.KIOSK: p_("short", "kiosk"),
    Issue.Channel.STUDIO: p_("short", "studio"),
    Issue.Channel.PARTNER: p_("short", "partner"),
    Issue.Channel.LEADER: p_("short", "leader"),
}
OVER = Reading("met", None, None, None, "working_hours")


@dataclass(frozen=True)
class Row:
    issue: Issue
    clock: Clock | None
    reading: Reading
    seal: str
    officers: str
    dispatched_at: datetime | None

    @property
    def is_held(self) -> bool:
        return self.reading.light == "grey"

    @property
    def channel(self) -> Words:
        """How it came, in a word that fits a column."""
        return CHANNELS.get(self.issue.channel) or self.issue.get_channel_display()

    @property
    def ladder(self) -> str:
        return self.clock.ladder if self.clock else Ladder.LIGHT_ONLY


def rows_of(issues: Sequence[Issue], at: datetime) -> list[Row]:
    """Two queries for all rows, and the calendar."""
    clocks, hands = nearest_clocks(issues), in_whose_hands(issues)
    calendar = current_calendar() if clocks else None
    return [row_of(issue, clocks.get(issue.pk), hands.get(issue.pk, []), at, calendar) for issue in issues]


def row_of(
    issue: Issue, clock: Clock | None, hands: Sequence[tuple[datetime, str]], at: datetime,
    calendar: WorkingCalendar | None,
) -> Row:  # fmt: skip
    reading = read_clock(clock, at=at, calendar=calendar) if clock and calendar else OVER
    officers = shortly([name for _at, name in hands if name])
    return Row(issue, clock, reading, highest_rung(clock), officers, hands[0][0] if hands else None)


def shortly(names: Sequence[str]) -> str:
    """The first name, and how many there are."""
    if len(names) < 2:
        return "".join(names)
    return gettext("%(first)s and %(more)d more") % {"first": names[0], "more": len(names) - 1}


def nearest_clocks(issues: Iterable[Issue]) -> dict[Any, Clock]:
    """The running clock of each issue that is due first."""
    found: dict[Any, Clock] = {}
    running = Clock.objects.running().filter(subject_id__in=[issue.pk for issue in issues])
    for clock in running.order_by("due_at"):
        found.setdefault(clock.subject_id, clock)
    return found


def in_whose_hands(issues: Iterable[Issue]) -> dict[Any, list[tuple[datetime, str]]]:
    """When each was dispatched last, and to which officers by name."""
    found: dict[Any, list[tuple[datetime, str]]] = {}
    standing = Assignment.objects.standing().filter(issue__in=[issue.pk for issue in issues])
    for issue_id, at, name in standing.values_list("issue_id", "dispatched_at", "officers__name"):
        found.setdefault(issue_id, []).append((at, name or ""))
    return found


def highest_rung(clock: Clock | None) -> str:
    """The last paper of the ladder that this clock has called for: urge, supervise, refer, or none."""
    if clock is None or clock.ladder != Ladder.FULL:
        return ""
    rungs = RUNGS[Ladder.FULL]
    reached = rungs[: rungs.index(clock.next_rung)] if clock.next_rung else rungs
    return str(reached[-1]) if reached and reached[-1] != "warn" else ""
