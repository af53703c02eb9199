"""How long an urgent message may stand unread."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from bureau.desk import figures
from bureau.desk.almanac import current_calendar
from bureau.desk.limits import Limit, Unit
from bureau.desk.models.clock import Clock
from bureau.desk.models.notice import Notice

figures.declare(outbox_unread_limit="0.5 working_hours")
figures.describe(outbox_unread_limit=_("Time in which an urgent message must be read before it goes on"))


def read_by(notice: Notice, *, at: datetime) -> datetime:
    """When it must be read: working time, but the wall clock where a clock of the subject runs day and night."""
    limit = Limit.parse(figures.figure("outbox_unread_limit", figures.local_day(at)))
    amount = limit.as_time()
    if limit.unit == Unit.CLOCK_HOURS or runs_day_and_night(notice):
        return at + amount
    return current_calendar().add_working_time(at, amount)


def runs_day_and_night(notice: Notice) -> bool:
    about = Clock.objects.running().filter(subject_type=notice.subject_type_id, subject_id=notice.subject_id)
    return about.filter(limit_unit=Unit.CLOCK_HOURS).exists()
