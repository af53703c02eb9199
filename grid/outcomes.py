"""What a room upstairs knows of an outcome: whether a case of that number is filed."""

from collections.abc import Callable

from bureau.desk.contributions import Registry
from grid.models import Issue

CaseLookup = Callable[[str, Issue], bool]

case_lookups: Registry[CaseLookup] = Registry()


def is_filed_case(number: str, issue: Issue) -> bool:
    """Some room knows a filed enforcement case of this number that may stand for this issue."""
    return any(lookup(number, issue) for lookup in case_lookups)
