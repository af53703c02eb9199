"""Where it lies, what it is, and what became of it."""

from grid.models.catalogue import IssueType
from grid.models.cells import AtlasVersion, Cell, CellUnit, UnitShape
from grid.models.issues import Assignment, Issue, Reporter

__all__ = [
    "Assignment",
    "AtlasVersion",
    "Cell",
    "CellUnit",
    "Issue",
    "IssueType",
    "Reporter",
    "UnitShape",
]
