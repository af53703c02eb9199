"""Builders that go through the actions and say only what the test says; no chance, fixed instants."""

from tests.make.bureau import FOUNDED, SINCE, officer, organisation, post, shanghai, squad, unit
from tests.make.grid import (
    MONDAY,
    cell,
    closed_issue,
    crew,
    dispatched_issue,
    handled_issue,
    issue_in,
    issue_type,
    minutes,
    not_a_photo,
    photo,
    point,
    reported_issue,
    squad_of,
)

__all__ = [
    "FOUNDED",
    "MONDAY",
    "SINCE",
    "cell",
    "closed_issue",
    "crew",
    "dispatched_issue",
    "handled_issue",
    "issue_in",
    "issue_type",
    "minutes",
    "not_a_photo",
    "officer",
    "organisation",
    "photo",
    "point",
    "post",
    "reported_issue",
    "shanghai",
    "squad",
    "squad_of",
    "unit",
]
