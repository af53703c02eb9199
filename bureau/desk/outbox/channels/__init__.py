"""The ways out by name. One is switched on by its setting; a way that is off takes no message."""

from __future__ import annotations

from bureau.desk.models.delivery import Channel
from bureau.desk.outbox.channels.mail import Mail
from bureau.desk.outbox.channels.parcel import Adapter, Parcel, Send
from bureau.desk.outbox.channels.sms import Sms
from bureau.desk.outbox.channels.webhook import Webhook
from bureau.desk.outbox.channels.wecom import Wecom

ADAPTERS: dict[str, Adapter] = {
    Channel.WECOM: Wecom(),
    Channel.MAIL: Mail(),
    Channel.SMS: Sms(),
    Channel.WEBHOOK: Webhook(),
}


def channels_on() -> list[str]:
    """The ways out that are switched on, in the order in which a person is tried."""
    return [channel for channel in Channel.values if channel in ADAPTERS and ADAPTERS[channel].is_on()]


__all__ = ["ADAPTERS", "Adapter", "Parcel", "Send", "channels_on"]
