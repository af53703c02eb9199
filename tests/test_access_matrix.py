"""The access matrix is a file; the portal must answer as it says, cell by cell.

Scopes: `.` none · `a` the district · `t` my own unit · `h` what my organisation handles · `o` what I made, or what my
organisation holds elsewhere · `x` what was handed over. After the scope of a read: nothing for every column, `r`
without persons, `m` metadata.
Sources: security.md section 3, with its HOT split into operator, shift leader and dispatcher, and the binding table
of moves for what the matrix leaves open.
"""

import csv
from pathlib import Path

import pytest

from bureau.desk.models import Delivery, Subscription
from bureau.desk.rule_changes import RULE_FLOW
from bureau.desk.scope import Projection
from bureau.models import Role
from cases.models import Case
from cases.workflow import CASE_FLOW
from grid.models import Issue
from grid.workflow import ISSUE_FLOW
from oversight.models import Paper, PaperDraft, ReferralCandidate, ScanPage
from oversight.querysets import RED_LIST_ACCESS, RedListQuerySet
from oversight.workflow import REFERRAL_FLOW
from oversight.workflow_notices import DRAFT_FLOW, NOTICE_FLOW, WITHDRAWAL_FLOW
from tests import make

pytestmark = pytest.mark.django_db
MATRIX = Path(__file__).with_name("access_matrix.csv")
FLOWS = {
    "issue": ISSUE_FLOW,
    "case": CASE_FLOW,
    "rule": RULE_FLOW,
    "referral": REFERRAL_FLOW,
    "notice": NOTICE_FLOW,
    "draft": DRAFT_FLOW,
    "withdrawal": WITHDRAWAL_FLOW,
}
READS = {
    "issue.read": Issue.objects.all(),
    "case.read": Case.objects.all(),
    "notice.read": Paper.objects.all(),
    "draft.read": PaperDraft.objects.all(),
    "scan.read": ScanPage.objects.all(),
    "referral.read": ReferralCandidate.objects.all(),
    "delivery.read": Delivery.objects.all(),
    "webhook.read": Subscription.objects.all(),
    "redlist.read": RedListQuerySet(model=None),
}
PROJECTIONS = {"": Projection.FULL, "r": Projection.NO_PERSONS, "m": Projection.METADATA}


def rows() -> list[dict[str, str]]:
    with MATRIX.open(newline="") as file:
        return list(csv.DictReader(file))


def cells(wanted) -> list:
    return [
        pytest.param(row["action"], role, row[role], id=f"{row['action']}-{role}")
        for row in rows()
        if wanted(row["action"])
        for role in Role.values
    ]


def is_move(action: str) -> bool:
    noun, verb = action.split(".")
    return noun in FLOWS and verb in moves_of(FLOWS[noun])


def moves_of(flow):
    """The moves that people make, and those that deciding a request makes."""
    return {**flow.moves, **flow.granted_moves}


def test_every_move_and_every_role_has_a_cell():
    named = {row["action"] for row in rows()}
    moves = {f"{noun}.{verb}" for noun, flow in FLOWS.items() for verb in moves_of(flow)}

    assert moves - named == set()
    assert set(rows()[0]) == {"action", *Role.values}


@pytest.mark.parametrize(("action", "role", "cell"), cells(lambda action: action in READS))
def test_a_role_reads_as_far_and_as_much_as_the_matrix_says(action, role, cell):
    scope, _, columns = cell.partition(" ")
    queryset = READS[action]

    grant = queryset.access.get(Role(role))

    reach = {"a": "every", "t": "unit", "o": "own", "h": "own", "x": "handed_over", ".": None}[scope]
    granted = grant and ("own" if grant.reach.value == "mine" else grant.reach.value)
    assert granted == reach
    if grant:
        assert grant.projection is PROJECTIONS[columns]


@pytest.mark.parametrize(("role", "cell"), [(role, rows()[0][role]) for role in Role.values])
def test_issues_of_two_units_show_to_a_role_as_the_matrix_says(role, cell):
    mine, other = make.dispatched_issue(make.unit("qibao")), make.dispatched_issue(make.unit("meilong"))
    person = make.officer(make.unit("qibao"), role)

    seen = set(Issue.objects.visible_to(person).values_list("pk", flat=True))

    assert (
        seen == {"a": {mine.pk, other.pk}, "t": {mine.pk}, "h": {mine.pk}, "o": set(), ".": set(), "x": set()}[cell[0]]
    )


@pytest.mark.parametrize(("action", "role", "cell"), cells(is_move))
def test_a_role_may_make_a_move_where_the_matrix_says(action, role, cell):
    noun, verb = action.split(".")
    person = make.officer(make.unit("qibao"), role)
    posting = person.postings_now[0]
    home, unit = posting.organisation, make.unit("qibao")
    elsewhere = make.unit("meilong")
    subjects = {
        "held here": Subject(unit, home),
        "of my unit": Subject(unit, make.organisation("partner", unit)),
        "elsewhere": Subject(elsewhere, make.squad(elsewhere)),
    }

    may = {where for where, subject in subjects.items() if moves_of(FLOWS[noun])[verb].who.admits(posting, subject)}

    everywhere = set(subjects)
    assert may == {"a": everywhere, "t": {"held here", "of my unit"}, "h": {"held here"}, ".": set()}[cell]


class Subject:
    """As much of a noun as the question who may act asks for."""

    def __init__(self, unit, handled_by):
        self.unit_id, self.handled_by_id = unit.pk, handled_by.pk


def test_the_red_list_is_read_by_its_own_access():
    assert RedListQuerySet.access is RED_LIST_ACCESS
