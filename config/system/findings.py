"""What is said of one thing: a sentence, a state with a word and a sign, since when, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from bureau.desk.refusal import Words


class State(Enum):
    """The mark is a shape of the face; red stays with red lights."""

    WELL = "well"
    WATCH = "watch"
    BAD = "bad"

    @property
    def mark(self) -> str:
        return {State.WELL: "green", State.WATCH: "yellow", State.BAD: "err"}[self]

    @property
    def word(self) -> Words:
        return WORDS[self]


WORDS: Final = {
    State.WELL: pgettext_lazy("system", "well"),
    State.WATCH: pgettext_lazy("system", "watch"),
    State.BAD: pgettext_lazy("system", "act now"),
}


@dataclass(frozen=True)
class Finding:
    """`since` is the instant from which the sentence is true, or None where nobody can say."""

    label: Words
    state: State
    words: Words
    since: datetime | None = None
    remedy: Words = ""

    @property
    def is_bad(self) -> bool:
        return self.state is State.BAD


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """What needs a hand stands above what is well; else the order stays."""
    order = list(State)
    return sorted(findings, key=lambda finding: -order.index(finding.state))


def by_age(age: timedelta, *, watch: timedelta, bad: timedelta) -> State:
    """Older than `watch` is watched, older than `bad` is bad."""
    if age > bad:
        return State.BAD
    return State.WATCH if age > watch else State.WELL


def age_of(then: datetime, at: datetime) -> str:
    """`3 hours`, in the reader's language."""
    if at - then < timedelta(minutes=1):
        return _("less than a minute")
    return timesince(then, at, depth=1)
