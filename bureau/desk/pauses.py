"""Pauses of a clock: stretches that are not counted, and how they unite."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from bureau.desk.calendar import local, midnight


@dataclass(frozen=True)
class Pause:
    """Uncounted time [start, end): `suspended` (挂账) shows grey; `stopped` lies between feedback and a failed check.

    `end` None: it still lasts, and no instant after it can be known.
    """

    start: date | datetime
    end: date | datetime | None
    kind: Literal["suspended", "stopped"] = "suspended"
    reason: str = ""


def united(pauses: Iterable[Pause]) -> tuple[tuple[datetime, datetime | None], ...]:
    united: list[tuple[datetime, datetime | None]] = []
    for pause in sorted(pauses, key=lambda pause: as_instant(pause.start)):
        start, end = as_instant(pause.start), None if pause.end is None else as_instant(pause.end)
        if united and is_before(start, united[-1][1], touching=True):
            earlier_start, earlier_end = united.pop()
            end = None if earlier_end is None or end is None else max(earlier_end, end)
            start = earlier_start
        united.append((start, end))
    return tuple(united)


def is_before(at: datetime, end: date | datetime | None, *, touching: bool = False) -> bool:
    return end is None or at < as_instant(end) or (touching and at == as_instant(end))


def as_instant(at: date | datetime) -> datetime:
    return local(at) if isinstance(at, datetime) else midnight(at)


def as_day(at: date | datetime) -> date:
    return local(at).date() if isinstance(at, datetime) else at
