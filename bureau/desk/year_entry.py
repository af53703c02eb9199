"""A person enters the days of a year: the only door from page and API to the calendar's rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bureau.desk.almanac import DayRow, load_year
from bureau.desk.recalculation import recompute_provisional
from bureau.desk.refusal import NotYourMove
from bureau.models.roles import Role

if TYPE_CHECKING:
    from bureau.models.people import Officer

ENACTERS = (Role.DEPUTY, Role.DIRECTOR)  # security.md matrix, "power, law, calendar, limit": the bureau enacts


@transaction.atomic
def enter_year(year: int, rows: Sequence[DayRow], *, by: Officer, at: datetime, source: str) -> int:
    """Replace the days of a year and compute every provisional clock anew; answers how many dates moved.

    Raises NotYourMove for anyone but the bureau's leaders, BadValue or Several for days that cannot be a year.
    """
    if not by.holds(*ENACTERS):
        raise NotYourMove(_("Only the bureau's leaders enter the days of a year."))
    load_year(year, rows, by=by, at=at, source=source)
    return recompute_provisional(at=at)
