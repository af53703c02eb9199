"""The figures of the platform K01 to K16, each of which opens into the issues that make it."""

from grid.indicators.counting import GROUPS, READERS, Reading, Scope, by_group, readings, rows_behind
from grid.indicators.definitions import ALL, BY_CODE, Indicator

__all__ = [
    "ALL",
    "BY_CODE",
    "GROUPS",
    "READERS",
    "Indicator",
    "Reading",
    "Scope",
    "by_group",
    "readings",
    "rows_behind",
]
