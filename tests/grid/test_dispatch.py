from __future__ import annotations

from datetime import date

import pytest

from bureau.desk.models import Notice
from bureau.desk.refusal import Refusal
from bureau.models import Role
from grid.actions import move_issue, propose_handler
from grid.models import Issue
from tests.make import bureau
from tests.make import grid as make

pytestmark = pytest.mark.django_db


def test_R2_dispatch_goes_to_the_squad_of_the_unit_and_starts_the_types_limit():
    issue = make.dispatched_issue()

    clock = issue.clocks.running().get()
    assert issue.handled_by == bureau.squad(issue.unit)
    assert (clock.kind, clock.ladder, clock.limit) == ("handling", "full", issue.type.handling_limit)
    assert (clock.started_at, clock.owed_by, clock.owed_role) == (make.minutes(3), issue.handled_by, "squad_leader")
    assert issue.assignment.rule == "lead_of_type"


def test_without_an_account_of_the_lead_kind_the_squad_has_it():
    issue = make.issue_in("filed", type="A3")

    proposal = propose_handler(issue, at=make.minutes(3))

    assert (proposal.organisation, proposal.rule) == (bureau.squad(issue.unit), "squad_by_default")


def test_with_an_account_of_the_lead_kind_it_has_it():
    issue = make.issue_in("filed", type="A3")
    office = bureau.organisation("land_office", issue.unit)
    bureau.officer(organisation_of=office, role=Role.PARTNER)

    proposal = propose_handler(issue, at=make.minutes(3))

    assert (proposal.organisation, proposal.rule) == (office, "lead_of_type")


def test_an_account_that_was_switched_off_takes_nothing():
    issue = make.issue_in("filed")
    leader = make.crew(issue.unit)["squad_leader"]
    leader.is_active = False
    leader.save()

    with pytest.raises(Refusal) as refused:
        propose_handler(issue, at=make.minutes(3))

    assert refused.value.code == "no_handler"


def test_another_than_the_proposed_needs_a_note():
    issue = make.issue_in("filed")
    sub_centre = bureau.organisation("sub_centre", issue.unit)
    dispatcher = make.crew(issue.unit)["dispatcher"]

    with pytest.raises(Refusal) as refused:
        move_issue(issue, "dispatch", by=dispatcher, at=make.minutes(3), to=sub_centre.code)
    move_issue(issue, "dispatch", by=dispatcher, at=make.minutes(3), to=sub_centre.code, note="现场可办")

    assert (refused.value.code, refused.value.pointer) == ("required", "/note")
    assert (issue.handled_by, issue.assignment.rule) == (sub_centre, "chosen")
    assert issue.clocks.running().get().owed_role == Role.UNIT_DESK


def test_an_organisation_of_another_unit_is_refused():
    issue = make.issue_in("filed")
    make.crew(bureau.unit("meilong"))
    foreign = bureau.squad(bureau.unit("meilong"))

    with pytest.raises(Refusal) as refused:
        move_issue(
            issue, "dispatch", by=make.crew(issue.unit)["dispatcher"], at=make.minutes(3), to=foreign.code, note="试"
        )

    assert (refused.value.code, refused.value.pointer) == ("unknown_handler", "/to")


def test_the_squad_leader_and_then_the_named_officer_are_told():
    issue = make.issue_in("handling")
    people = make.crew(issue.unit)

    told = dict(Notice.objects.values_list("kind", "to_officer__username"))

    assert told == {"issue_dispatched": None, "issue_taken": people["squad_officer"].username}
    assert Notice.objects.get(kind="issue_dispatched").to_role == Role.SQUAD_LEADER


def test_taking_names_officers_of_the_squad_and_they_owe_the_clock():
    issue = make.dispatched_issue()
    people = make.crew(issue.unit)

    move_issue(
        issue, "take", by=people["squad_leader"], at=make.minutes(4), officers=[people["squad_officer"].username]
    )

    assert issue.clocks.running().get().owed_officers == [people["squad_officer"].pk]
    assert [officer.username for officer in issue.assignment.officers.all()] == [people["squad_officer"].username]


def test_the_taker_handles_it_when_nobody_is_named():
    issue = make.dispatched_issue()
    leader = make.crew(issue.unit)["squad_leader"]

    move_issue(issue, "take", by=leader, at=make.minutes(4))

    assert issue.clocks.running().get().owed_officers == [leader.pk]


def test_nobody_from_elsewhere_and_no_auxiliary_is_named():
    issue = make.dispatched_issue()
    leader = make.crew(issue.unit)["squad_leader"]
    stranger = bureau.officer(bureau.unit("meilong"), Role.SQUAD_OFFICER)
    auxiliary = bureau.officer(issue.unit, Role.AUXILIARY)

    for person in (stranger, auxiliary):
        with pytest.raises(Refusal) as refused:
            move_issue(issue, "take", by=leader, at=make.minutes(4), officers=[person.username])
        assert (refused.value.code, refused.value.pointer) == ("not_of_the_squad", "/officers")


def test_a_former_handler_keeps_reading():
    issue = make.dispatched_issue()
    partner = bureau.organisation("partner")
    reader = bureau.officer(organisation_of=partner, role=Role.PARTNER)
    assert not Issue.objects.visible_to(reader).exists()

    issue.assignments.update(ended_at=make.minutes(5))
    issue.assignments.create(
        organisation=partner, dispatched_at=make.minutes(5), by=reader, rule="chosen", ended_at=make.minutes(6)
    )

    assert Issue.objects.visible_to(reader).get() == issue


def test_an_organisation_that_ended_gets_nothing():
    issue = make.issue_in("filed")
    squad = bureau.squad(issue.unit)
    squad.valid_to = date(2026, 6, 21)
    squad.save()

    with pytest.raises(Refusal) as refused:
        propose_handler(issue, at=make.minutes(3))

    assert refused.value.code == "no_handler"
