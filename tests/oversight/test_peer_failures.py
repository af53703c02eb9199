"""What other systems got wrong about working time (Signalen #791, osTicket #1168, chatwoot #13392)."""

from __future__ import annotations

from datetime import date, time

import pytest

from bureau.desk.almanac import current_calendar, set_work_periods
from bureau.desk.clockwork import Limit, project
from tests.make import bureau
from tests.make import oversight as make_oversight

pytestmark = pytest.mark.django_db
at = bureau.shanghai
HALVES = [(time(8, 30), time(11, 30)), (time(13, 0), time(17, 0))]


@pytest.fixture(autouse=True)
def _an_office_that_works_in_two_halves() -> None:
    make_oversight.real_calendar()
    set_work_periods(date(2015, 1, 1), HALVES)


@pytest.mark.parametrize(
    ("taken_in", "due"),
    [
        ("2026-06-26 16:30", "2026-06-29 09:00"),  # Friday afternoon: half an hour then, half on Monday
        ("2026-02-13 16:30", "2026-02-14 09:00"),  # Saturday is a make-up day before the Spring Festival
        ("2026-06-28 10:00", "2026-06-29 09:30"),  # Sunday: it begins on Monday 08:30
        ("2026-06-24 12:00", "2026-06-24 14:00"),  # at lunch: it begins at 13:00
    ],
)
def test_peer_signalen_791_one_working_hour_ends_when_the_office_has_worked_one(taken_in, due):
    timing = project(at(taken_in), Limit.parse("1 working_hours"), current_calendar())

    assert timing.due_at == at(due)
