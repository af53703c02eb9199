"""First-day data of the territory: `units.csv`, `organisations.csv` and `organisation_ties.csv`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau.loading import (
    BadCell,
    Loaded,
    Parser,
    Row,
    RowError,
    day,
    decimal,
    doubled,
    one_of,
    optional,
    raise_rows,
    read_table,
    real,
    text,
    upsert,
    whole,
    yes_no,
)
from bureau.models import Organisation, OrganisationTie, Unit

FACTS: Final = (
    "coord_source", "coord_quality", "area_source", "pop_year", "pop_source", "juwei_2016", "cunwei_2016",
    "juwei_2023", "cunwei_2023", "note",
)  # fmt: skip
DATES: Final[dict[str, Parser]] = {"valid_from": day, "valid_to": optional(day)}


@transaction.atomic
def load(folder: Path) -> str:
    """Load units, organisations and ties, all or nothing; answers in one line what was done.

    Raises BadValue or Several that name every bad cell. Rows no longer in the files stay: history refers to them.
    """
    done = load_units(folder) + load_organisations(folder) + load_ties(folder)
    return _("units: %(units)s; organisations: %(organisations)s; %(done)s") % {
        "units": Unit.objects.count(),
        "organisations": Organisation.objects.count(),
        "done": done,
    }


def load_units(folder: Path) -> Loaded:
    rows, errors = read_table(folder / "units.csv", unit_columns())
    codes = {row["code"] for row in rows}
    for row in rows:
        if row["cells_stay_with"] and row["cells_stay_with"] not in codes:
            errors.append(row.error("cells_stay_with", gettext_lazy("there is no such unit.")))
    raise_rows([*errors, *doubled(rows, "code"), *doubled(rows, "slug"), *turned_dates(rows)])
    return upsert(Unit, ["code"], sorted(map(unit_of, rows), key=lambda unit: unit["cells_stay_with_id"] or ""))


def unit_columns() -> dict[str, Parser]:
    return {
        "code": nine_digits,
        "slug": text(20),
        "name_zh": text(40),
        "name_en": text(60),
        "kind": one_of(Unit.Kind.values),
        "longitude": real,
        "latitude": real,
        "area_km2": optional(decimal),
        "population": optional(whole),
        **DATES,
        "is_pilot": yes_no,
        "cells_stay_with": optional(nine_digits),
        **{name: text(200, blank=True) for name in FACTS},
    }


def unit_of(row: Row) -> dict[str, Any]:
    """The columns of a unit; where its figures come from is kept as they were written."""
    columns = {name: value for name, value in row.items() if name not in (*FACTS, "cells_stay_with")}
    facts = {name: row[name] for name in FACTS if row[name]}
    return {**columns, "cells_stay_with_id": row["cells_stay_with"], "facts": facts}


def load_organisations(folder: Path) -> Loaded:
    columns = {
        "code": text(40),
        "kind": one_of(Organisation.Kind.values),
        "unit": optional(one_of(Unit.objects.values_list("code", flat=True))),
        "name_zh": text(60),
        "name_en": text(90),
        "short_zh": text(30, blank=True),
        **DATES,
        "remark": text(200, blank=True),
    }
    rows, errors = read_table(folder / "organisations.csv", columns)
    raise_rows([*errors, *doubled(rows, "code"), *turned_dates(rows)])
    return upsert(Organisation, ["code"], [renamed(row, unit="unit_id") for row in rows])


def load_ties(folder: Path) -> Loaded:
    ids = dict(Organisation.objects.values_list("code", "id"))
    columns = {
        "organisation": one_of(ids),
        "kind": one_of(OrganisationTie.Kind.values),
        "to": one_of(ids),
        **DATES,
        "basis": text(200, blank=True),
    }
    rows, errors = read_table(folder / "organisation_ties.csv", columns)
    raise_rows([*errors, *turned_dates(rows)])
    ties = [
        {**renamed(row, organisation="organisation_id", to="to_id"), "organisation_id": ids[row["organisation"]],
         "to_id": ids[row["to"]]}
        for row in rows
    ]  # fmt: skip
    return upsert(OrganisationTie, ["organisation_id", "kind", "to_id", "valid_from"], ties)


def turned_dates(rows: Iterable[Row]) -> list[RowError]:
    words = gettext_lazy("this ends before it begins; turn the dates.")
    return [row.error("valid_to", words) for row in rows if row["valid_to"] and row["valid_to"] < row["valid_from"]]


def renamed(row: Row, **names: str) -> dict[str, Any]:
    return {names.get(name, name): value for name, value in row.items()}


def nine_digits(cell: str) -> str:
    if len(cell) != 9 or not (cell.isascii() and cell.isdigit()):
        raise BadCell(gettext_lazy("this is not a code of nine digits."))
    return cell
