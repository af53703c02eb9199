"""A message as it leaves the portal: its title, in the receiver's language, and the address that opens it."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from bureau.desk.models.delivery import Contact, Delivery
from bureau.desk.outbox.channels import Parcel
from bureau.desk.outbox.contacts import CONFIRM, link_token
from bureau.desk.telling import told


def parcel_of(delivery: Delivery) -> Parcel:
    """The title says the number or paper and the kind of event; the rest is read in the portal, after sign-in."""
    contact = delivery.contact
    with override(contact.officer.language):
        title = told(delivery.notice).title
        return Parcel(
            id=delivery.pk,
            address=contact.address,
            title=_("[Enforcement portal] {title}").format(title=title),
            hint=_("Sign in to read it. This message says no more on purpose; nobody reads answers to it."),
            url=settings.PUBLIC_URL + path_of(delivery, contact),
        )


def path_of(delivery: Delivery, contact: Contact) -> str:
    if delivery.notice.kind == CONFIRM:
        return f"{reverse('contacts')}?{urlencode({'token': link_token(contact)})}"
    return reverse("bureau:message", args=[delivery.notice_id])
