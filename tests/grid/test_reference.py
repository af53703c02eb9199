from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bureau.desk.refusal import Refusal, as_errors
from bureau.loaders import units
from grid import loader
from grid.models import AtlasVersion, Cell, CellUnit, IssueType, UnitShape
from tests.make import bureau

pytestmark = pytest.mark.django_db
MINHANG = Path(__file__).resolve().parents[2] / "reference" / "minhang"


@pytest.fixture
def folder(tmp_path) -> Path:
    """A copy that a test may spoil."""
    for name in ("cells.csv", "issue_types.csv", "unit_shapes.csv"):
        shutil.copy(MINHANG / name, tmp_path / name)
    return tmp_path


def test_the_district_has_422_cells_18_types_and_13_outlines():
    units.load(MINHANG)

    loader.load(MINHANG)

    assert Cell.objects.count() == CellUnit.objects.count() == 422
    assert (IssueType.objects.count(), IssueType.objects.values("category_code").distinct().count()) == (18, 5)
    assert UnitShape.objects.count() == 13


def test_loading_twice_changes_nothing():
    units.load(MINHANG)
    loader.load(MINHANG)
    version = AtlasVersion.objects.get()

    said = loader.load(MINHANG)

    assert AtlasVersion.objects.get() == version
    assert Cell.objects.count() == CellUnit.objects.count() == 422
    assert "453" in said


def test_a_cell_that_a_person_moved_stays_there():
    units.load(MINHANG)
    loader.load(MINHANG)
    cell = CellUnit.objects.get(cell_id="310112114000001")
    cell.unit = bureau.Unit.objects.get(slug="pujin")
    cell.save()

    loader.load(MINHANG)

    assert CellUnit.objects.get(cell_id="310112114000001").unit.slug == "pujin"


def test_every_bad_row_is_named_and_nothing_is_loaded(folder):
    units.load(MINHANG)
    spoilt = (folder / "cells.csv").read_text(encoding="utf-8").splitlines()
    spoilt[2] = spoilt[2].replace("310112001", "310112999")
    spoilt[4] = spoilt[4].replace("POLYGON", "POLIGON")
    (folder / "cells.csv").write_text("\n".join(spoilt), encoding="utf-8")

    with pytest.raises(Refusal) as refused:
        loader.load(folder)

    pointers = {defect.pointer for defect in as_errors(refused.value)}
    assert {"/cells.csv/3/unit_code", "/cells.csv/5/wkt_wgs84"} <= pointers
    assert not Cell.objects.exists()
    assert not IssueType.objects.exists()
