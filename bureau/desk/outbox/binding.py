"""Binding a telephone: a code that arrives by text message, or a QR code that the person's own WeChat Work scans.

The contact that is asked for is itself the one-time ticket: it lives a few minutes and is confirmed once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from bureau.desk.models.delivery import Channel, Contact
from bureau.desk.outbox.contacts import begin_contact, confirm, send_confirmation
from bureau.desk.refusal import BadValue, Refusal, Words
from bureau.desk.wording import clean_phone
from bureau.models.people import Officer

CODE_LIVES: Final = timedelta(minutes=10)
QR_LIVES: Final = timedelta(minutes=5)
MOST_WRONG: Final = 5
MOST_ASKED: Final = 5  # an hour: nobody's telephone is flooded
SALT: Final = "bureau.desk.outbox.binding"


class TooMany(Refusal):
    status, code = 429, "too_many"


@transaction.atomic
def ask_for_mobile(officer: Officer, mobile: str, *, at: datetime) -> Contact:
    """Name a mobile number; a code goes there. Raises BadValue for the number, TooMany after five in an hour."""
    number = clean_phone(mobile)
    Officer.objects.select_for_update().get(pk=officer.pk)
    asked = Contact.objects.filter(officer=officer, channel=Channel.SMS, asked_at__gt=at - timedelta(hours=1))
    if asked.count() >= MOST_ASKED:
        raise TooMany(_("Too many codes were asked for. Try again in an hour."), pointer="/mobile")
    contact = begin_contact(officer, Channel.SMS, number, at=at)
    send_confirmation(contact, at=at)
    return contact


def code_of(contact: Contact) -> str:
    """Six digits that only this portal can compute for this contact."""
    digest = salted_hmac(SALT, f"code {contact.pk}", algorithm="sha256").digest()
    return f"{int.from_bytes(digest[:8]) % 1_000_000:06}"


def confirm_by_code(officer: Officer, code: str, *, at: datetime) -> Contact:
    """Raises BadValue for a wrong code, which is counted, for one that is too old, and after five wrong ones."""
    with transaction.atomic():
        asked = Contact.objects.select_for_update().filter(officer=officer, channel=Channel.SMS, ended_at=None)
        contact = asked.filter(confirmed_at=None).first()
        if contact is None or at - contact.asked_at > CODE_LIVES or contact.wrong_codes >= MOST_WRONG:
            raise wrong(_("This code is over. Ask for a new one."), "code_over")
        if constant_time_compare(code.strip(), code_of(contact)):
            confirm(contact, by=officer, at=at)
            return contact
        contact.wrong_codes += 1
        contact.save(update_fields=["wrong_codes"])
    raise wrong(_("This is not the code that was sent."), "wrong_code")


def wrong(words: Words, code: str) -> BadValue:
    return BadValue(words, code=code, pointer="/code")


@transaction.atomic
def ask_for_wecom(officer: Officer, *, at: datetime) -> Contact:
    """Begin binding: until somebody scans, the contact has no address."""
    return begin_contact(officer, Channel.WECOM, "", at=at)


def scan_url(contact: Contact) -> str:
    """What the QR code says: the platform's own page, which sends the scanning member on to the portal."""
    own = settings.WECOM
    query = {
        "appid": own["corp"],
        "redirect_uri": settings.PUBLIC_URL + reverse("bind-wecom"),
        "response_type": "code",
        "scope": "snsapi_base",
        "state": ticket_of(contact),
        "agentid": own["agent"],
    }
    return f"{own['open']}/connect/oauth2/authorize?{urlencode(query)}#wechat_redirect"


def ticket_of(contact: Contact) -> str:
    """Letters and digits alone, at most 128 of them: the platform lets nothing else through."""
    return contact.pk.hex + salted_hmac(SALT, f"ticket {contact.pk}", algorithm="sha256").hexdigest()[:32]


def asked_by_ticket(ticket: str, *, at: datetime) -> Contact | None:
    """The contact that waits to be scanned, while its ticket lives; None for anything else."""
    try:
        pk = UUID(hex=ticket[:32])
    except ValueError:
        return None
    contact = Contact.objects.filter(pk=pk, channel=Channel.WECOM, ended_at=None, confirmed_at=None).first()
    if contact is None or not constant_time_compare(ticket, ticket_of(contact)) or at - contact.asked_at > QR_LIVES:
        return None
    return contact


@transaction.atomic
def bind_wecom(contact: Contact, member: str, *, at: datetime) -> bool:
    """Confirm it for that member; False when the ticket was used meanwhile."""
    waiting = Contact.objects.select_for_update().filter(pk=contact.pk, ended_at=None, confirmed_at=None)
    one = waiting.select_related("officer").first()
    if one is None or not member:
        return False
    one.address = member
    one.save(update_fields=["address"])
    confirm(one, by=one.officer, at=at)
    return True
