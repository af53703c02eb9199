"""Where a person is reached outside the portal: asked for, confirmed by a message that arrived there, and ended."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bureau.desk.models.delivery import Channel, Contact
from bureau.desk.models.notice import Notice
from bureau.desk.outbox.spreading import delivery_of
from bureau.desk.refusal import BadValue
from bureau.desk.subject import facts_of
from bureau.desk.trail import write_entry
from bureau.models.people import Officer

CONFIRM: Final = "contact_confirm"
LINK_LIVES: Final = timedelta(days=3)
SALT: Final = "contact"


@transaction.atomic
def ask_for_mail(officer: Officer, address: str, *, at: datetime) -> Contact:
    """Name an e-mail address; a former one ends, and nothing but the link to confirm goes there before it is opened.

    Raises BadValue for what is no address.
    """
    address = address.strip()
    try:
        validate_email(address)
    except ValidationError as error:
        words = _("Write an e-mail address, as in name@example.org.")
        raise BadValue(words, code="invalid_email", pointer="/address") from error
    contact = begin_contact(officer, Channel.MAIL, address, at=at)
    send_confirmation(contact, at=at)
    return contact


def send_confirmation(contact: Contact, *, at: datetime) -> None:
    """The one message that goes to an address before it is confirmed."""
    key = f"{CONFIRM}:{contact.pk}"
    notice = Notice.objects.create(
        **facts_of(contact), kind=CONFIRM, to_officer=contact.officer, dedupe_key=key, created_at=at, sent_at=at
    )
    delivery_of(notice, contact, due_at=at, at=at).save()


def begin_contact(officer: Officer, channel: str, address: str, *, at: datetime) -> Contact:
    for former in Contact.objects.select_for_update().filter(officer=officer, channel=channel, ended_at=None):
        end(former, by=officer, at=at)
    contact = Contact.objects.create(officer=officer, channel=channel, address=address, asked_at=at)
    write_entry(contact, "ask", by=officer, at=at, facts={"channel": channel}, is_first=True)
    return contact


def link_token(contact: Contact) -> str:
    return signing.dumps(str(contact.pk), salt=SALT)


@transaction.atomic
def confirm_by_link(token: str, *, by: Officer, at: datetime) -> Contact:
    """The signed link came back, opened by its own person. Raises BadValue when it is not good (any more)."""
    try:
        pk = UUID(signing.loads(token, salt=SALT, max_age=LINK_LIVES))
    except (signing.BadSignature, ValueError) as error:
        raise link_is_over() from error
    contact = Contact.objects.select_for_update().filter(pk=pk, officer=by, ended_at=None).first()
    if contact is None:
        raise link_is_over()
    confirm(contact, by=by, at=at)
    return contact


def link_is_over() -> BadValue:
    words = _("This link is over, or belongs to another account.")
    return BadValue(words, code="link_over", remedy=_("Name the address again to get a new one."))


def confirm(contact: Contact, *, by: Officer, at: datetime) -> None:
    if contact.confirmed_at is None:
        contact.confirmed_at = at
        contact.save(update_fields=["confirmed_at"])
        write_entry(contact, "confirm", by=by, at=at)


@transaction.atomic
def turn_digest(officer: Officer, channel: str, *, at: datetime) -> None:
    """What is not urgent goes there together once a day, or each by itself again; what is queued keeps its time."""
    confirmed = Contact.objects.select_for_update().filter(officer=officer, channel=channel, ended_at=None)
    for contact in confirmed.exclude(confirmed_at=None):
        contact.is_digest = not contact.is_digest
        contact.save(update_fields=["is_digest"])
        write_entry(contact, "digest", by=officer, at=at, facts={"is_digest": contact.is_digest})


@transaction.atomic
def end_contact(officer: Officer, channel: str, *, at: datetime) -> None:
    """Nothing goes there any more; what waits for it is dropped when its turn comes."""
    for contact in Contact.objects.select_for_update().filter(officer=officer, channel=channel, ended_at=None):
        end(contact, by=officer, at=at)


def end(contact: Contact, *, by: Officer, at: datetime) -> None:
    contact.ended_at = at
    contact.save(update_fields=["ended_at"])
    write_entry(contact, "end", by=by, at=at)


def contacts_of(officer: Officer) -> list[Contact]:
    return list(Contact.objects.filter(officer=officer, ended_at=None))
