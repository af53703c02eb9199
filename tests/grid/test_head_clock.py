"""Several clocks on one issue: the nearer running one shows, the finished one never (Zammad #5177)."""

import pytest

from grid.actions import move_issue
from grid.presenting.clocks import clocks_of, head_clock
from tests.make import grid as make

pytestmark = pytest.mark.django_db


def shown_kind(issue, minute):
    return head_clock(clocks_of(issue, make.minutes(minute))).clock.kind


def test_peer_zammad_5177_the_nearer_running_clock_shows():
    issue = make.issue_in("handling", type="B1")  # one hour to arrive, two working days to deal with it

    assert shown_kind(issue, 10) == "response"


def test_peer_zammad_5177_a_finished_clock_never_shows_while_another_runs():
    issue = make.issue_in("handling", type="B1")
    move_issue(issue, "arrive", by=make.crew(issue.unit)["squad_leader"], at=make.minutes(20))

    assert shown_kind(issue, 30) == "handling"
