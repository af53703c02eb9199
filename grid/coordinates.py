"""Coordinates as maps of China give them: GCJ-02 lies up to some 700 m beside WGS-84 and must be turned back.

The forward formula is the published one (Krasovsky 1940 ellipsoid); the inverse iterates it. Degrees everywhere.
"""

from math import cos, pi, sin, sqrt
from typing import NamedTuple

MAJOR_AXIS = 6378245.0
ECCENTRICITY_SQUARED = 0.00669342162296594323
ROUNDS = 8
CLOSE_ENOUGH = 1e-9  # about 0.1 mm


class Point(NamedTuple):
    longitude: float
    latitude: float


def to_gcj02(longitude: float, latitude: float) -> Point:
    """The GCJ-02 coordinates of a WGS-84 point; outside China both are the same."""
    if not in_china(longitude, latitude):
        return Point(longitude, latitude)
    x, y = longitude - 105.0, latitude - 35.0
    radians = latitude / 180.0 * pi
    flattening = 1 - ECCENTRICITY_SQUARED * sin(radians) ** 2
    east = eastward(x, y) * 180.0 / (MAJOR_AXIS / sqrt(flattening) * cos(radians) * pi)
    meridian = MAJOR_AXIS * (1 - ECCENTRICITY_SQUARED) / (flattening * sqrt(flattening))
    north = northward(x, y) * 180.0 / (meridian * pi)
    return Point(longitude + east, latitude + north)


def to_wgs84(longitude: float, latitude: float) -> Point:
    """The WGS-84 point whose GCJ-02 coordinates these are, to less than a millimetre."""
    guess = Point(longitude, latitude)
    for _round in range(ROUNDS):
        shown = to_gcj02(*guess)
        east, north = longitude - shown.longitude, latitude - shown.latitude
        guess = Point(guess.longitude + east, guess.latitude + north)
        if abs(east) < CLOSE_ENOUGH and abs(north) < CLOSE_ENOUGH:
            break
    return guess


def in_china(longitude: float, latitude: float) -> bool:
    """Roughly, as the formula itself has it."""
    return 72.004 <= longitude <= 137.8347 and 0.8293 <= latitude <= 55.8271


def eastward(x: float, y: float) -> float:
    """Metres by which a point is moved to the east."""
    moved = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    return (
        moved
        + waves(x)
        + (sin(x * pi) * 20.0 + sin(x / 3.0 * pi) * 40.0) * 2 / 3
        + (sin(x / 12.0 * pi) * 150.0 + sin(x / 30.0 * pi) * 300.0) * 2 / 3
    )


def northward(x: float, y: float) -> float:
    """Metres by which a point is moved to the north."""
    moved = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    return (
        moved
        + waves(x)
        + (sin(y * pi) * 20.0 + sin(y / 3.0 * pi) * 40.0) * 2 / 3
        + (sin(y / 12.0 * pi) * 160.0 + sin(y * pi / 30.0) * 320.0) * 2 / 3
    )


def waves(x: float) -> float:
    return (sin(6.0 * x * pi) * 20.0 + sin(2.0 * x * pi) * 20.0) * 2 / 3
