"""Words for times: what is left of a clock, an instant in a table, a day in a sentence (face.md section 2)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext, pgettext

HOUR: Final = 3600
WORKING_DAY: Final = 8 * HOUR  # 1 日 = 8 工作时
NATURAL_DAY: Final = 24 * HOUR
WORKING_KINDS: Final = frozenset({"working_hours", "working_days", "working"})


def duration(seconds: int, kind: str = "working_hours") -> str:
    """A length of counted time: `2:20` below a day, `3 d 2 h` from a day on.

    `kind` is the unit of the clock's limit; a day is 8 h of working time, 24 h of any other.
    """
    day = WORKING_DAY if kind in WORKING_KINDS else NATURAL_DAY
    if seconds < day:
        hours, minutes = divmod(seconds // 60, 60)
        return f"{hours}:{minutes:02d}"
    days, rest = divmod(seconds, day)
    hours = rest // HOUR
    if not hours or kind not in WORKING_KINDS:
        return gettext("%(days)d d") % {"days": days}
    return gettext("%(days)d d %(hours)d h") % {"days": days, "hours": hours}


def remaining(seconds: int, kind: str = "working_hours") -> str:
    """What is left of a clock, `余 1:20`, or by how much it was passed, `超 2:20` when `seconds` is negative.

    A minute that has begun still counts as left; only a whole minute counts as over.
    """
    if seconds < 0:
        return gettext("%(time)s over") % {"time": duration(-seconds, kind)}
    return gettext("%(time)s left") % {"time": duration(-(-seconds // 60) * 60, kind)}


def instant(at: datetime, *, now: datetime | None = None) -> str:
    """`06-22 12:00`, with the year in front when it is not the year of `now`. Shown in local time."""
    here = timezone.localtime(at)
    pattern = "%m-%d %H:%M" if now is None or timezone.localtime(now).year == here.year else "%Y-%m-%d %H:%M"
    return here.strftime(pattern)


def full_instant(at: datetime) -> str:
    """`2026-06-22 12:00:00`, for titles and print."""
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M:%S")


def moment(at: datetime, *, now: datetime) -> str:
    """An instant in a sentence: today 12:00, tomorrow 12:00, else as in a table."""
    here, day = timezone.localtime(at), timezone.localtime(now).date()
    clock = here.strftime("%H:%M")
    if here.date() == day:
        return gettext("today %(clock)s") % {"clock": clock}
    if here.date() == day + timedelta(days=1):
        return gettext("tomorrow %(clock)s") % {"clock": clock}
    if here.date() == day - timedelta(days=1):
        return gettext("yesterday %(clock)s") % {"clock": clock}
    return instant(at, now=now)


def full_date(on: date) -> str:
    """A date in full: `2026 年 6 月 22 日`, or `22 June 2026`."""
    if (get_language() or "").startswith("zh"):
        return f"{on.year} 年 {on.month} 月 {on.day} 日"
    return date_format(on, "j F Y")


def weekday(on: date) -> str:
    """`周一`, `Mon`."""
    return (
        pgettext("weekday", "Mon"), pgettext("weekday", "Tue"), pgettext("weekday", "Wed"), pgettext("weekday", "Thu"),
        pgettext("weekday", "Fri"), pgettext("weekday", "Sat"), pgettext("weekday", "Sun"),
    )[on.weekday()]  # fmt: skip


def short_date(on: date) -> str:
    """A day in the bar: `6月22日 周一`, `Mon 22 June`."""
    if (get_language() or "").startswith("zh"):
        return f"{on.month}月{on.day}日 {weekday(on)}"
    return f"{weekday(on)} {date_format(on, 'j F')}"


def day_label(on: date) -> str:
    """A row of a timesheet: `06-22 周一`."""
    return f"{on:%m-%d} {weekday(on)}"


def days_label(first: date, last: date, count: int) -> str:
    """A folded stretch of a timesheet: `06-20 周六、21 周日`, `06-20 – 06-28, 9 days`."""
    if count == 1:
        return day_label(first)
    if count == 2:
        return gettext("%(first)s, %(last)s") % {"first": day_label(first), "last": f"{last:%d} {weekday(last)}"}
    days = ngettext("%(count)d day", "%(count)d days", count) % {"count": count}
    return f"{first:%m-%d} – {last:%m-%d} {days}"


def percent(share: float) -> str:
    """`97.5 %`, one digit behind the point."""
    return f"{share * 100:.1f} %"


def grouped(number: int) -> str:
    """A figure with its thousands parted: `1,284`."""
    return f"{number:,}"
