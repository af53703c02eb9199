"""Whether a way out answers: closed for a growing while after each failure, open again at the first success."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bureau.desk.models.delivery import Lane

FIRST_PAUSE: Final = timedelta(seconds=30)
LONGEST_PAUSE: Final = timedelta(minutes=5)


def closed(*, at: datetime) -> set[str]:
    return set(Lane.objects.filter(closed_until__gt=at).values_list("channel", flat=True))


def close(channel: str, why: str, *, at: datetime) -> Lane:
    lane, _made = Lane.objects.select_for_update().get_or_create(channel=channel)
    lane.failures += 1
    lane.failing_since = lane.failing_since or at
    lane.closed_until = at + min(FIRST_PAUSE * 2 ** min(lane.failures - 1, 10), LONGEST_PAUSE)
    lane.why = why
    lane.save()
    return lane


def reopen(channel: str) -> None:
    Lane.objects.filter(channel=channel, failures__gt=0).update(
        failing_since=None, closed_until=None, failures=0, why=""
    )
