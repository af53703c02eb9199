"""First-day data of the grid: `cells.csv`, `issue_types.csv` and `unit_shapes.csv`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import shapely
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from bureau.loading import (
    BadCell,
    Loaded,
    Parser,
    Row,
    RowError,
    doubled,
    one_of,
    optional,
    raise_rows,
    read_table,
    real,
    text,
    upsert,
    whole,
)
from bureau.models import Organisation, Unit
from grid.models import AtlasVersion, Cell, CellUnit, IssueType, UnitShape

FIRST_DAY = date(2015, 1, 1)  # the cells belong to the 13 units of January 2015
LIMIT_UNITS = IssueType.LimitUnit.values
KINDS = [
    "committee", "construction", "environment", "food_drug", "greening", "health", "housing_office", "land_office",
    "market_supervision", "police", "property_company", "road_cleaning", "squad", "town", "traffic_police",
]  # fmt: skip


@transaction.atomic
def load(folder: Path) -> str:
    """Load types, cells and outlines, all or nothing; answers in one line what was done.

    Raises BadValue or Several that name every bad cell of the files. A cell that a person has moved to another unit
    stays where it was put.
    """
    types = load_types(folder)
    cells = load_cells(folder)
    shapes = load_shapes(folder)
    return str(
        format_lazy(
            _("issue types: {types}; cells: {cells}; outlines of units: {shapes}; {done}"),
            types=IssueType.objects.count(),
            cells=Cell.objects.count(),
            shapes=UnitShape.objects.count(),
            done=types + cells + shapes,
        )
    )


# issue types --------------------------------------------------------------------------------------------------------


def load_types(folder: Path) -> Loaded:
    rows, errors = read_table(folder / "issue_types.csv", type_columns())
    raise_rows([*errors, *doubled(rows, "code"), *half_limits(rows), *split_categories(rows)])
    return upsert(IssueType, ["code"], rows)


def type_columns() -> dict[str, Parser]:
    words = dict.fromkeys(
        ("filing_condition_zh", "filing_condition_en", "closing_condition_zh", "closing_condition_en"), text(200)
    )
    return {
        "code": text(4),
        "category_code": text(2),
        "category_zh": text(40),
        "category_en": text(80),
        "name_zh": text(40),
        "name_en": text(80),
        "origin": one_of(IssueType.Origin.values),
        "lead_kind": one_of(Organisation.Kind.values),
        "cooperating_kinds": several_known,
        "response_amount": optional(amount),
        "response_unit": one_of(LIMIT_UNITS, blank=True),
        "handling_amount": amount,
        "handling_unit": one_of(LIMIT_UNITS),
        **words,
        "campaign": text(40, blank=True),
        "power_hint": text(40, blank=True),
    }


def several_known(cell: str) -> list[str]:
    read = one_of(KINDS)
    return [read(word.strip()) for word in cell.split("|")] if cell else []


def amount(cell: str) -> int:
    found = whole(cell)
    if not 1 <= found <= 365:
        raise BadCell(_("a limit lies between 1 and 365."))
    return int(found)


def half_limits(rows: Iterable[Row]) -> list[RowError]:
    words = _("amount and unit of the response go together; fill in both or none.")
    return [
        row.error("response_unit", words) for row in rows if bool(row["response_amount"]) != bool(row["response_unit"])
    ]


def split_categories(rows: Iterable[Row]) -> list[RowError]:
    """A category has one name."""
    names: dict[str, str] = {}
    words = _("this category has another name in an earlier line; use one.")
    return [
        row.error("category_zh", words)
        for row in rows
        if names.setdefault(row["category_code"], row["category_zh"]) != row["category_zh"]
    ]


# cells --------------------------------------------------------------------------------------------------------------

CELL_COLUMNS: dict[str, Parser] = {
    "grid_code15": text(15),
    "unit_code": text(9),
    "seq": whole,
    "lon_c": real,
    "lat_c": real,
    "half_km_cells_inside": whole,
    "wkt_wgs84": lambda cell: outline(cell, {"Polygon"}),
}


def load_cells(folder: Path) -> Loaded:
    rows, errors = read_table(folder / "cells.csv", CELL_COLUMNS)
    raise_rows([*errors, *doubled(rows, "grid_code15"), *unknown_units(rows), *bad_codes(rows)])
    done = upsert(Cell, ["code"], [cell_row(row) for row in rows])
    placed = set(CellUnit.objects.values_list("cell_id", flat=True))
    new = [
        CellUnit(cell_id=row["grid_code15"], unit_id=row["unit_code"], valid_from=FIRST_DAY)
        for row in rows
        if row["grid_code15"] not in placed
    ]
    CellUnit.objects.bulk_create(new)
    if new or done.created or done.changed:
        AtlasVersion.objects.create(reason="load_reference")
    return done


def cell_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "code": row["grid_code15"],
        "seq": row["seq"],
        "longitude": row["lon_c"],
        "latitude": row["lat_c"],
        "wkt": row["wkt_wgs84"],
    }


def unknown_units(rows: Iterable[Row]) -> list[RowError]:
    known = set(Unit.objects.values_list("code", flat=True))
    return [row.error("unit_code", _("there is no such unit.")) for row in rows if row["unit_code"] not in known]


def bad_codes(rows: Iterable[Row]) -> list[RowError]:
    """15 digits: the unit's 9, three zeros, the number in three digits."""
    words = _("the code is the unit's code, 000 and the number in three digits.")
    return [
        row.error("grid_code15", words)
        for row in rows
        if row["grid_code15"] != f"{row['unit_code']}000{row['seq']:03d}"
    ]


def outline(cell: str, kinds: set[str]) -> str:
    """A valid outline in WKT, as it stands."""
    try:
        shape = shapely.from_wkt(cell)
    except shapely.errors.ShapelyError as error:
        raise BadCell(_("this is no outline in WKT.")) from error
    if shape is None or shape.geom_type not in kinds or not shape.is_valid or shape.is_empty:
        raise BadCell(_("this outline is empty or crosses itself."))
    return cell


# outlines of units --------------------------------------------------------------------------------------------------

SHAPE_COLUMNS: dict[str, Parser] = {
    "unit_code": text(9),
    "name": text(40),
    "cells_0_5km": whole,
    "area_km2_synthetic": real,
    "area_km2_published": optional(real),
    "wkt_wgs84": lambda cell: outline(cell, {"Polygon", "MultiPolygon"}),
    "disclaimer": text(120),
}


def load_shapes(folder: Path) -> Loaded:
    rows, errors = read_table(folder / "unit_shapes.csv", SHAPE_COLUMNS)
    raise_rows([*errors, *doubled(rows, "unit_code"), *unknown_units(rows)])
    keep = [{"unit_id": row["unit_code"], "wkt": row["wkt_wgs84"], "disclaimer": row["disclaimer"]} for row in rows]
    return upsert(UnitShape, ["unit_id"], keep)
