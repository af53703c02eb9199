"""What the outbox itself has to tell: that something cannot be told. Once a day for each way out, never in a circle."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bureau.desk import figures
from bureau.desk.models.delivery import Delivery, Lane
from bureau.desk.notices import post_notice
from bureau.models.roles import Role
from bureau.models.units import Organisation

DEAD, LANE_DOWN = "outbox_dead", "outbox_lane_down"
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


def alarm(subject: models.Model, kind: str, key: str, *, at: datetime) -> None:
    """To the administrators of the bureau; nothing where the district has no bureau yet."""
    bureau = administration(at)
    if bureau is not None:
        post_notice(subject, kind, at=at, dedupe_key=key, to_organisation=bureau, to_role=Role.SYSADMIN, is_urgent=True)


def administration(at: datetime) -> Organisation | None:
    found: Organisation | None = (
        Organisation.objects.in_force(timezone.localdate(at))
        .filter(kind=Organisation.Kind.BUREAU)
        .order_by("valid_from", "code")
        .first()
    )
    return found
