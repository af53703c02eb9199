"""The ruler 时限尺: one geometry in every size (face.md section 6). Pure arithmetic in units of its drawing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

LIMIT_SHARE: Final = 0.625
PERIOD_SHARE: Final = 0.1875
WARN_SHARE: Final = 0.8
WORKING_DAY: Final = 8 * 3600
SIZES: Final = {"cell": (96.0, 10.0), "card": (320.0, 12.0), "strip": (880.0, 66.0)}
USED_CLASS: Final = {"red": "r-used", "yellow": "r-yellow", "green": "r-green", "grey": "r-grey"}
FLAG_WIDTH: Final = 84.0


@dataclass(frozen=True)
class Bar:
    """A rectangle of the drawing with its class."""

    css: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Label:
    """Two lines below an instant of the strip."""

    x: float
    anchor: str
    css: str
    word: str
    at: datetime | None


@dataclass(frozen=True)
class Ruler:
    """A ruler ready to draw: size, bars from back to front, the notch at 80 %, the strokes, and where now stands."""

    size: str
    width: float
    height: float
    bars: tuple[Bar, ...]
    tick: float
    ends: tuple[float, ...]
    top: float
    bottom: float
    now: float

    @property
    def flag(self) -> float:
        """Left edge of the flag *now*, kept inside the drawing."""
        return min(max(self.now - FLAG_WIDTH / 2, 0.0), self.width - FLAG_WIDTH)

    @property
    def flag_middle(self) -> float:
        return self.flag + FLAG_WIDTH / 2


def lay_out(
    light: str,
    elapsed: float,
    limit: float,
    *,
    size: str = "cell",
    has_ladder: bool = True,
    period: float = WORKING_DAY,
) -> Ruler:
    """Lay out a ruler. `elapsed`, `limit` and `period` (one rectification period) are counted seconds.

    Raises KeyError for an unknown size.
    """
    width, height = SIZES[size]
    y, thick = (24.0, 10.0) if size == "strip" else (2.0, height - 4)
    end = width * (LIMIT_SHARE if has_ladder else 1.0)
    share = min(max(elapsed / limit, 0.0), 1.0) if limit > 0 else 1.0
    bars = [Bar("r-bed", 0, y, end, thick)]
    if has_ladder:
        bars += _beds(width, end, y, thick)
    bars.append(Bar(USED_CLASS.get(light, "r-used"), 0, y, _round(end * share), thick))
    over = _overtime(width, elapsed - limit, period) if has_ladder else 0.0
    if over > 0:
        bars.append(Bar("r-red", end, y, over, thick))
    if light == "red" and not has_ladder:  # no beds to run into: the limit itself is what was passed
        bars[-1] = Bar("r-red", 0, y, end, thick)
    tail = (end + width * PERIOD_SHARE,) if has_ladder and size == "strip" else ()
    reach = 4.0 if size == "strip" else 2.0
    now = _round(end + over if over > 0 else end * share)
    return Ruler(
        size, width, height, tuple(bars), _round(end * WARN_SHARE), (end, *tail), y - reach, y + thick + reach, now
    )


def _beds(width: float, end: float, y: float, thick: float) -> list[Bar]:
    step = width * PERIOD_SHARE
    return [
        Bar("r-bed-q", _round(end + index * step), y + 0.5, _round(step), thick - 1)
        for index in (0, 1)
    ]  # fmt: skip


def _overtime(width: float, over: float, period: float) -> float:
    """Length of the overtime: one period a bed, never past the end."""
    return _round(min(max(over, 0.0) / period, 2.0) * width * PERIOD_SHARE)


def _round(value: float) -> float:
    return round(value, 2)
