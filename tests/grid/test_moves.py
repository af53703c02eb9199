"""I08: every edge of the binding table is accepted, every non-edge refused; the table here is written by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction

from bureau.desk.refusal import IllegalTransition, NotYourMove, Refusal, as_errors
from bureau.models import Officer, Role
from grid.actions import move_issue
from grid.models import Issue
from grid.workflow import ISSUE_FLOW
from tests.make import bureau
from tests.make import grid as make

pytestmark = pytest.mark.django_db

OPERATOR = {"operator", "unit_desk"}
SHIFT = {"shift_leader", "unit_desk"}
DISPATCHER = {"dispatcher", "unit_desk"}
EDGES = {  # the binding table, the withdrawal of feedback, the arrival, and the re-dispatch
    "ask_confirmation": ("reported", "confirming", OPERATOR),
    "confirm": ("confirming", "reported", {"inspector"}),
    "deny": ("confirming", "reported", {"inspector"}),
    "accept": ("reported", "accepted", OPERATOR),
    "refuse": ("reported", "refused", OPERATOR),
    "file": ("accepted", "filed", SHIFT),
    "void": ("accepted", "void", SHIFT),
    "dispatch": ("filed", "dispatched", DISPATCHER),
    "take": ("dispatched", "handling", {"squad_leader"}),
    "redispatch": (("dispatched", "handling"), "dispatched", {"dispatcher"}),
    "arrive": ("handling", "handling", {"squad_leader"}),
    "feed_back": ("handling", "handled", {"squad_leader"}),
    "withdraw_feedback": ("handled", "handling", {"squad_leader"}),
    "ask_verification": ("handled", "verifying", OPERATOR),
    "verify": ("verifying", "verified", {"inspector"}),
    "rework": ("verifying", "handling", {"inspector"}),
    "close": ("verified", "closed", SHIFT),
}
CLOCKS = {  # status -> clocks that run
    "reported": {"accept"},
    "confirming": {"accept", "confirm"},
    "accepted": {"filing"},
    "refused": set(),
    "filed": {"dispatch"},
    "void": set(),
    "dispatched": {"handling", "response"},
    "handling": {"handling", "response"},
    "handled": {"verification"},
    "verifying": {"verification"},
    "verified": {"closing"},
    "closed": set(),
}
BLIND = {"finance", "publisher", "archivist", "social", "station", "partner", "auxiliary", "district_supervision"}


def sources_of(verb: str) -> tuple[str, ...]:
    source = EDGES[verb][0]
    return (source,) if isinstance(source, str) else source


def issue_in(status: str) -> Issue:
    """Of a type that has every limit, so that every move can be made."""
    return make.issue_in(status, type="B1")


def facts_for(verb: str) -> dict[str, Any]:
    return {
        "redispatch": {"to": "pujiang-squad", "reason": "wrong_unit"},
        "deny": {"note": "未见"},
        "rework": {"note": "仍有摊位"},
        "refuse": {"reason": "duplicate"},
        "void": {"reason": "duplicate"},
        "feed_back": {"outcome": "fixed", "photos": [make.photo()]},
    }.get(verb, {})


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside leaves nothing behind."""
    mark = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(mark)


def actor(role: str) -> Officer:
    """Another person than those who walked the issue to where it is."""
    unit = bureau.unit()
    return bureau.officer(unit, role)


def another_squad() -> None:
    """A squad of another unit, with a leader who could take an issue."""
    bureau.officer(bureau.unit("pujiang"), Role.SQUAD_LEADER)


def attempt(issue: Issue, verb: str, by: Officer) -> str:
    """The status reached, the code of the refusal, or `unseen`; nothing stays."""
    with undone():
        try:
            fresh = Issue.objects.get(pk=issue.pk)
            return move_issue(fresh, verb, by=by, at=make.minutes(30), **facts_for(verb)).status
        except Refusal as refusal:
            return refusal.code
        except Issue.DoesNotExist:
            return "unseen"


def test_the_table_has_exactly_the_binding_edges():
    table = {move.verb: (set(move.sources), move.target) for move in ISSUE_FLOW.table if move.verb != "report"}

    assert table == {verb: (set(sources_of(verb)), target) for verb, (_, target, _) in EDGES.items()}


@pytest.mark.parametrize("status", Issue.Status.values)
def test_every_edge_is_accepted_and_every_non_edge_refused(status):
    issue = issue_in(status)
    another_squad()
    people = {role: actor(role) for role in ("operator", "shift_leader", "dispatcher", "inspector", "squad_leader")}

    outcomes = {}
    for verb, (_, _, roles) in EDGES.items():
        by = people[next(iter(roles & set(people)))]
        outcomes[verb] = attempt(issue, verb, by)

    expected = {
        verb: target if status in sources_of(verb) else "illegal_transition" for verb, (_, target, _) in EDGES.items()
    }
    if issue.handled_by is None:  # the squad's leader is not the leader of nobody
        expected |= dict.fromkeys(("take", "arrive", "feed_back", "withdraw_feedback"), "not_your_move")
    assert outcomes == expected


@pytest.mark.parametrize("verb", EDGES)
def test_a_move_is_open_to_its_roles_and_to_no_other(verb):
    _, target, roles = EDGES[verb]
    issue = issue_in(sources_of(verb)[0])
    another_squad()

    outcomes = {role: attempt(issue, verb, actor(role)) for role in Role.values}

    expected = {role: target if role in roles else "unseen" if role in BLIND else "not_your_move" for role in outcomes}
    if issue.handled_by:
        expected["auxiliary"] = "not_your_move"  # of the squad that has it: sees, and does not act
    if verb in ("arrive", "feed_back", "withdraw_feedback"):
        expected["squad_officer"] = "not_assigned"
    assert outcomes == expected


@pytest.mark.parametrize("verb", [verb for verb, (_, _, roles) in EDGES.items() if "unit_desk" in roles])
def test_a_desk_acts_for_the_centre_in_its_own_unit_only(verb):
    issue = issue_in(sources_of(verb)[0])
    stranger = bureau.officer(bureau.unit("meilong"), Role.UNIT_DESK)

    outcome = attempt(issue, verb, stranger)

    assert outcome == "unseen"


def test_the_leader_of_another_squad_does_not_take():
    issue = make.dispatched_issue()
    stranger = bureau.officer(bureau.unit("meilong"), Role.SQUAD_LEADER)

    with pytest.raises(Issue.DoesNotExist):
        move_issue(issue, "take", by=stranger, at=make.minutes(10))


@pytest.mark.parametrize("status", Issue.Status.values)
def test_each_status_runs_its_clocks(status):
    issue = issue_in(status)

    running = set(issue.clocks.running().values_list("kind", flat=True))

    assert running == CLOCKS[status]


def test_an_unknown_verb_and_an_unknown_fact_are_named():
    issue = make.reported_issue()
    operator = actor("operator")

    with pytest.raises(Refusal) as verb:
        move_issue(issue, "vanish", by=operator, at=make.minutes(1))
    with pytest.raises(Refusal) as fact:
        move_issue(issue, "accept", by=operator, at=make.minutes(1), status="closed")

    assert (verb.value.code, verb.value.status) == ("unknown_verb", 400)
    assert (fact.value.code, fact.value.pointer) == ("unknown_field", "/status")


def test_a_refused_move_leaves_nothing():
    issue = make.reported_issue()

    with pytest.raises(IllegalTransition) as refused:
        move_issue(issue, "file", by=actor("shift_leader"), at=make.minutes(1))

    assert refused.value.status == 409
    issue.refresh_from_db()
    assert issue.status == Issue.Status.REPORTED
    assert [entry.verb for entry in issue.entries] == ["report"]


def test_what_is_not_my_move_is_403():
    issue = make.reported_issue()

    with pytest.raises(NotYourMove) as refused:
        move_issue(issue, "accept", by=actor("inspector"), at=make.minutes(1))

    assert refused.value.status == 403


@pytest.mark.parametrize("verb", ["deny", "rework", "refuse", "void", "feed_back", "redispatch"])
def test_a_move_asks_for_what_it_needs(verb):
    roles = EDGES[verb][2]
    issue = issue_in(sources_of(verb)[0])
    by = actor(next(iter(roles - {"unit_desk"})))

    with pytest.raises(Refusal) as refused:
        move_issue(issue, verb, by=by, at=make.minutes(30))

    defects = as_errors(refused.value)
    assert {defect.code for defect in defects} == {"required"}
    assert refused.value.status == 400


def test_an_issue_walks_from_report_to_close():
    issue = make.closed_issue()

    assert [entry.verb for entry in issue.entries] == [
        "report", "accept", "file", "dispatch", "take", "feed_back", "ask_verification", "verify", "close",
    ]  # fmt: skip
    assert not issue.clocks.running().exists()
    assert issue.closed_at == make.minutes(8)
