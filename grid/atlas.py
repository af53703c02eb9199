"""From a point to its cell, and from a cell and a day to its unit; held in memory, a few microseconds a question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import shapely
from django.db.models import Max

from grid.models import AtlasVersion, Cell, CellUnit


@dataclass(frozen=True)
class Stay:
    """A cell belongs to a unit from one day to another, both included."""

    valid_from: date
    valid_to: date | None
    unit_code: str

    def covers(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


class Atlas:
    """All cells of one version. Shared edges belong to both neighbours; the lowest code is answered."""

    def __init__(self, outlines: Iterable[tuple[str, str]], stays: Mapping[str, Sequence[Stay]]) -> None:
        ordered = sorted(outlines)
        self.codes = [code for code, _ in ordered]
        self._shapes = shapely.from_wkt([wkt for _, wkt in ordered])
        self._tree = shapely.STRtree(self._shapes)
        self._stays = stays
        shapely.prepare(self._shapes)

    def cell_at(self, longitude: float, latitude: float) -> str | None:
        """The code of the cell around a WGS-84 point; None outside every cell."""
        found = self._tree.query(shapely.Point(longitude, latitude), predicate="intersects")
        return self.codes[found.min()] if found.size else None

    def unit_of(self, cell_code: str, on: date) -> str | None:
        """The code of the unit to which the cell belongs on that day; None before its first or after its last."""
        return next((stay.unit_code for stay in self._stays.get(cell_code, ()) if stay.covers(on)), None)


_held: tuple[int, Atlas] | None = None


def current_atlas() -> Atlas:
    """The atlas in force: kept by this process, read anew when somebody loaded cells or moved one."""
    global _held
    version = AtlasVersion.objects.aggregate(newest=Max("id"))["newest"] or 0
    held = _held
    if held is None or held[0] != version:
        held = _held = (version, read_atlas())
    return held[1]


def read_atlas() -> Atlas:
    stays: dict[str, list[Stay]] = {}
    for row in CellUnit.objects.order_by("valid_from").values_list("cell_id", "valid_from", "valid_to", "unit_id"):
        stays.setdefault(row[0], []).append(Stay(*row[1:]))
    return Atlas(Cell.objects.values_list("code", "wkt"), stays)
