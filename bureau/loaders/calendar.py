"""First-day data of the calendar: `calendar.csv` (date, is_working, name) and `work_periods.csv`."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable
from datetime import date, time
from pathlib import Path
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from bureau.desk.almanac import DayRow, faults_of_year, load_year, set_work_periods
from bureau.desk.models.calendar import CalendarDay, CalendarYear, WorkPeriod
from bureau.desk.refusal import BadValue, raise_all

DAYS = "calendar.csv"
SOURCE = "国务院办公厅节假日安排通知（随参考数据载入）"
PERIODS = "work_periods.csv"
TRUTH = {"true": True, "false": False}

Value = TypeVar("Value")


@transaction.atomic
def load(folder: Path) -> str:
    """Load days and working periods; answers what was done in one line.

    Only years that differ are written, and never a year that a person loaded. All or nothing; raises BadValue or
    Several, every bad row named by file, line and column.
    """
    years = read_days(folder / DAYS)
    periods = read_periods(folder / PERIODS)
    changed = [year for year, rows in years.items() if _differs(year, rows)]
    for year in changed:
        load_year(year, years[year], by=None, at=None, source=SOURCE)
    for valid_from, spans in periods.items():
        held = WorkPeriod.objects.filter(valid_from=valid_from).values_list("opens", "closes")
        if sorted(held) != sorted(spans):
            set_work_periods(valid_from, spans)
    return _("calendar: %(years)s years, %(changed)s changed") % {"years": len(years), "changed": len(changed)}


def read_days(path: Path) -> dict[int, list[DayRow]]:
    """The rows of the file by year, each year a calendar that can be."""
    years: dict[int, list[DayRow]] = defaultdict(list)
    lines: dict[int, list[int]] = defaultdict(list)
    faults: list[BadValue] = []
    for line, row in _rows(path, ["date", "is_working", "name"]):
        on = _cell(path, line, "date", row["date"], date.fromisoformat, faults)
        is_working = _cell(path, line, "is_working", row["is_working"], TRUTH.__getitem__, faults)
        if on is not None and is_working is not None:
            years[on.year].append(DayRow(on, is_working, row["name"].strip()))
            lines[on.year].append(line)
    for year, rows in years.items():
        for fault in faults_of_year(year, rows):
            line = lines[year][fault.place] if fault.place is not None else lines[year][0]
            faults.append(_fault(path, line, "date", str(fault.reason)))
    raise_all(faults)
    return dict(years)


def read_periods(path: Path) -> dict[date, list[tuple[time, time]]]:
    """The working periods by the date from which they hold."""
    periods: dict[date, list[tuple[time, time]]] = defaultdict(list)
    faults: list[BadValue] = []
    for line, row in _rows(path, ["valid_from", "opens", "closes"]):
        valid_from = _cell(path, line, "valid_from", row["valid_from"], date.fromisoformat, faults)
        opens = _cell(path, line, "opens", row["opens"], time.fromisoformat, faults)
        closes = _cell(path, line, "closes", row["closes"], time.fromisoformat, faults)
        if valid_from and opens is not None and closes is not None:
            periods[valid_from].append((opens, closes))
    raise_all(faults)
    return dict(periods)


def _differs(year: int, rows: list[DayRow]) -> bool:
    loaded = CalendarYear.objects.filter(year=year).first()
    if loaded is not None and loaded.loaded_by_id is not None:
        return False
    held = CalendarDay.objects.filter(on__year=year).values_list("on", "is_working", "name")
    return loaded is None or sorted(held) != sorted(map(tuple, rows))


def _rows(path: Path, columns: list[str]) -> list[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines, restval="")
        if reader.fieldnames != columns:
            raise _fault(path, 1, ",".join(columns), _("the heading must be exactly this"))
        return [(reader.line_num, row) for row in reader]


def _cell(
    path: Path, line: int, column: str, text: str, read: Callable[[str], Value], faults: list[BadValue]
) -> Value | None:
    try:
        return read(text.strip())
    except (ValueError, KeyError):
        faults.append(_fault(path, line, column, _("cannot read “%(text)s”") % {"text": text}))
        return None


def _fault(path: Path, line: int, column: str, reason: str) -> BadValue:
    words = _("%(file)s, line %(line)s, column %(column)s: %(reason)s") % {
        "file": path.name,
        "line": line,
        "column": column,
        "reason": reason,
    }
    return BadValue(words, code="bad_row", pointer=f"/{path.name}/{line}/{column}")
