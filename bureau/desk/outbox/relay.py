"""The relay: one a way out, so that a server that hangs holds up its own messages only.

It claims a row with a token and a lease, sends outside any transaction, and settles only what its token still holds:
two relays, a killed one or a stopped one that wakes up again never settle each other's work (I26).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Now

from bureau.desk.alone import alone
from bureau.desk.models.delivery import Delivery
from bureau.desk.models.notice import MOST_TRIES, NoticeReceipt
from bureau.desk.outbox import lanes
from bureau.desk.outbox.alarms import alarm_of_dead, alarm_of_lane
from bureau.desk.outbox.channels import ADAPTERS, Send, channels_on
from bureau.desk.outbox.failures import Deferred, DeliveryFailed, Rejected, Unreachable, wait_after
from bureau.desk.outbox.wording import parcel_of

logger = logging.getLogger(__name__)
LEASE: Final = timedelta(seconds=120)
PATIENCE: Final = 20.0  # seconds that one knock may take before it starts no further message
MOST_TOGETHER: Final = 50
State = Delivery.State


class LeaseLost(Exception):
    """Another relay holds the row now; what was done with it is settled there."""


def due_channels(*, at: datetime) -> list[str]:
    """The ways that are switched on, not closed, and have something due. One query for what is due, one for lanes."""
    due = set(Delivery.objects.ready(at).values_list("channel", flat=True).distinct())
    closed = lanes.closed(at=at)
    return [channel for channel in channels_on() if channel in due and channel not in closed]


def relay(channel: str, *, at: datetime, seconds: Callable[[], float] = time.monotonic) -> int:
    """Send what is due on that way, for a while; answers how many were settled. Nothing while another relay does."""
    began, count, left_alone = seconds(), 0, set[Any]()
    with alone(f"outbox.{channel}") as is_alone:
        if not is_alone or channel not in due_channels(at=at):
            return 0
        bury_exhausted(channel, at=at)
        try:
            with ADAPTERS[channel].open() as send:
                while seconds() - began < PATIENCE and send_one(channel, send, left_alone, at=at):
                    count += 1
        except Unreachable as failure:
            close(channel, failure.why, at=at)
        else:
            lanes.reopen(channel)
    return count


def send_one(channel: str, send: Send, left_alone: set[Any], *, at: datetime) -> bool:
    """Send the next one; False when none is due. Raises Unreachable after putting it back without a try lost.

    A system that failed is left alone for the rest of the knock, so that one that hangs holds up no other.
    """
    delivery = claim(channel, at=at, but_not_to=left_alone)
    if delivery is None:
        return False
    try:
        if not deliver(delivery, send, at=at) and delivery.subscription_id:
            left_alone.add(delivery.subscription_id)
    except LeaseLost:
        logger.warning("Delivery %s was taken over by another relay", delivery.pk)
    return True


@transaction.atomic
def claim(channel: str, *, at: datetime, but_not_to: Collection[Any] = ()) -> Delivery | None:
    """The most urgent and oldest one that is due, now held by a token of its own and counted as tried."""
    ready = Delivery.objects.ready(at).filter(channel=channel).order_by("-is_urgent", "due_at")
    if but_not_to:
        ready = ready.exclude(subscription__in=but_not_to)
    delivery = ready.select_for_update(skip_locked=True, of=("self",)).first()
    if delivery is None:
        return None
    taken = [delivery.pk, *together_with(delivery, at=at)]
    Delivery.objects.filter(pk__in=taken).update(
        state=State.LEASED, token=uuid4(), leased_until=Now() + LEASE, tries=F("tries") + 1
    )
    return Delivery.objects.for_list().get(pk=delivery.pk)


def together_with(delivery: Delivery, *, at: datetime) -> list[Any]:
    """What else is due to somebody who wants it together: it travels, and is settled, under the same token."""
    contact = delivery.contact
    if contact is None or not contact.is_digest or delivery.is_urgent or why_needless(delivery):
        return []
    read = NoticeReceipt.objects.filter(notice=OuterRef("notice"), officer=contact.officer_id)
    due = Delivery.objects.ready(at).filter(contact=contact, is_urgent=False).exclude(pk=delivery.pk)
    locked = due.filter(~Exists(read)).order_by("due_at").select_for_update(skip_locked=True, of=("self",))
    return list(locked.values_list("pk", flat=True)[:MOST_TOGETHER])


def deliver(delivery: Delivery, send: Send, *, at: datetime) -> bool:
    """Whether it is out, or need not go; False when it failed and was put back or buried."""
    needless = why_needless(delivery)
    if needless:
        settle(delivery, state=State.DROPPED, why=needless, settled_at=at)
        return True
    try:
        send(parcel_of(delivery, at=at))
    except Unreachable:
        settle(delivery, state=State.QUEUED, tries=F("tries") - 1)
        raise
    except Rejected as failure:
        bury(delivery, failure.why, at=at)
    except Deferred as failure:
        put_back(delivery, failure, at=at)
    except Exception:  # a message that breaks our own code must not stop those behind it
        logger.exception("Delivery %s could not be sent", delivery.pk)
        put_back(delivery, Deferred("broken"), at=at)
    else:
        settle(delivery, state=State.SENT, why="", settled_at=at)
        return True
    return False


def why_needless(delivery: Delivery) -> str:
    """Read in the portal meanwhile, or its receiver or the address is no longer there: nobody is told twice."""
    contact = delivery.contact
    if contact is None:
        subscription = delivery.subscription
        return "" if subscription and subscription.ended_at is None else "no_longer_there"
    if contact.ended_at is not None or not contact.officer.is_active:
        return "no_longer_there"
    read = NoticeReceipt.objects.filter(notice=delivery.notice_id, officer=contact.officer_id)
    return "read_already" if read.exists() else ""


def put_back(delivery: Delivery, failure: DeliveryFailed, *, at: datetime) -> None:
    wait = wait_after(delivery.tries)
    if wait is None:
        bury(delivery, failure.why, at=at)
        return
    settle(delivery, state=State.QUEUED, due_at=at + wait, why=failure.why)


@transaction.atomic
def bury(delivery: Delivery, why: str, *, at: datetime) -> None:
    settle(delivery, state=State.DEAD, why=why, settled_at=at)
    alarm_of_dead(delivery, at=at)


def settle(delivery: Delivery, **columns: Any) -> None:
    """Write the outcome of all that travelled under the token while it is ours; raises LeaseLost when it is not."""
    if not Delivery.objects.held_with(delivery.token).update(**columns, token=None, leased_until=None):
        raise LeaseLost


def bury_exhausted(channel: str, *, at: datetime) -> None:
    """Messages whose relay died at each of the tries."""
    for delivery in Delivery.objects.ready(at).filter(channel=channel, state=State.LEASED, tries__gte=MOST_TRIES):
        bury(delivery, "crashed", at=at)


@transaction.atomic
def close(channel: str, why: str, *, at: datetime) -> None:
    """Leave the way alone for a while, and tell the administrators when it has failed for long."""
    lane = lanes.close(channel, why, at=at)
    logger.warning("Nothing leaves by %s until %s: %s", channel, lane.closed_until, why)
    alarm_of_lane(lane, at=at)
