"""Requests about the clock of an issue: who asks, who decides, and the exact effect (grid.md R3, R4, R9 to R11)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bureau.desk.clock_changes import preview, resume_due
from bureau.desk.clocks import timing_of
from bureau.desk.models import Clock, ClockRequest
from bureau.desk.refusal import Refusal
from bureau.desk.requests import Asked, ask, decide, lapse_due, lift, withdraw
from bureau.models import Officer, Role
from grid.actions import move_issue
from grid.models import Issue
from oversight import ladder
from oversight.models import Paper
from tests.make import bureau, minutes
from tests.make import grid as make
from tests.make import oversight as make_oversight

pytestmark = pytest.mark.django_db
EIGHT_MORE = Asked("extension", "large_scale", amount="4")
UNTIL_FRIDAY = Asked("suspension", "weather", resume_on=date(2026, 6, 26))


@pytest.fixture(autouse=True)
def _real_days() -> None:
    make_oversight.real_calendar()


@pytest.fixture
def issue() -> Issue:
    """Four working hours from Monday 09:03; taken at 09:04."""
    found = make.issue_in("handling")
    make_oversight.seats(found.unit)
    return found


@pytest.fixture
def supervisor() -> Officer:
    return bureau.officer(None, Role.SUPERVISION)


def leader(issue: Issue) -> Officer:
    return make.crew(issue.unit)["squad_leader"]


def dispatcher(issue: Issue) -> Officer:
    return make.crew(issue.unit)["dispatcher"]


def handling(issue: Issue) -> Clock:
    return issue.clocks.filter(kind="handling").latest("started_at")


def asked(issue: Issue, what: Asked = EIGHT_MORE, minute: float = 30, by: Officer | None = None) -> ClockRequest:
    return ask(issue, what, by=by or leader(issue), at=minutes(minute))


def granted(issue: Issue, request: ClockRequest, minute: float = 40, by: Any = None, **said: Any) -> ClockRequest:
    person = by or dispatcher(issue)
    return decide(request, is_granted=True, reason="情况属实", by=person, at=minutes(minute), **said)


def refused_with(call: Any) -> Refusal:
    with pytest.raises(Refusal) as refused:
        call()
    return refused.value


# R3, R4: extension


def test_R04_a_granted_extension_lets_the_limit_grow_and_computes_the_date_anew(issue):
    granted(issue, asked(issue))

    clock = handling(issue)
    assert clock.due_at == bureau.shanghai("2026-06-23 09:03")  # 8 working hours from Monday 09:03
    assert clock.round == 1
    assert timing_of(clock).allowed.total_seconds() == 8 * 3600


def test_R04_an_extension_asked_after_red_is_refused_by_the_system(issue):
    refusal = refused_with(lambda: asked(issue, minute=310))  # red at 14:03

    assert (refusal.code, refusal.status) == ("late_request", 409)


def test_R04_an_extension_is_never_longer_than_the_limit(issue):
    refusal = refused_with(lambda: asked(issue, Asked("extension", "evidence", amount="5")))

    assert (refusal.code, refusal.pointer) == ("extension_too_long", "/amount")


def test_R04_once_by_the_centre_then_by_the_district_and_never_again(issue, supervisor):
    granted(issue, asked(issue))
    second = asked(issue, minute=50)
    assert refused_with(lambda: granted(issue, second, minute=60)).code == "not_your_move"
    granted(issue, second, minute=60, by=supervisor)

    assert refused_with(lambda: asked(issue, minute=70)).code == "extension_used_up"


def test_R04_while_it_waits_no_paper_goes_out_and_then_it_does_at_its_own_instant(issue):
    asked(issue, minute=290)  # 13:50, red at 14:03

    ladder.climb(at=minutes(60 * 24))
    assert not Paper.objects.exists()
    lapse_due(at=minutes(60 * 29))
    ladder.climb(at=minutes(60 * 29))  # 8 working hours later: Tuesday 13:50

    paper = Paper.objects.get()
    assert paper.rung.reached_at == bureau.shanghai("2026-06-22 14:03")
    assert ClockRequest.objects.get().status == ClockRequest.Status.LAPSED
    assert ClockRequest.objects.get().decided_at == bureau.shanghai("2026-06-23 13:50")


def test_R04_a_lapsed_request_is_decided_by_nobody(issue):
    request = asked(issue, minute=290)

    refusal = refused_with(lambda: granted(issue, request, minute=60 * 30))

    assert refusal.code == "request_lapsed"


def test_peer_zammad_4348_a_second_breach_after_an_extension_urges_again(issue):
    request = asked(issue, minute=60)
    ladder.climb(at=minutes(200))
    granted(issue, request, minute=210)

    ladder.climb(at=minutes(60 * 26))

    assert [paper.rung.round for paper in Paper.objects.filter(kind=Paper.Kind.URGING)] == [1]


# R11: suspension


def test_R11_a_granted_suspension_stops_the_clock_that_very_second(issue):
    granted(issue, asked(issue, UNTIL_FRIDAY, minute=57), minute=87)

    clock = handling(issue)
    assert clock.suspended_at == minutes(87)
    assert timing_of(clock).elapsed(minutes(600)) == timing_of(clock).elapsed(minutes(87))
    assert clock.light(minutes(6000)) == "grey"


def test_peer_open_zaak_747_a_refused_suspension_never_stopped_the_clock(issue):
    before = handling(issue).due_at
    request = asked(issue, UNTIL_FRIDAY)

    decide(request, is_granted=False, reason="可以处置", by=dispatcher(issue), at=minutes(90))

    assert handling(issue).due_at == before
    assert not handling(issue).spans.exists()


def test_R11_it_goes_on_by_itself_at_its_day_however_late_the_sweep(issue):
    granted(issue, asked(issue, UNTIL_FRIDAY), minute=57)

    resume_due(at=bureau.shanghai("2026-06-28 10:00"))

    clock = handling(issue)
    assert clock.suspended_at is None
    assert clock.spans.get(kind="suspended").to_at == bureau.shanghai("2026-06-26 00:00")
    assert clock.due_at == bureau.shanghai("2026-06-26 13:06")  # 54 minutes were used by Monday 09:57


def test_R11_the_handler_lets_it_go_on_before_its_day(issue):
    granted(issue, asked(issue, UNTIL_FRIDAY), minute=57)

    lift(handling(issue), issue, by=leader(issue), at=bureau.shanghai("2026-06-24 09:00"))

    assert handling(issue).suspended_at is None


def test_R11_outside_working_time_it_costs_nothing(issue):
    evening, night = 60 * 10, 60 * 11  # Monday 19:00 and 20:00
    issue = make.issue_in("handling", type="C2")
    before = handling(issue).due_at
    granted(issue, asked(issue, UNTIL_FRIDAY, minute=evening), minute=evening)
    lift(handling(issue), issue, by=leader(issue), at=minutes(night))

    assert handling(issue).due_at == before


@pytest.mark.parametrize(
    ("day", "code"), [(None, "required"), (date(2026, 6, 22), "too_small"), (date(2026, 10, 1), "suspension_too_long")]
)
def test_R11_a_suspension_names_a_day_within_ninety(issue, day, code):
    refusal = refused_with(lambda: asked(issue, Asked("suspension", "weather", resume_on=day)))

    assert (refusal.code, refusal.pointer) == (code, "/resume_on")


def test_R11_what_is_red_is_not_suspended(issue):
    assert refused_with(lambda: asked(issue, UNTIL_FRIDAY, minute=310)).code == "suspension_of_red"


# R10: return


def test_R10_an_accepted_return_ends_the_clock_without_red_and_the_next_one_has_the_whole_limit(issue):
    granted(issue, asked(issue, Asked("return", "not_our_duty")))
    issue.refresh_from_db()
    old = handling(issue)
    assert (issue.status, issue.handled_by, old.met_light) == (Issue.Status.FILED, None, "")

    desk = {"to": "qibao-sub-centre", "note": "中队不承担此项职责"}
    move_issue(issue, "dispatch", by=dispatcher(issue), at=minutes(100), **desk)

    assert handling(issue).started_at == minutes(100)


def test_R10_what_a_body_gave_back_is_not_dispatched_to_it_again(issue):
    granted(issue, asked(issue, Asked("return", "not_our_duty")))
    same = {"to": make.squad_of(issue).code, "note": "再派一次"}

    refusal = refused_with(lambda: move_issue(issue, "dispatch", by=dispatcher(issue), at=minutes(100), **same))

    assert refusal.code == "unknown_handler"


def test_R10_a_refused_return_never_stopped_the_clock(issue):
    before = handling(issue).due_at
    request = asked(issue, Asked("return", "not_our_duty"))

    decide(request, is_granted=False, reason="属于职责范围", by=dispatcher(issue), at=minutes(60))

    assert handling(issue).due_at == before


def test_R10_a_return_is_asked_for_within_two_hours_of_a_short_limit(issue):
    assert refused_with(lambda: asked(issue, Asked("return", "not_our_duty"), minute=130)).code == "late_request"


# R9, void, duties


def test_R09_a_granted_rework_resumes_what_was_used_and_counts(issue):
    facts = {"outcome": "fixed", "photos": [make.photo()]}
    move_issue(issue, "feed_back", by=leader(issue), at=minutes(63), **facts)  # one hour used
    operator, inspector = (make.crew(issue.unit)[role] for role in ("operator", "inspector"))
    request = asked(issue, Asked("rework", "still_there"), minute=70, by=operator)

    granted(issue, request, minute=123, by=inspector)

    issue.refresh_from_db()
    assert (issue.status, issue.rework_count) == (Issue.Status.HANDLING, 1)
    assert timing_of(handling(issue)).elapsed(minutes(123)).total_seconds() == 3600


def test_a_granted_voiding_ends_the_case_without_a_red_light(issue):
    request = asked(issue, Asked("void", "duplicate"))

    granted(issue, request, by=make.crew(issue.unit)["shift_leader"])

    issue.refresh_from_db()
    assert (issue.status, handling(issue).met_light) == (Issue.Status.VOID, "")


def test_D5_nobody_of_the_asking_unit_decides(issue):
    desk = make.crew(issue.unit)["unit_desk"]
    request = asked(issue, Asked("return", "not_our_duty"))

    assert refused_with(lambda: granted(issue, request, by=desk)).code == "sod_conflict"


def test_a_request_taken_back_lets_the_ladder_go_on(issue):
    request = asked(issue, minute=290)

    withdraw(request, by=leader(issue), at=minutes(320))
    ladder.climb(at=minutes(321))

    assert Paper.objects.count() == 1


def test_feeding_back_makes_what_was_asked_moot(issue):
    asked(issue)

    move_issue(issue, "feed_back", by=leader(issue), at=minutes(60), outcome="fixed", photos=[make.photo()])

    assert ClockRequest.objects.get().status == ClockRequest.Status.MOOT


def test_what_if_stores_nothing(issue):
    clock = handling(issue)
    before = clock.due_at

    timing = preview(clock, at=minutes(30), resumes_at=bureau.shanghai("2026-06-26 00:00"))

    assert timing.due_at > before
    assert handling(issue).due_at == before
    assert not handling(issue).spans.exists()
