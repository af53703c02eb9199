"""The statutory road of a case 法定程序: what is done and when, where it stands, and the later steps by law."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import pgettext_lazy

from bureau.desk.models import Entry
from bureau.desk.refusal import Words
from cases.models import Case
from cases.statuses import Status

LEFT, STEP = 46.0, 90.0
LAST_BUILT = 5  # investigation: what follows comes with the rest of the procedure
STATIONS: tuple[tuple[str, Words], ...] = (
    ("open", pgettext_lazy("station", "Lead")),
    ("verify", pgettext_lazy("station", "Verification")),
    ("request_filing", pgettext_lazy("station", "Request")),
    ("endorse", pgettext_lazy("station", "Endorsement")),
    ("file", pgettext_lazy("station", "Filing")),
    ("inquire", pgettext_lazy("station", "Investigation")),
    ("give_notice", pgettext_lazy("station", "Notice")),
    ("recheck", pgettext_lazy("station", "Recheck")),
    ("approve", pgettext_lazy("station", "Approval")),
    ("decide", pgettext_lazy("station", "Decision")),
    ("serve", pgettext_lazy("station", "Service")),
    ("perform", pgettext_lazy("station", "Performance")),
    ("close", pgettext_lazy("station", "Closing")),
)
STANDS_AT = {Status.VERIFYING: 1, Status.REQUESTED: 3, Status.ENDORSED: 4, Status.FILED: 5}


@dataclass(frozen=True)
class Station:
    """A stop of the road; `state` is done, now, ahead, later or cut."""

    name: Words
    x: float
    state: str
    at: datetime | None = None


@dataclass(frozen=True)
class Road:
    """Stops from left to right; the line is done, ahead, and by law only beyond what the portal carries out."""

    stations: tuple[Station, ...]
    done_to: float
    built_to: float
    width: float
    first: float = LEFT

    @property
    def last(self) -> float:
        return self.stations[-1].x

    @property
    def later_from(self) -> float:
        return x_of(LAST_BUILT + 1)

    @property
    def later_middle(self) -> float:
        return (self.later_from + self.last) / 2

    @property
    def here(self) -> Words:
        return next((station.name for station in self.stations if station.state in ("now", "cut")), "")


def road_of(case: Case, entries: Iterable[Entry]) -> Road:
    """Steps of this round: a return takes request and endorsement back. After filing the steps are those by law."""
    done = steps_of(entries)
    here = STANDS_AT.get(case.status)
    reached = here if here is not None else 1
    stations = tuple(
        Station(name, x_of(place), state_of(place, here, reached), done.get(key))
        for place, (key, name) in enumerate(STATIONS)
    )
    return Road(
        stations, x_of(reached), x_of(max(LAST_BUILT, reached) if here else reached), x_of(len(STATIONS) - 1) + LEFT
    )


def x_of(place: int) -> float:
    return LEFT + place * STEP


def state_of(place: int, here: int | None, reached: int) -> str:
    if place < reached:
        return "done"
    if place == reached:
        return "cut" if here is None else "now"
    return "ahead" if place <= max(LAST_BUILT, reached) and here is not None else "later"


def steps_of(entries: Iterable[Entry]) -> dict[str, datetime]:
    """When each step of the standing round was made."""
    done: dict[str, datetime] = {}
    for entry in entries:
        if entry.verb == "return_for_completion":
            for verb in ("request_filing", "endorse"):
                done.pop(verb, None)
        elif entry.verb in ("request_filing", "endorse", "file", "open"):
            done[entry.verb] = entry.at
        if entry.verb == "request_filing":
            done["verify"] = entry.at
    return done
