"""A message as it leaves the portal: its title, in the receiver's language, and the address that opens it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from bureau.desk.models.delivery import Channel, Contact, Delivery
from bureau.desk.models.subscription import Subscription
from bureau.desk.outbox.binding import code_of
from bureau.desk.outbox.channels import Parcel
from bureau.desk.outbox.contacts import CONFIRM, link_token
from bureau.desk.telling import told

MAY_LEAVE: Final = ("number", "paper")


def parcel_of(delivery: Delivery, *, at: datetime) -> Parcel:
    """The title says the number or paper and the kind of event; the rest is read in the portal, after sign-in."""
    subscription = delivery.subscription
    if subscription is not None:
        return parcel_to_system(delivery, subscription, at=at)
    contact = delivery.contact
    assert contact is not None, "the table holds that a delivery goes to a person or to a system"
    with override(contact.officer.language):
        if delivery.notice.kind == CONFIRM and contact.channel == Channel.SMS:
            return code_parcel(delivery, contact, at=at)
        others = titles_together(delivery)
        if others:
            return digest_parcel(delivery, contact, others, at=at)
        title = told(delivery.notice).title
        return Parcel(
            id=delivery.pk,
            address=contact.address,
            title=_("[Enforcement portal] {title}").format(title=title),
            hint=_("Sign in to read it. This message says no more on purpose; nobody reads answers to it."),
            url=settings.PUBLIC_URL + path_of(delivery, contact),
            at=at,
        )


def titles_together(delivery: Delivery) -> list[str]:
    """The titles of all that travels under the same token; nothing when it travels alone."""
    held = Delivery.objects.held_with(delivery.token).select_related("notice").order_by("due_at", "pk")
    titles = [told(one.notice).title for one in held] if delivery.contact and delivery.contact.is_digest else []
    return titles if len(titles) > 1 else []


def digest_parcel(delivery: Delivery, contact: Contact, titles: list[str], *, at: datetime) -> Parcel:
    words = ngettext("[Enforcement portal] {n} message", "[Enforcement portal] {n} messages", len(titles))
    url = f"{settings.PUBLIC_URL}{reverse('messages')}?unread=1"
    return Parcel(delivery.pk, contact.address, words.format(n=len(titles)), "\n".join(titles), url, at)


def code_parcel(delivery: Delivery, contact: Contact, *, at: datetime) -> Parcel:
    words = _("[Enforcement portal] Your code is {code}. It is good for ten minutes; tell it to nobody.")
    return Parcel(delivery.pk, contact.address, words.format(code=code_of(contact)), "", "", at)


def path_of(delivery: Delivery, contact: Contact) -> str:
    if delivery.notice.kind == CONFIRM:
        return f"{reverse('contacts')}?{urlencode({'token': link_token(contact)})}"
    return reverse("bureau:message", args=[delivery.notice_id])


def parcel_to_system(delivery: Delivery, subscription: Subscription, *, at: datetime) -> Parcel:
    notice = delivery.notice
    numbers = {name: str(notice.params[name]) for name in MAY_LEAVE if notice.params.get(name)}
    subject = {"subject_type": notice.subject_type.model, "subject_id": str(notice.subject_id)}
    facts = {
        "type": notice.kind,
        "timestamp": notice.created_at.astimezone(UTC).isoformat(),
        "organisation": subscription.organisation.code,
        **subject,
        **numbers,
    }
    url = settings.PUBLIC_URL + reverse("bureau:message", args=[notice.pk])
    return Parcel(delivery.pk, subscription.url, "", "", url, at, secret=subscription.secret, facts=facts)
