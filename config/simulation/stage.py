"""The moved clock: things happen in the order of their instants, and the beat knocks between them."""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Min

from bureau.desk.almanac import current_calendar
from bureau.desk.models import Clock
from bureau.desk.notices import deliver_as_created
from bureau.models import Officer
from oversight import ladder

BEAT = timedelta(seconds=4)


class Stage:
    """Plays happenings up to `end`; what is planned for later does not happen."""

    def __init__(self, chance: random.Random, end: datetime) -> None:
        self.chance = chance
        self.end = end
        self.calendar = current_calendar()
        self._queue: list[tuple[datetime, int, Callable[[datetime], object]]] = []
        self._order = itertools.count()
        self._cast: dict[str, Officer] = {}
        self.after_climb: list[Callable[[datetime], None]] = []

    def person(self, username: str) -> Officer:
        if username not in self._cast:
            self._cast[username] = Officer.objects.get(username=username)
        return self._cast[username]

    def plan(self, at: datetime, happening: Callable[[datetime], object]) -> None:
        heapq.heappush(self._queue, (at, next(self._order), happening))

    def soon(self, at: datetime, low: float, high: float, happening: Callable[[datetime], None]) -> None:
        """Plan it after between `low` and `high` working minutes."""
        minutes = self.chance.uniform(low, high)
        self.plan(self.later(at, minutes), happening)

    def later(self, at: datetime, minutes: float) -> datetime:
        return self.calendar.add_working_time(at, timedelta(minutes=minutes)) + timedelta(
            seconds=self.chance.randrange(50)
        )

    def play(self, tell: Callable[[datetime], None]) -> None:
        """Play to the end; `tell` hears of each new day."""
        day = None
        while self._queue and self._queue[0][0] <= self.end:
            at, _, happening = heapq.heappop(self._queue)
            self.knock(at)
            if at.date() != day:
                day = at.date()
                tell(at)
                self.take_stock()
            happening(at)
        self.knock(self.end)
        deliver_as_created()

    def take_stock(self) -> None:
        """All of it is one transaction, whose rows the autovacuum cannot count: without this every plan is a guess."""
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def knock(self, until: datetime) -> None:
        """What the beat would have done by then: rungs at their instants, messages after them."""
        while True:
            due = Clock.objects.running().aggregate(first=Min("next_rung_at"))["first"]
            if due is None or due > until:
                break
            at = min(due + BEAT, until)
            if ladder.climb(at=at):
                for look in self.after_climb:
                    look(at)
