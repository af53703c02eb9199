"""Numbers of leads and of filed cases."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bureau.desk import figures
from bureau.desk.numbering import take_number
from bureau.models import Unit

BODY = "bureau"
FILING = "立"

figures.declare(case_filing_number="沪闵城管立字〔{year}〕第{unit:02}{seq:04}号")
figures.describe(case_filing_number=_("Form of the filing number"))


def next_lead_number(on: date) -> str:
    """`L260622-0003`: the local day, and a gap-free counter of that day."""
    day = on.strftime("%y%m%d")
    return f"L{day}-{take_number('cases', 'lead', int(day)):04d}"


def next_filing_number(unit: Unit, on: date) -> str:
    """`沪闵城管立字〔2026〕第050031号`: one gap-free series for body, kind and year; the unit in it is only text.

    The pattern is a figure, for the prefix that the bureau really uses is not known (law.md 3.9 and section 8, 7).
    """
    pattern = figures.figure("case_filing_number", on)
    return pattern.format(year=on.year, unit=place_of(unit), seq=take_number(BODY, FILING, on.year))


def place_of(unit: Unit) -> int:
    """The unit's place among all units by the day they began, then by code: a later unit shifts none before it."""
    before = Q(valid_from__lt=unit.valid_from) | Q(valid_from=unit.valid_from, code__lte=unit.code)
    return Unit.objects.filter(before).count()
