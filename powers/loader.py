"""First-day data of the list: `power_editions.csv`, and for each edition its powers and its handbook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from bureau.loading import (
    Loaded,
    Parser,
    Row,
    RowError,
    day,
    decimal,
    doubled,
    held,
    one_of,
    optional,
    plain,
    raise_rows,
    read_table,
    several_of,
    text,
    upsert,
    yes_no,
)
from powers.kinds import (
    Category,
    Confidence,
    Domain,
    FineUnit,
    HandbookKind,
    IssueHint,
    Level,
    LiableParty,
    PenaltyKind,
)
from powers.models import Edition, HandbookItem, Power

EDITIONS = "power_editions.csv"
EDITION_COLUMNS: dict[str, Parser] = {
    "code": text(20),
    "name_zh": text(80),
    "name_en": text(120),
    "valid_from": day,
    "valid_to": optional(day),
    "is_reference": yes_no,
    "powers": text(80),
    "handbook": text(80),
    "note": text(300, blank=True),
}
POWER_COLUMNS: dict[str, Parser] = {
    "code": text(20),
    "category": one_of(Category.values),
    "domain": one_of(Domain.values),
    "name_zh": text(200),
    "name_en": text(300),
    "legal_basis_zh": text(200),
    "penalty_kinds": several_of(PenaltyKind.values),
    "fine_min": optional(decimal),
    "fine_max": optional(decimal),
    "fine_unit": one_of(FineUnit.values, blank=True),
    "subject": one_of(LiableParty.values),
    "issue_type_hint": one_of(IssueHint.values),
    "simple_procedure_possible": yes_no,
    "confidence": one_of(Confidence.values),
    "source": text(300, blank=True),
}
HANDBOOK_COLUMNS: dict[str, Parser] = {
    "code": text(20),
    "name_zh": text(200),
    "name_en": text(300),
    "kind": one_of(HandbookKind.values),
    "power_code": text(20, blank=True),
    "responsible_level": one_of(Level.values),
    "steps_zh": text(400),
    "confidence": one_of(Confidence.values),
}


def load(folder: Path) -> str:
    """Load every edition that the folder names; answers what was done. Raises BadValue or Several, row by row."""
    rows, errors = read_table(folder / EDITIONS, EDITION_COLUMNS)
    errors += doubled(rows, "code") + faults_of_editions(rows)
    raise_rows(errors)
    files = {row["code"]: (row.pop("powers"), row.pop("handbook")) for row in rows}
    editions = upsert(Edition, ["code"], rows)
    powers = handbook = Loaded()
    for edition in Edition.objects.filter(pk__in=files):
        powers_file, handbook_file = files[edition.pk]
        found, faults = load_powers(edition, folder / powers_file)
        errors += faults
        powers += found
        found, faults = load_handbook(edition, folder / handbook_file)
        errors += faults
        handbook += found
    raise_rows(errors)
    words = _("editions: {editions}; powers: {powers}; handbook: {handbook}")
    return str(format_lazy(words, editions=editions, powers=powers, handbook=handbook))


def faults_of_editions(rows: Iterable[Row]) -> list[RowError]:
    """An edition that ends before it begins, or that begins before the one before it has ended."""
    errors = []
    before: Row | None = None
    for row in sorted(rows, key=lambda row: row["valid_from"]):
        if row["valid_to"] and row["valid_to"] < row["valid_from"]:
            errors.append(row.error("valid_to", _("the last day lies before the first; mend one of them.")))
        if before and (before["valid_to"] is None or before["valid_to"] >= row["valid_from"]):
            words = _("the next edition begins before this one has ended; end it the day before.")
            errors.append(before.error("valid_to", words))
        before = row
    return errors


def load_powers(edition: Edition, path: Path) -> tuple[Loaded, list[RowError]]:
    rows, errors = read_table(path, POWER_COLUMNS)
    errors += doubled(rows, "code") + doubled(rows, "name_zh")
    errors += [fault for row in rows for fault in faults_of_bounds(row)]
    there = {power.code: power for power in edition.powers.all()}
    errors += faults_of_edits(edition, rows, there)
    if errors:
        return Loaded(), errors
    return upsert(Power, ["edition", "code"], [{"edition": edition, **row} for row in rows]), []


def faults_of_bounds(row: Row) -> list[RowError]:
    low, high = row["fine_min"], row["fine_max"]
    errors = [
        row.error(name, _("a fine is not below nought; write a positive number."))
        for name in ("fine_min", "fine_max")
        if row[name] is not None and row[name] < 0
    ]
    if low is not None and high is not None and high < low:
        errors.append(row.error("fine_max", _("the ceiling lies below the floor; mend one of them.")))
    return errors


def load_handbook(edition: Edition, path: Path) -> tuple[Loaded, list[RowError]]:
    rows, errors = read_table(path, HANDBOOK_COLUMNS)
    errors += doubled(rows, "code")
    powers = {power.code: power for power in edition.powers.all()}
    for row in rows:
        code = row.pop("power_code")
        row["power"] = powers.get(code)
        if code and row["power"] is None:
            words = _("no power of this code is in the edition; add it to the powers or leave this empty.")
            errors.append(row.error("power_code", words))
    there = {item.code: item for item in edition.handbook.all()}
    errors += faults_of_edits(edition, rows, there)
    if errors:
        return Loaded(), errors
    return upsert(HandbookItem, ["edition", "code"], [{"edition": edition, **row} for row in rows]), []


def faults_of_edits(edition: Edition, rows: Iterable[Row], there: Mapping[str, Any]) -> list[RowError]:
    """Editions are never edited: what is loaded must stand in the file as it is, and nothing may be added to it."""
    if not there:
        return []
    words = format_lazy(
        _("the edition {edition} is loaded and never edited; add a later edition to {file} instead."),
        edition=edition.code,
        file=EDITIONS,
    )
    errors = []
    for row in rows:
        found = there.get(row["code"])
        if found is None:
            errors.append(row.error("code", words))
            continue
        errors += [row.error(name, words) for name, value in row.items() if held(found, name) != plain(value)]
    return errors
