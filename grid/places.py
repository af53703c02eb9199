"""From what somebody says of a place to a point, a cell and a unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any

from django.utils.translation import gettext_lazy as _

from bureau.desk.refusal import BadValue, LawRefused
from grid.atlas import Atlas, current_atlas
from grid.coordinates import Point, to_wgs84
from grid.models import Issue

WGS84, GCJ02 = Issue.Crs.WGS84, Issue.Crs.GCJ02


@dataclass(frozen=True)
class Place:
    """Codes of cell and unit, and the point in WGS-84; `given_*` keeps what was said in another system."""

    unit_code: str
    cell_code: str | None = None
    longitude: float | None = None
    latitude: float | None = None
    given_crs: str = ""
    given_longitude: float | None = None
    given_latitude: float | None = None

    def columns(self) -> dict[str, Any]:
        """The columns of an issue at this place."""
        return {
            "unit_id": self.unit_code,
            "cell_id": self.cell_code,
            "longitude": self.longitude,
            "latitude": self.latitude,
            "given_crs": self.given_crs,
            "given_longitude": self.given_longitude,
            "given_latitude": self.given_latitude,
        }


def find_place(
    longitude: float | None, latitude: float | None, *, on: date, crs: str = WGS84, unit: str = "", cell: str = ""
) -> Place:
    """The place of a point on a day, or of a unit or cell named by somebody who knows the address.

    A point in a cell decides; one in no cell is refused with 422 `outside_district`, unless a unit or cell is named.
    """
    atlas = current_atlas()
    point = read_point(longitude, latitude, crs)
    if point is None:
        return named_place(atlas, unit, cell, on)
    found = atlas.cell_at(*point)
    home = found and atlas.unit_of(found, on)
    if not home and not (unit or cell):
        raise LawRefused(
            _("This point lies in no cell of the district."),
            code="outside_district",
            pointer="/longitude",
            remedy=_("Move the point, or name the unit if the address is known."),
        )
    stand = Place(home, found) if home else named_place(atlas, unit, cell, on)
    if crs == WGS84:
        return Place(stand.unit_code, stand.cell_code, *point)
    return Place(stand.unit_code, stand.cell_code, *point, crs, longitude, latitude)


def read_point(longitude: float | None, latitude: float | None, crs: str) -> Point | None:
    """The point in WGS-84, or None when neither coordinate is given; BadValue for half a point or none on earth."""
    if crs not in Issue.Crs.values:
        raise BadValue(_("Coordinates are in EPSG:4326 or GCJ02."), code="unknown_crs", pointer="/crs")
    if longitude is None and latitude is None:
        return None
    east, north = degrees("longitude", longitude, 180), degrees("latitude", latitude, 90)
    return to_wgs84(east, north) if crs == GCJ02 else Point(east, north)


def degrees(name: str, value: float | None, largest: int) -> float:
    """The coordinate; BadValue when it is missing or no angle on earth."""
    if value is None:
        raise BadValue(_("A point needs both coordinates."), code="required", pointer=f"/{name}")
    if not isfinite(value) or abs(value) > largest:
        raise BadValue(_("This is not a coordinate in degrees."), code="invalid_number", pointer=f"/{name}")
    return value


def named_place(atlas: Atlas, unit: str, cell: str, on: date) -> Place:
    """A place known only by its cell or its unit."""
    if cell:
        home = atlas.unit_of(cell, on)
        if home is None:
            raise BadValue(_("There is no such cell on that day."), code="unknown_cell", pointer="/cell")
        return Place(home, cell)
    if unit:
        return Place(unit)
    raise BadValue(_("Say where it is: a point on the map, a cell or a unit."), code="required", pointer="/longitude")
