"""The calendar of the reference folder as a pure value, for tests of arithmetic that need no database."""

import csv
from datetime import date, datetime
from pathlib import Path

from bureau.desk.calendar import SHANGHAI, DayMark, WorkingCalendar

REFERENCE = Path(__file__).resolve().parents[2] / "reference" / "minhang" / "calendar.csv"


def reference_calendar() -> WorkingCalendar:
    with REFERENCE.open(encoding="utf-8", newline="") as lines:
        marks = {
            date.fromisoformat(row["date"]): DayMark(row["is_working"] == "true", row["name"])
            for row in csv.DictReader(lines)
        }
    return WorkingCalendar(marks, frozenset(on.year for on in marks))


CALENDAR = reference_calendar()


def at(text: str) -> datetime:
    """`2015-09-14 09:00` in Asia/Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
