"""The values of a timesheet as it is drawn: spans, bars, marks, rows, and the hours across. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final

from django.utils.translation import gettext, gettext_noop

WIDTH: Final = 840.0
LEFT: Final = 150.0
RIGHT: Final = 700.0
FLAG: Final = 76.0
WORDS: Final = {
    "rest": gettext_noop("rest day"),
    "work": gettext_noop("counted in full"),
    "idle": gettext_noop("not counted"),
}


@dataclass(frozen=True)
class Span:
    """A stretch of one kind within one local day."""

    begins: datetime
    ends: datetime
    kind: str
    word: str = ""

    @property
    def seconds(self) -> int:
        return round((self.ends - self.begins).total_seconds())


@dataclass(frozen=True)
class Bar:
    css: str
    x: float
    width: float
    word: str = ""

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)

    @property
    def word_width(self) -> float:
        return breadth(self.word)

    @property
    def word_x(self) -> float:
        return round(self.middle - self.word_width / 2, 1)

    @property
    def has_room(self) -> bool:
        return bool(self.word) and self.width > self.word_width + 8


@dataclass(frozen=True)
class Mark:
    """A light that turned on, or now, within a row."""

    kind: str
    x: float
    at: datetime

    @property
    def flag(self) -> float:
        """Left edge of the flag *now*, kept inside the drawing."""
        return min(max(self.x - FLAG / 2, LEFT), RIGHT - FLAG + 20)

    @property
    def flag_middle(self) -> float:
        return self.flag + FLAG / 2

    @property
    def is_left(self) -> bool:
        """Whether there is no room for the word to the left of the shape."""
        return self.x < LEFT + 90


@dataclass(frozen=True)
class Row:
    """A day, or a folded stretch of days. `counted` and `total` are seconds; `word` replaces the bars."""

    label: str
    first: date
    last: date
    bars: tuple[Bar, ...] = ()
    beds: tuple[Bar, ...] = ()
    marks: tuple[Mark, ...] = ()
    counted: int = 0
    total: int = 0
    word: str = ""
    is_after: bool = False
    y: float = 0.0

    @property
    def base(self) -> float:
        """Baseline of the row's words."""
        return self.y + 13

    @property
    def is_strong(self) -> bool:
        """Whether the limit ran out on this day, or it is today."""
        return any(mark.kind != "yellow" for mark in self.marks)

    @property
    def line(self) -> float:
        """Middle of the row, where a rest day's dots run."""
        return self.y + 8

    @property
    def above(self) -> float:
        return self.y - 4

    @property
    def below(self) -> float:
        return self.y + 20

    @property
    def shown_word(self) -> str:
        return gettext(WORDS[self.word]) if self.word in WORDS else self.word

    @property
    def plate_width(self) -> float:
        return breadth(self.shown_word) + 12

    @property
    def plate(self) -> float:
        return round((LEFT + RIGHT) / 2 - self.plate_width / 2, 1)

    @property
    def middle(self) -> float:
        return (LEFT + RIGHT) / 2

    @property
    def counted_words(self) -> str:
        return hours_of(self.counted)

    @property
    def total_words(self) -> str:
        return hours_of(self.total)


@dataclass(frozen=True)
class Chart:
    rows: tuple[Row, ...]
    hours: tuple[tuple[int, float], ...]
    height: float
    kinds: frozenset[str] = field(default_factory=frozenset)
    width: float = WIDTH


@dataclass(frozen=True)
class Scale:
    """Hours of the day across the drawing."""

    first: int
    last: int

    @classmethod
    def over(cls, spans: Iterable[Span]) -> Scale:
        drawn = [span for span in spans if span.kind != "rest"]
        first = min([9, *(span.begins.hour for span in drawn)])
        last = max([18, *(hour_after(span) for span in drawn)])
        return cls(first, last)

    def x(self, at: datetime, on: date) -> float:
        """Where an instant stands in the row of the day; the next midnight is hour 24."""
        hours = (at - datetime.combine(on, time(), at.tzinfo)).total_seconds() / 3600
        hours = min(max(hours, self.first), self.last)
        return round(LEFT + (hours - self.first) * (RIGHT - LEFT) / (self.last - self.first), 1)

    def hours(self) -> tuple[tuple[int, float], ...]:
        step = 1 if self.last - self.first <= 12 else 3
        width = (RIGHT - LEFT) / (self.last - self.first)
        return tuple(
            (hour, round(LEFT + (hour - self.first) * width, 1)) for hour in range(self.first, self.last + 1, step)
        )


def hour_after(span: Span) -> int:
    if span.ends.date() > span.begins.date():
        return 24
    return span.ends.hour + (span.ends.minute > 0)


def breadth(word: str) -> float:
    """About how wide a word of 12 units is: a Chinese character is as wide as high, a Latin letter half."""
    return sum(12.0 if ord(letter) > 0x2E80 else 6.6 for letter in word) + 6


def hours_of(seconds: int) -> str:
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours}:{minutes:02d}"
