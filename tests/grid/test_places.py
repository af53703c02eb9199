from __future__ import annotations

import csv
import math
import random
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter_ns

import pytest
import shapely
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from grid.atlas import Atlas, Stay, current_atlas
from grid.coordinates import to_gcj02, to_wgs84
from grid.models import AtlasVersion, CellUnit
from tests.make import bureau
from tests.make import grid as make

REFERENCE = Path(__file__).resolve().parents[2] / "reference" / "minhang" / "cells.csv"
IN_MINHANG = {"longitude": st.floats(121.2, 121.6), "latitude": st.floats(30.9, 31.3)}
METRES_OF_A_DEGREE = 111_320


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    east = (one[0] - other[0]) * METRES_OF_A_DEGREE * math.cos(math.radians(one[1]))
    return math.hypot(east, (one[1] - other[1]) * METRES_OF_A_DEGREE)


@given(**IN_MINHANG)
def test_gcj02_and_back_is_the_same_point_within_a_centimetre(longitude, latitude):
    shifted = to_gcj02(longitude, latitude)

    back = to_wgs84(*shifted)

    assert 300 < metres(shifted, (longitude, latitude)) < 700
    assert metres(back, (longitude, latitude)) < 0.01


def test_gcj02_agrees_with_a_published_pair():
    """The pair that the common converters print for People's Square, Shanghai."""
    shifted = to_gcj02(121.4691, 31.2323)

    assert metres(shifted, (121.47367, 31.23037)) < 5


def test_outside_china_nothing_is_shifted():
    assert to_gcj02(2.35, 48.85) == (2.35, 48.85)


def outlines() -> list[tuple[str, str]]:
    with REFERENCE.open(encoding="utf-8") as lines:
        return [(row["grid_code15"], row["wkt_wgs84"]) for row in csv.DictReader(lines)]


@pytest.fixture(scope="module")
def atlas() -> Atlas:
    stays = {code: [Stay(date(2015, 1, 1), None, code[:9])] for code, _ in outlines()}
    return Atlas(outlines(), stays)


def test_every_centre_lies_in_its_own_cell(atlas):
    wrong = [code for code, wkt in outlines() if atlas.cell_at(*shapely.from_wkt(wkt).centroid.coords[0]) != code]

    assert not wrong


def test_a_point_finds_the_cell_that_brute_force_finds(atlas):
    dice = random.Random(7)
    shapes = [(code, shapely.from_wkt(wkt)) for code, wkt in sorted(outlines())]

    for _ in range(2000):
        longitude, latitude = dice.uniform(121.2, 121.6), dice.uniform(30.95, 31.27)
        point = shapely.Point(longitude, latitude)
        expected = next((code for code, shape in shapes if shape.intersects(point)), None)
        assert atlas.cell_at(longitude, latitude) == expected


def test_a_point_on_a_shared_edge_or_corner_belongs_to_the_lowest_code(atlas):
    shapes = {code: shapely.from_wkt(wkt) for code, wkt in outlines()}

    for wkt in shapes.values():
        for corner in wkt.exterior.coords:
            touching = [code for code, shape in shapes.items() if shape.intersects(shapely.Point(corner))]
            assert atlas.cell_at(*corner) == min(touching)


def test_outside_every_cell_is_none(atlas):
    assert atlas.cell_at(121.0, 30.0) is None


def test_a_question_takes_less_than_fifty_microseconds(atlas):
    dice = random.Random(7)
    points = [(dice.uniform(121.25, 121.55), dice.uniform(30.98, 31.24)) for _ in range(3000)]
    took = []
    for longitude, latitude in points:
        began = perf_counter_ns()
        code = atlas.cell_at(longitude, latitude)
        if code:
            atlas.unit_of(code, date(2026, 6, 22))
        took.append(perf_counter_ns() - began)

    assert median(took) < 50_000


@pytest.mark.django_db
def test_a_cell_that_moves_by_date_is_answered_by_date():
    old, new = bureau.unit("pujiang"), bureau.unit("qibao")
    cell = make.cell(old)
    assert current_atlas().unit_of(cell.code, date(2015, 7, 2)) == old.code

    CellUnit.objects.filter(cell=cell).update(valid_to=date(2015, 7, 1))
    CellUnit.objects.create(cell=cell, unit=new, valid_from=date(2015, 7, 2))
    AtlasVersion.objects.create(reason="a new street")

    assert current_atlas().unit_of(cell.code, date(2015, 7, 1)) == old.code
    assert current_atlas().unit_of(cell.code, date(2015, 7, 2)) == new.code
    assert current_atlas().unit_of(cell.code, date(2014, 12, 31)) is None


@pytest.mark.django_db
def test_a_cell_has_one_unit_on_a_day():
    cell = make.cell(bureau.unit())

    with pytest.raises(IntegrityError, match="a_cell_has_one_unit_on_a_day"), transaction.atomic():
        CellUnit.objects.create(cell=cell, unit=bureau.unit("meilong"), valid_from=date(2020, 1, 1))
