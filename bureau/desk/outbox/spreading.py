"""From a notice to its deliveries: it stands in the portal, and each receiver gets it once on one way out."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, transaction

from bureau.desk.almanac import current_calendar
from bureau.desk.calendar import local, midnight
from bureau.desk.models.delivery import Channel, Contact, Delivery
from bureau.desk.models.notice import Notice, PassedOn
from bureau.desk.models.subscription import Subscription
from bureau.desk.outbox.alarms import alarm_of_unheard
from bureau.desk.outbox.channels import channels_on
from bureau.desk.outbox.failures import WAITS, wait_after
from bureau.desk.outbox.passing import pass_on_to_people
from bureau.desk.outbox.patience import read_by
from bureau.desk.outbox.receivers import receivers_of
from bureau.models.people import Officer
from bureau.proofs.canonical import digest_of

logger = logging.getLogger(__name__)


def deliver_one(*, at: datetime) -> bool:
    """Deliver the oldest message that is ready and that nobody else delivers; False when there is none.

    One that fails is put back with a pause and never holds up those behind it.
    """
    with transaction.atomic():
        ready = Notice.objects.ready(at).order_by("created_at")
        notice = ready.select_for_update(skip_locked=True, of=("self",)).first()
        if notice is None:
            return False
        try:
            with transaction.atomic():
                spread(notice, at=at)
                notice.sent_at = at
                if notice.is_urgent and not notice.copy_of_id:
                    notice.climbs_at = read_by(notice, at=at)
                notice.save(update_fields=["sent_at", "climbs_at", "is_unheard"])
        except (OperationalError, InterfaceError):
            raise  # the database is away: that is no fault of this message
        except Exception:  # whatever it is, the next message must not wait behind it
            logger.exception("Message %s of kind %s could not be delivered", notice.pk, notice.kind)
            put_back(notice, at=at)
        return True


def put_back(notice: Notice, *, at: datetime) -> None:
    tries = notice.tries + 1
    again = at + (wait_after(tries) or WAITS[-1])
    Notice.objects.filter(pk=notice.pk).update(tries=tries, retry_at=again, sent_at=None)


def spread(notice: Notice, *, at: datetime) -> None:
    """The deliveries of a notice to those it tells; those that stand already are left as they are.

    When nobody addressed is there, it is passed on to those who stand in; when nobody is left, that is alarmed.
    """
    told = receivers_of(notice, at=at)
    rows = [
        delivery_of(notice, contact, due_at=due_time(notice, contact, at=at), at=at)
        for contact in first_contacts(told.people)
    ]
    rows += [delivery_to_system(notice, one, at=at) for one in systems_told(notice)]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    if told.stand_ins:
        pass_on_to_people(notice, told.stand_ins, PassedOn.ABSENT, at=at)
    notice.is_unheard = not (told.people or told.stand_ins or notice.copy_of_id)
    if notice.is_unheard:
        alarm_of_unheard(notice, at=at)


def due_time(notice: Notice, contact: Contact, *, at: datetime) -> datetime:
    """An urgent message leaves at once, any other in working time: nobody is woken for what can wait.

    For whoever wants it together once a day, it waits for the beginning of the next working day.
    """
    if notice.is_urgent:
        return at
    calendar = current_calendar()
    if not contact.is_digest:
        return calendar.next_working_instant(at)
    tomorrow = midnight(local(at).date() + timedelta(days=1))
    return calendar.next_working_instant(tomorrow)


def first_contacts(people: Iterable[Officer]) -> list[Contact]:
    """The first confirmed contact of each person among the ways that are switched on."""
    channels = channels_on()
    found = Contact.objects.filter(officer__in=people, channel__in=channels, ended_at=None)
    best: dict[object, Contact] = {}
    for contact in sorted(found.exclude(confirmed_at=None), key=lambda one: channels.index(one.channel)):
        best.setdefault(contact.officer_id, contact)
    return list(best.values())


def delivery_of(
    notice: Notice, contact: Contact, *, due_at: datetime, at: datetime, is_further: bool = False
) -> Delivery:
    """On the first way once for the same news; on a further way (`is_further`) once for that way."""
    receiver = f"{contact.officer_id}{contact.channel if is_further else ''}"
    return Delivery(
        notice=notice,
        channel=contact.channel,
        contact=contact,
        said_once=once_key(notice, receiver),
        is_urgent=notice.is_urgent,
        queued_at=at,
        due_at=due_at,
    )


def systems_told(notice: Notice) -> list[Subscription]:
    """The systems of the organisation that is told; a message to a person by name concerns no system."""
    if notice.to_organisation_id is None:
        return []
    found = Subscription.objects.filter(organisation=notice.to_organisation_id, ended_at=None)
    return [subscription for subscription in found if subscription.wants(notice.kind)]


def delivery_to_system(notice: Notice, subscription: Subscription, *, at: datetime) -> Delivery:
    """At once, by day and by night: a system does not sleep."""
    return Delivery(
        notice=notice,
        channel=Channel.WEBHOOK,
        subscription=subscription,
        said_once=once_key(notice, f"system {subscription.pk}"),
        is_urgent=notice.is_urgent,
        queued_at=at,
        due_at=at,
    )


def once_key(notice: Notice, receiver: str) -> str:
    """The same news to the same receiver is one message, though two of the receiver's posts be told of it."""
    subject = [notice.subject_type_id, str(notice.subject_id)]
    first = notice.copy_of or notice
    return digest_of([receiver, notice.kind, subject, first.created_at.isoformat(), notice.params])
