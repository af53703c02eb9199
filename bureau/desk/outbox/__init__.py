"""The outbox: every message is a row before it is a message; rows are the queue, and a lease sends each of them."""

from bureau.desk.outbox.climbing import climb_one
from bureau.desk.outbox.health import Health, health
from bureau.desk.outbox.letters import drop_delivery, retry_delivery, retry_notice
from bureau.desk.outbox.relay import due_channels, relay
from bureau.desk.outbox.spreading import deliver_one

__all__ = [
    "Health",
    "climb_one",
    "deliver_one",
    "drop_delivery",
    "due_channels",
    "health",
    "relay",
    "retry_delivery",
    "retry_notice",
]
