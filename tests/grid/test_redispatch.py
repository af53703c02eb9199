"""Dispatched anew 改派 for the centre's own error: the new clock begins, the old one leaves no red."""

from __future__ import annotations

import pytest

from bureau.desk.models import Clock, Notice
from bureau.desk.refusal import Refusal
from bureau.models import Organisation, Role
from grid.actions import correct_issue, move_issue
from grid.models import Assignment, Issue
from tests.make import bureau
from tests.make import grid as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def pujiang() -> Organisation:
    """The squad of another unit, with a leader who could take an issue."""
    bureau.officer(bureau.unit("pujiang"), Role.SQUAD_LEADER)
    return bureau.squad(bureau.unit("pujiang"))


def redispatched(to: Organisation, minute: int = 600, reason: str = "wrong_unit") -> Issue:
    issue = make.dispatched_issue()
    dispatcher = make.crew(issue.unit)["dispatcher"]
    return move_issue(issue, "redispatch", by=dispatcher, at=make.minutes(minute), to=to.code, reason=reason)


def test_the_new_hand_gets_the_whole_limit_from_now(pujiang):
    issue = redispatched(pujiang, minute=600)

    clock = issue.clocks.running().get(kind="handling")
    assert clock.started_at == make.minutes(600)
    assert (clock.owed_by, clock.round) == (pujiang, 0)
    assert issue.status == Issue.Status.DISPATCHED


def test_no_red_stays_on_the_one_that_had_it_by_mistake(pujiang):
    issue = redispatched(pujiang, minute=600)  # four working hours were over long ago

    old = issue.clocks.exclude(met_at=None).get(kind="handling")
    assert old.met_light == ""
    assert old.next_rung_at is None
    assert not Clock.objects.red(make.minutes(601)).about(issue).exists()


def test_it_counts_as_a_wrong_dispatch(pujiang):
    issue = redispatched(pujiang)

    assert [one.organisation.kind for one in Assignment.objects.wrong()] == ["squad"]
    assert list(issue.assignments.standing().values_list("organisation__code", flat=True)) == [pujiang.code]


def test_both_hands_are_told(pujiang):
    issue = redispatched(pujiang)

    told = Notice.objects.about(issue).filter(created_at=make.minutes(600))
    assert {(one.kind, one.to_organisation.unit_id) for one in told} == {
        ("issue_redispatched", issue.unit_id),
        ("issue_dispatched", pujiang.unit_id),
    }


def test_the_former_hand_keeps_reading_and_the_new_one_sees(pujiang):
    issue = redispatched(pujiang)
    leaders = [make.crew(issue.unit)["squad_leader"], bureau.officer(pujiang.unit, Role.SQUAD_LEADER)]

    assert all(Issue.objects.visible_to(leader).filter(pk=issue.pk).exists() for leader in leaders)


@pytest.mark.parametrize("reason", ["wrong_body", "wrong_type"])
def test_another_unit_is_only_for_a_place_that_lies_there(pujiang, reason):
    with pytest.raises(Refusal) as refused:
        redispatched(pujiang, reason=reason)

    assert (refused.value.code, refused.value.pointer) == ("unknown_handler", "/to")


def test_it_never_goes_to_whoever_has_it():
    issue = make.dispatched_issue()
    dispatcher = make.crew(issue.unit)["dispatcher"]

    with pytest.raises(Refusal) as refused:
        move_issue(
            issue, "redispatch", by=dispatcher, at=make.minutes(9), to=make.squad_of(issue).code, reason="wrong_body"
        )

    assert refused.value.code == "same_handler"


def test_a_sub_centre_never_starts_the_clock_of_its_own_unit_afresh(pujiang):
    issue = make.dispatched_issue()
    desk = make.crew(issue.unit)["unit_desk"]

    with pytest.raises(Refusal) as refused:
        move_issue(issue, "redispatch", by=desk, at=make.minutes(9), to=pujiang.code, reason="wrong_unit")

    assert refused.value.code == "not_your_move"


def test_the_place_is_then_corrected_into_the_unit_that_has_it(pujiang):
    issue = redispatched(pujiang)
    operator = make.crew(issue.unit)["operator"]
    there = make.point(pujiang.unit)

    correct_issue(issue, by=operator, at=make.minutes(610), reason="地址有误", **there)

    assert issue.unit_id == pujiang.unit_id
