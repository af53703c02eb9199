"""What the outbox calls things: kinds of its own messages, acts on its trail, and why a delivery failed."""

from __future__ import annotations

from typing import Final

from django.utils.text import format_lazy
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from bureau.desk.contributions import NoticeKind
from bureau.desk.models.delivery import Channel
from bureau.desk.outbox.alarms import DEAD, LANE_DOWN, UNHEARD
from bureau.desk.outbox.contacts import CONFIRM
from bureau.desk.refusal import Words

REASONS: Final[dict[str, Words]] = {
    "recipient_refused": _("The receiver's server does not know this address."),
    "recipient_deferred": _("The receiver's server takes nothing for this address now."),
    "content_refused": _("The receiver's server refused the message."),
    "content_deferred": _("The receiver's server asked to try later."),
    "bad_address": _("The address cannot be written to."),
    "sign_in_refused": _("The server refused the portal's account."),
    "server_refused": _("The server refused the portal."),
    "timeout": _("The server did not answer in time."),
    "no_connection": _("The server could not be reached."),
    "forbidden_address": _("The name leads to an address that webhooks must not reach."),
    "unknown_host": _("The name of the server is not known."),
    "answered": _("The system did not take it."),
    "gone": _("The system wants no more messages."),
    "too_many": _("The platform takes no more messages for now."),
    "busy": _("The platform is busy."),
    "broken": _("The portal itself failed; its log says more."),
    "crashed": _("The sending process died at each try."),
    "no_longer_there": _("The receiver or the address is no longer there."),
    "read_already": _("It was read in the portal before its turn came."),
}
ACTS: Final[dict[str, Words]] = {
    "retry": pgettext_lazy("act on a delivery", "queued again"),
    "drop": pgettext_lazy("act on a delivery", "set aside"),
}
ABOUT_DEAD = _("It stands in the outbox with its reason; try it again or set it aside.")
ABOUT_UNHEARD = _("Nobody holds the post that was told, and nobody stands in for it. See who shall, and tell them.")
ABOUT_LANE = _("Nothing leaves by this way now. What waits is kept and leaves when the server answers again.")


def notices() -> dict[str, NoticeKind]:
    found = {CONFIRM: NoticeKind(_("Confirm this address"), _("A link to confirm it went to the address you named."))}
    found[UNHEARD] = NoticeKind(_("Reached nobody: {number}{paper}"), ABOUT_UNHEARD)
    for channel in Channel:
        dead, down = _("Undeliverable by {channel}"), _("No answer from the server of {channel}")
        found[f"{DEAD}_{channel}"] = NoticeKind(format_lazy(dead, channel=channel.label), ABOUT_DEAD)
        found[f"{LANE_DOWN}_{channel}"] = NoticeKind(format_lazy(down, channel=channel.label), ABOUT_LANE)
    return found


def reason_in_words(why: str) -> str:
    """The code in words, with the number that the server gave behind it; an unknown code shows as it is."""
    code, _blank, number = why.partition(" ")
    words = str(REASONS.get(code, code))
    return gettext("{words} ({number})").format(words=words, number=number) if number else words
