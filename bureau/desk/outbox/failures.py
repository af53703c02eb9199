"""How a way out fails: for one message, for all of them, or for good. `why` is a code without any address."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from bureau.desk.models.notice import MOST_TRIES

WAITS: Final = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1))


class DeliveryFailed(Exception):
    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why[:60]


class Deferred(DeliveryFailed):
    """This message later; others may go."""


class Unreachable(DeliveryFailed):
    """Nothing goes this way for a while; the message has lost no try by it."""


class Rejected(DeliveryFailed):
    """Never: the receiver's side says that it will not take it."""


def wait_after(tries: int) -> timedelta | None:
    """How long to wait after that many tries; None when there is no further one."""
    return None if tries >= MOST_TRIES else WAITS[min(tries, len(WAITS)) - 1]
