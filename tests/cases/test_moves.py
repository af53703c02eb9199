"""Every edge of the way to filing is accepted, every non-edge refused; the table here is written by hand."""

from __future__ import annotations

from typing import Any

import pytest

from bureau.desk.refusal import IllegalTransition, NotYourMove, Refusal, SodConflict
from bureau.models import Officer, Role
from cases.actions import move_case
from cases.models import Case
from cases.workflow import CASE_FLOW
from tests.make import bureau
from tests.make import cases as make

pytestmark = pytest.mark.django_db

EDGES = {  # (verb, from) -> (to, who); law.md 5.2 row 8, and its chain of 3.6 tier B
    ("request_filing", "verifying"): ("requested", "first"),
    ("endorse", "requested"): ("endorsed", "leader"),
    ("file", "endorsed"): ("filed", "deputy"),
    ("return_for_completion", "requested"): ("verifying", "leader"),
    ("return_for_completion", "endorsed"): ("verifying", "deputy"),
    ("withdraw", "verifying"): ("withdrawn", "first"),
    ("withdraw", "requested"): ("withdrawn", "first"),
    ("withdraw", "endorsed"): ("withdrawn", "first"),
}
WHO = {verb: who for (verb, _), (_, who) in EDGES.items()}
STATUSES = ("verifying", "requested", "endorsed", "filed", "withdrawn")
NON_EDGES = [(verb, status) for verb in WHO for status in STATUSES if (verb, status) not in EDGES]
CLOCKS = {
    "verifying": ["verification"],
    "requested": ["verification"],
    "endorsed": ["verification"],
    "filed": ["decision"],
    "withdrawn": [],
}


def facts_for(verb: str) -> dict[str, Any]:
    return {"return_for_completion": {"note": "补充现场照片"}, "withdraw": {"reason": "当场改正"}}.get(verb, {})


def test_the_table_of_the_room_is_the_table_of_this_test() -> None:
    told = {(move.verb, source): move.target for move in CASE_FLOW.table for source in move.sources}

    assert told == {edge: target for edge, (target, _) in EDGES.items()}


@pytest.mark.parametrize(("verb", "status"), EDGES, ids=lambda word: word)
def test_every_edge_is_accepted_with_its_clocks(verb: str, status: str) -> None:
    case = make.case_in(status)
    target, who = EDGES[verb, status]

    move_case(case, verb, by=make.case_crew()[who], at=make.OPENED, **facts_for(verb))

    assert case.status == target
    assert [clock.kind for clock in case.clocks.running()] == CLOCKS[target]


@pytest.mark.parametrize(("verb", "status"), NON_EDGES, ids=lambda word: word)
def test_every_non_edge_is_refused_as_illegal(verb: str, status: str) -> None:
    case = make.case_in(status)

    with pytest.raises(IllegalTransition):
        move_case(case, verb, by=make.case_crew()[WHO[verb]], at=make.OPENED, **facts_for(verb))

    case.refresh_from_db()
    assert case.status == status


@pytest.mark.parametrize(("verb", "status"), EDGES, ids=lambda word: word)
def test_nobody_but_those_of_the_table_makes_a_move(verb: str, status: str) -> None:
    case = make.case_in(status)
    allowed = {"withdraw": {"first", "second", "leader"}, "request_filing": {"first", "second"}}
    others = set(make.case_crew()) - allowed.get(verb, {EDGES[verb, status][1]})

    for name in others:
        with pytest.raises((NotYourMove, SodConflict)):
            move_case(case, verb, by=make.case_crew()[name], at=make.OPENED, **facts_for(verb))


@pytest.mark.parametrize("role", [role for role in Role if role not in Case.objects.all().access])
def test_a_role_without_reading_finds_no_case_to_move(role: str) -> None:
    case = make.opened_case()
    stranger = bureau.officer(bureau.unit(), role)

    with pytest.raises(Case.DoesNotExist):
        move_case(case, "request_filing", by=stranger, at=make.OPENED)


def test_another_squad_finds_no_case() -> None:
    case = make.opened_case()

    with pytest.raises(Case.DoesNotExist):
        move_case(case, "endorse", by=bureau.officer(bureau.unit("meilong"), Role.SQUAD_LEADER), at=make.OPENED)


@pytest.mark.parametrize("verb", ["return_for_completion", "withdraw"])
def test_returning_and_withdrawing_say_why(verb: str) -> None:
    case = make.case_in("requested")

    with pytest.raises(Refusal) as refused:
        move_case(case, verb, by=make.case_crew()["leader"], at=make.OPENED)

    assert refused.value.code == "required"


def test_a_verb_out_of_the_table_and_a_field_out_of_the_move_are_refused() -> None:
    case = make.opened_case()
    first: Officer = make.case_crew()["first"]

    with pytest.raises(Refusal) as unknown_verb:
        move_case(case, "decide", by=first, at=make.OPENED)
    with pytest.raises(Refusal) as unknown_field:
        move_case(case, "request_filing", by=first, at=make.OPENED, amount=5)

    assert unknown_verb.value.code == "unknown_verb"
    assert unknown_field.value.code == "unknown_field"


def test_a_return_leaves_its_words_on_the_trail_and_the_chain_begins_anew() -> None:
    case = make.case_in("endorsed")
    people = make.case_crew()

    move_case(case, "return_for_completion", by=people["deputy"], at=make.OPENED, note="补充现场照片")
    for verb, who in make.STEPS:
        move_case(case, verb, by=people[who], at=make.OPENED)

    assert case.status == "filed"
    assert [entry.note for entry in case.entries if entry.verb == "return_for_completion"] == ["补充现场照片"]
    assert (case.requested_by, case.endorsed_by, case.filed_by) == (people["first"], people["leader"], people["deputy"])
