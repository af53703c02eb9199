"""What the outbox itself has to tell: that something cannot be told. Once a day for each way out, never in a circle."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bureau.desk import figures
from bureau.desk.models.delivery import Delivery, Lane
from bureau.desk.models.notice import Notice
from bureau.desk.notices import post_notice
from bureau.models.roles import Role
from bureau.models.units import Organisation

DEAD, LANE_DOWN, UNHEARD = "outbox_dead", "outbox_lane_down", "outbox_unheard"
logger = logging.getLogger(__name__)
figures.declare(outbox_lane_alarm_minutes="10")
figures.describe(outbox_lane_alarm_minutes=_("Minutes that a way out of the outbox may fail before it is alarmed"))


def alarm_of_dead(delivery: Delivery, *, at: datetime) -> None:
    kind = f"{DEAD}_{delivery.channel}"
    alarm(delivery, kind, f"{kind}:{timezone.localdate(at)}", at=at)


def alarm_of_lane(lane: Lane, *, at: datetime) -> None:
    """Once a failure, when it has lasted for the time of the figure."""
    since = lane.failing_since or at
    if at - since < patience(at):
        return
    waiting = Delivery.objects.waiting().filter(channel=lane.channel).order_by("due_at").first()
    if waiting is not None:
        kind = f"{LANE_DOWN}_{lane.channel}"
        alarm(waiting, kind, f"{kind}:{since.isoformat()}", at=at)


def patience(at: datetime) -> timedelta:
    return timedelta(minutes=int(figures.figure("outbox_lane_alarm_minutes", figures.local_day(at))))


def alarm_of_unheard(notice: Notice, *, at: datetime) -> None:
    """Nobody is left who could read it: to supervision, once a day for each post or person that was told."""
    logger.error("Message %s of kind %s reached nobody", notice.pk, notice.kind)
    subject = notice.subject
    if notice.kind == UNHEARD or not isinstance(subject, models.Model):
        return  # the list of the outbox shows it all the same
    receiver = notice.to_officer_id or f"{notice.to_organisation_id}:{notice.to_role}"
    key = f"{UNHEARD}:{receiver}:{timezone.localdate(at)}"
    numbers = {name: notice.params[name] for name in ("number", "paper") if name in notice.params}
    alarm(subject, UNHEARD, key, at=at, to_role=Role.SUPERVISION, params=numbers)


def alarm(
    subject: models.Model, kind: str, key: str, *, at: datetime, to_role: Role = Role.SYSADMIN,
    params: dict[str, str] | None = None,
) -> None:  # fmt: skip
    """To that post of the bureau; nothing where the district has no bureau yet."""
    bureau = administration(at)
    if bureau is not None:
        post_notice(
            subject, kind, at=at, dedupe_key=key, to_organisation=bureau, to_role=to_role, is_urgent=True, params=params
        )


def administration(at: datetime) -> Organisation | None:
    found: Organisation | None = (
        Organisation.objects.in_force(timezone.localdate(at))
        .filter(kind=Organisation.Kind.BUREAU)
        .order_by("valid_from", "code")
        .first()
    )
    return found
