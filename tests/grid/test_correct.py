from __future__ import annotations

import pytest

from bureau.desk.clockwork import Limit
from bureau.desk.models import Notice
from bureau.desk.refusal import Refusal
from bureau.models import Role
from grid.actions import Caller, add_photo, correct_issue, reveal_reporter
from grid.models import Issue
from tests.make import bureau
from tests.make import grid as make

pytestmark = pytest.mark.django_db
REASON = "来电人更正"


def refused(issue, by, **changes) -> tuple[int, str]:
    with pytest.raises(Refusal) as found:
        correct_issue(issue, by=by, at=make.minutes(30), **{"reason": REASON, **changes})
    return found.value.status, found.value.code


def test_old_and_new_stand_in_the_trail_with_the_reason():
    issue = make.dispatched_issue()

    correct_issue(
        issue, by=bureau.officer(None, Role.OPERATOR), at=make.minutes(10), reason=REASON, address="七莘路2号"
    )

    line = issue.entries.last()
    assert issue.address == "七莘路2号"
    assert (line.verb, line.note, line.facts) == ("correct", REASON, {"address": ["七莘路1号", "七莘路2号"]})


def test_another_type_has_its_own_limit_from_the_same_start():
    issue = make.dispatched_issue()
    before = issue.clocks.running().get()

    correct_issue(
        issue, by=bureau.officer(None, Role.OPERATOR), at=make.minutes(10), reason=REASON,
        type=make.issue_type("C2").code,
    )  # fmt: skip

    clock = issue.clocks.running().get()
    assert (clock.pk, clock.started_at) == (before.pk, before.started_at)
    assert clock.limit == Limit.parse("1 working_days")
    assert clock.due_at == bureau.shanghai("2026-06-23 09:03")
    facts = issue.entries.last().facts
    assert facts["type"] == ["C1", "C2"]
    assert facts["due_at"] == ["2026-06-22T14:03:00+08:00", "2026-06-23T09:03:00+08:00"]


def test_before_dispatch_the_unit_follows_the_place():
    issue, other = make.reported_issue(), bureau.unit("meilong")

    correct_issue(
        issue, by=bureau.officer(None, Role.OPERATOR), at=make.minutes(10), reason=REASON, **make.point(other)
    )

    assert (issue.unit, issue.cell_id) == (other, f"{other.code}000001")
    assert issue.clocks.running().get().unit == other


def test_after_dispatch_a_place_in_another_unit_is_refused_with_the_remedy():
    issue, other = make.dispatched_issue(), bureau.unit("meilong")

    assert refused(issue, bureau.officer(None, Role.OPERATOR), **make.point(other)) == (409, "other_unit")


def test_a_wrong_photo_is_superseded():
    issue = make.issue_in("handling")
    inspector = make.crew(issue.unit)["inspector"]
    wrong = add_photo(issue, make.photo("red"), stage="before", by=inspector, at=make.minutes(10))

    correct_issue(
        issue, by=bureau.officer(None, Role.OPERATOR), at=make.minutes(11), reason=REASON,
        wrong_photo=wrong, right_photo=make.photo("green"),
    )  # fmt: skip

    wrong.refresh_from_db()
    right = issue.photos.get()
    assert (wrong.superseded_by, right.stage) == (right, "before")
    assert issue.entries.last().facts == {"photo": [wrong.sha256, right.sha256]}


def test_a_photo_of_another_issue_is_not_corrected_here():
    issue, other = make.reported_issue(), make.reported_issue()
    foreign = add_photo(other, make.photo(), stage="before", by=make.crew(other.unit)["inspector"], at=make.minutes(10))

    outcome = refused(issue, bureau.officer(None, Role.OPERATOR), wrong_photo=foreign, right_photo=make.photo("red"))

    assert outcome == (400, "unknown_photo")


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.SQUAD_LEADER, Role.SQUAD_OFFICER, Role.DIRECTOR])
def test_only_the_centre_corrects(role):
    issue = make.dispatched_issue()

    assert refused(issue, bureau.officer(issue.unit, role), address="别处") == (403, "not_your_move")


def test_after_dispatch_the_desk_of_the_unit_does_not_change_the_type():
    issue = make.dispatched_issue()
    desk = bureau.officer(issue.unit, Role.UNIT_DESK)

    assert refused(issue, desk, type=make.issue_type("C2").code) == (403, "not_your_move")
    assert correct_issue(issue, by=desk, at=make.minutes(31), reason=REASON, address="别处").address == "别处"


def test_a_type_is_not_changed_after_the_feedback():
    issue = make.handled_issue()

    outcome = refused(issue, bureau.officer(None, Role.OPERATOR), type=make.issue_type("C2").code)

    assert outcome == (409, "illegal_transition")


@pytest.mark.parametrize("status", ["closed", "refused", "void"])
def test_what_is_over_is_not_corrected(status):
    assert refused(make.issue_in(status), bureau.officer(None, Role.OPERATOR), address="别处")[0] == 409


def test_a_correction_has_a_reason_and_changes_something():
    issue = make.reported_issue()
    operator = bureau.officer(None, Role.OPERATOR)

    assert refused(issue, operator, address="别处", reason=" ") == (400, "blank")
    assert refused(issue, operator) == (400, "nothing_changed")
    assert refused(issue, operator, address=issue.address) == (400, "nothing_changed")


def test_a_person_who_served_the_handler_does_not_correct():
    issue = make.dispatched_issue()
    operator = bureau.officer(None, Role.OPERATOR)
    bureau.post(operator, bureau.squad(issue.unit), Role.SQUAD_OFFICER, ends_at=make.minutes(5))

    assert refused(issue, operator, address="别处") == (403, "sod_conflict")


def called(by) -> Issue:
    return make.reported_issue(by=by, channel="hotline", reporter=Caller("金女士", "13900000001"))


def test_ones_own_call_is_shown_and_logged_and_alarms_nobody():
    operator = bureau.officer(None, Role.OPERATOR)
    issue = called(operator)
    bureau.officer(None, Role.SUPERVISION)

    reporter = reveal_reporter(issue, purpose="call_back", by=operator, at=make.minutes(5))

    assert (reporter.name, reporter.phone) == ("金女士", "13900000001")
    assert (issue.entries.last().verb, issue.entries.last().facts) == ("reveal_reporter", {"purpose": "call_back"})
    assert not issue_notices(issue)


def test_anothers_call_alarms_supervision():
    issue = called(bureau.officer(None, Role.OPERATOR))
    bureau.officer(None, Role.SUPERVISION)

    reveal_reporter(issue, purpose="complaint", by=bureau.officer(None, Role.SHIFT_LEADER), at=make.minutes(5))

    assert issue_notices(issue) == [("reporter_revealed", "supervision")]


@pytest.mark.parametrize(
    "role", [Role.INSPECTOR, Role.SQUAD_OFFICER, Role.UNIT_DESK, Role.TOWN_LEADER, Role.DEPUTY, Role.SUPERVISION]
)
def test_the_contact_is_closed_to_others(role):
    issue = called(bureau.officer(None, Role.OPERATOR))

    with pytest.raises(Refusal) as found:
        reveal_reporter(issue, purpose="call_back", by=bureau.officer(issue.unit, role), at=make.minutes(5))

    assert found.value.code == "not_your_move"


def issue_notices(issue) -> list[tuple[str, str]]:
    return list(Notice.objects.about(issue).values_list("kind", "to_role"))
