"""A bulletin as a spreadsheet: typed cells, and no text that a spreadsheet would take for a formula (T12)."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from openpyxl import Workbook

from bureau.desk.models.clock import RungName

FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
RUNGS: Final = {"waiting": "", **dict(RungName.choices)}


def sheet_of(number: str, content: dict[str, Any]) -> bytes:
    """XLSX with the units, the red rows and the suspended rows of what its reader may read."""
    book = Workbook(write_only=True)
    fill(book, _("By unit"), unit_head(), (unit_cells(row) for row in content["units"]), number)
    fill(book, _("Red lights"), red_head(), (red_cells(row) for row in content["reds"]), number)
    fill(book, _("Suspended"), held_head(), (held_cells(row) for row in content["suspended"]), number)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def fill(book: Workbook, title: str, head: Sequence[Any], rows: Iterable[Sequence[Any]], number: str) -> None:
    sheet = book.create_sheet(title)
    sheet.append([number])
    sheet.append(list(head))
    for row in rows:
        sheet.append([safe(cell) for cell in row])


def safe(cell: Any) -> Any:
    """Text that begins like a formula gets an apostrophe; numbers and instants stay what they are."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_SIGNS) else cell


def unit_head() -> list[Any]:
    names = [_("Rank"), _("Unit"), _("Red"), _("urged"), _("supervised"), _("to refer"), _("yellow"), _("suspended")]
    return [*names, _("in hand")]


def unit_cells(row: dict[str, Any]) -> list[Any]:
    names = ("rank", "name", "red", "urge", "supervise", "refer", "yellow", "grey", "open")
    return [row.get(name) for name in names]


def red_head() -> list[Any]:
    return [_("Unit"), _("Number"), _("Type"), _("Place"), _("Handled by"), _("Rung"), _("Red since"), _("Over, hours")]


def red_cells(row: dict[str, Any]) -> list[Any]:
    names = ("unit", "number", "type", "place", "handler")
    return [*(row.get(name, "") for name in names), str(RUNGS.get(row["rung"], "")), instant(row["red_since"]),
            round(row["over"] / 3600, 2)]  # fmt: skip


def held_head() -> list[Any]:
    return [_("Unit"), _("Number"), _("Type"), _("Place"), _("Handled by"), _("Suspended since"), _("To resume at")]


def held_cells(row: dict[str, Any]) -> list[Any]:
    names = ("unit", "number", "type", "place", "handler")
    return [*(row.get(name, "") for name in names), instant(row["since"]), instant(row["resumes_at"])]


def instant(text: str | None) -> datetime | None:
    """Local time without a zone, as spreadsheets want it."""
    found = parse_datetime(text) if text else None
    return found.replace(tzinfo=None) if found else None
