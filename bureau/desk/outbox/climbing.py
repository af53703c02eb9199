"""An urgent message that nobody reads goes on: to the next way, then to the deputies, then to the duty desk."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from bureau.desk.models.delivery import Contact, Delivery
from bureau.desk.models.notice import Notice, PassedOn
from bureau.desk.outbox.channels import channels_on
from bureau.desk.outbox.passing import is_read, pass_on_to_people, pass_on_to_post
from bureau.desk.outbox.patience import read_by
from bureau.desk.outbox.receivers import addressed_by, deputies_of, present
from bureau.desk.outbox.spreading import delivery_of
from bureau.models.roles import Role
from bureau.models.units import Organisation

logger = logging.getLogger(__name__)
PAUSE: Final = timedelta(minutes=10)
DESK: Final = (Organisation.Kind.GRID_CENTRE, Role.SHIFT_LEADER)


def climb_one(*, at: datetime) -> bool:
    """Let the first message whose time is over go on; False when there is none. One that fails holds up no other."""
    with transaction.atomic():
        due = Notice.objects.climbing(at).order_by("climbs_at")
        notice = due.select_for_update(skip_locked=True, of=("self",)).first()
        if notice is None:
            return False
        try:
            with transaction.atomic():
                climb(notice, at=at)
        except (OperationalError, InterfaceError):
            raise  # the database is away: that is no fault of this message
        except Exception:  # whatever it is, the next message must not wait behind it
            logger.exception("Message %s of kind %s could not go on", notice.pk, notice.kind)
            Notice.objects.filter(pk=notice.pk).update(climbs_at=at + PAUSE)
        return True


def climb(notice: Notice, *, at: datetime) -> None:
    """The next step that reaches anybody; a step that reaches nobody is passed over at once."""
    steps = STEPS[notice.steps :]
    taken = notice.steps
    for step in () if is_read(notice) else steps:
        taken += 1
        if step(notice, at=at):
            break
    is_over = taken >= len(STEPS) or is_read(notice)
    notice.steps, notice.climbs_at = taken, None if is_over else read_by(notice, at=at)
    notice.save(update_fields=["steps", "climbs_at"])


def try_next_way(notice: Notice, *, at: datetime) -> bool:
    """The next confirmed address of each receiver on a way that was not tried yet."""
    people = present(addressed_by(notice, at=at), at=at)
    tried = set(notice.deliveries.exclude(contact=None).values_list("contact__officer", "channel"))
    rows: dict[object, Delivery] = {}
    on = channels_on()
    contacts = Contact.objects.filter(officer__in=people, channel__in=on, ended_at=None).exclude(confirmed_at=None)
    for contact in sorted(contacts, key=lambda one: on.index(one.channel)):
        if (contact.officer_id, contact.channel) not in tried:
            rows.setdefault(contact.officer_id, delivery_of(notice, contact, due_at=at, at=at, is_further=True))
    return bool(Delivery.objects.bulk_create(rows.values(), ignore_conflicts=True))


def tell_deputies(notice: Notice, *, at: datetime) -> bool:
    deputies = deputies_of(addressed_by(notice, at=at), at=at)
    pass_on_to_people(notice, deputies, PassedOn.UNREAD, at=at)
    return bool(deputies)


def tell_duty_desk(notice: Notice, *, at: datetime) -> bool:
    """The shift leaders of the district's centre, where it sounds until somebody reads it."""
    kind, role = DESK
    bodies = Organisation.objects.in_force(timezone.localdate(at)).filter(kind=kind)
    desk = bodies.order_by("valid_from", "code").first()
    if desk is not None:
        pass_on_to_post(notice, desk, role, PassedOn.DESK, at=at)
    return desk is not None


STEPS: Final[tuple[Callable[..., bool], ...]] = (try_next_way, tell_deputies, tell_duty_desk)
