"""Figures of rules: a default in code, and dated rows that say otherwise."""

from datetime import date, datetime

from django.utils import timezone

from bureau.desk.models.figure import Figure

DEFAULTS: dict[str, str] = {}


def declare(**defaults: str) -> None:
    """A room names its figures and their defaults; names are `room_figure`."""
    DEFAULTS.update(defaults)


def figure(name: str, on: date) -> str:
    """The value in force on that day: the newest row from that day or before, else the default."""
    row = Figure.objects.filter(name=name, valid_from__lte=on).order_by("-valid_from").first()
    return row.value if row else DEFAULTS[name]


def local_day(at: datetime) -> date:
    return timezone.localdate(at)
