"""Every figure of the board opens into exactly its rows: by unit, type, rung and age; and the trend day by day."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from bureau.desk import clocks
from bureau.desk.calendar import WorkingCalendar
from bureau.desk.models import Clock
from bureau.models import Role
from grid.actions import correct_issue
from grid.models import IssueType
from oversight import ladder
from oversight.board import board_of
from oversight.board.ages import BANDS, STEPS_OF_A_DAY, Ages, working_time_ago
from oversight.board.trend import trend_of, working_days_up_to
from tests.make import bureau
from tests.make import oversight as make

pytestmark = pytest.mark.django_db
AT = bureau.shanghai("2026-06-24 15:20")
BEGUN = {  # unit and limit by the start of a clock; Friday 2026-06-19 is the Dragon Boat Festival
    "2026-06-15 09:00": ("qibao", "4 working_hours"),
    "2026-06-17 09:00": ("meilong", "4 working_hours"),
    "2026-06-20 20:00": ("qibao", "2 clock_hours"),
    "2026-06-22 09:00": ("qibao", "8 working_hours"),
    "2026-06-23 11:00": ("meilong", "4 working_hours"),
    "2026-06-24 09:00": ("qibao", "5 working_hours"),
    "2026-06-24 10:00": ("qibao", "8 working_hours"),
    "2026-06-24 14:00": ("qibao", "3 working_days"),
}
LINK = re.compile(
    r'href="(/red-lights/(?:rows|turned)/\?[^"]+)"[^>]*>(?:<b>|<rect[^>]+><text[^>]+>)?([\d ,\u2009\u202f]+)<'
)


@pytest.fixture
def district(db):
    make.real_calendar()
    units = {name: bureau.unit(name) for name in ("qibao", "meilong")}
    for unit in units.values():
        make.seats(unit)
    for place, (start, (name, limit)) in enumerate(BEGUN.items()):
        at = bureau.shanghai(start)
        issue = make.reported_at(at, units[name])
        if place % 2:
            issue.type = IssueType.objects.exclude(pk=issue.type_id).first() or another_type(issue.type)
            issue.save()
        make.clock_on(issue, limit, at=at)
        ladder.climb(at=at + timedelta(hours=1))
    ladder.climb(at=AT)
    return units


def another_type(kind: IssueType) -> IssueType:
    kind.pk, kind.name_zh = "Z9", "另一类问题"
    kind._state.adding = True
    kind.save()
    return kind


@pytest.fixture
def supervisor(district, client):
    client.force_login(make.seat(None, Role.SUPERVISION, "supervisor"))
    with time_machine.travel(AT, tick=False):
        yield client


def links_of(answer) -> list[tuple[str, int]]:
    found = LINK.findall(answer.content.decode())
    return [(url.replace("&amp;", "&"), int(re.sub(r"\D", "", number))) for url, number in found]


@pytest.mark.parametrize(
    "page", ["/red-lights/", "/red-lights/?unit=UNIT", "/red-lights/trend/", "/red-lights/trend/chart/"]
)
def test_each_figure_of_the_board_is_the_number_of_rows_that_it_opens(supervisor, district, page):
    links = links_of(supervisor.get(page.replace("UNIT", district["qibao"].code)))

    opened = {url: supervisor.get(url) for url, _number in links}

    assert len(links) > 15 or "trend" in page and len(links) > 2
    assert {url: answer.status_code for url, answer in opened.items()} == dict.fromkeys(opened, 200)
    assert {url: opened[url].context["page"].total for url, _number in links} == dict(links)


def test_the_board_links_by_unit_type_rung_and_age(supervisor):
    addresses = " ".join(url for url, _number in links_of(supervisor.get("/red-lights/")))

    for name in ("unit=", "type=", "rung=urge", "rung=refer", "age=under_1_day", "age=from_4_days", "light=soon"):
        assert name in addresses


def test_the_ages_and_the_types_make_up_the_reds(district):
    board = board_of(make.seat(None, Role.SUPERVISION, "supervisor"), at=AT)

    assert board.total.ages == {"under_1_day": 2, "under_2_days": 1, "under_4_days": 1, "from_4_days": 2}
    assert sum(row.red for row in board.topics) == sum(board.total.ages.values()) == board.total.red == 6
    assert len(board.topics) == 2


def test_the_type_follows_when_it_is_corrected(district):
    issue = Clock.objects.red(AT).exclude(topic="Z9").earliest("due_at").subject

    correct_issue(issue, by=make.seat(None, Role.SHIFT_LEADER, "shift"), at=AT, reason="类别有误", type="Z9")

    assert set(issue.clocks.values_list("topic", flat=True)) == {"Z9"}


def test_a_red_of_a_rest_day_counts_on_the_next_working_day(district):
    trend = trend_of(make.seat(None, Role.SUPERVISION, "supervisor"), [], at=AT)

    counts = {f"{bar.on:%m-%d}": bar.count for bar in trend.bars if bar.count}
    assert counts == {"06-15": 1, "06-17": 1, "06-22": 2, "06-23": 1, "06-24": 1}
    assert date(2026, 6, 19) not in trend.days


def test_the_trend_keeps_what_was_met_since(district):
    supervisor = make.seat(None, Role.SUPERVISION, "supervisor")
    before = trend_of(supervisor, [], at=AT).total
    clock = Clock.objects.red(AT).earliest("due_at")

    clocks.meet_clocks(clock.subject, [clock.kind], at=AT)

    assert (board_of(supervisor, at=AT).total.red, trend_of(supervisor, [], at=AT).total) == (5, before)


def test_a_squad_sees_what_turns_red_in_the_next_working_day_by_the_calendar(district):
    friday = bureau.shanghai("2026-06-26 15:00")
    unit = district["qibao"]
    for limit in ("3 working_hours", "8 working_hours", "9 working_hours"):
        make.clock_on(make.reported_at(friday, unit), limit, at=friday)

    board = board_of(make.seat(unit, Role.SQUAD_LEADER, "qibao-leader"), at=friday)

    assert board.soon_until == bureau.shanghai("2026-06-29 15:00")
    due = ["2026-06-26 18:00", "2026-06-29 14:00", "2026-06-29 15:00"]
    assert [one.at for one in board.soon] == [bureau.shanghai(at) for at in due]
    assert board.total.soon == len(board.soon)


def test_a_squad_opens_no_other_units_reds_of_a_day(district, client):
    client.force_login(make.seat(district["meilong"], Role.SQUAD_LEADER, "meilong-leader"))

    with time_machine.travel(AT, tick=False):
        mine = client.get("/red-lights/turned/")
        theirs = client.get(f"/red-lights/turned/?unit={district['qibao'].code}")

    assert mine.context["page"].total == 2
    assert theirs.context["page"].total == 0


def test_district_supervision_reads_no_title_of_what_turned_red(district, client):
    client.force_login(make.seat(None, Role.DISTRICT_SUPERVISION, "district"))

    with time_machine.travel(AT, tick=False):
        page = client.get("/red-lights/turned/").content.decode()

    assert "无序设摊" not in page
    assert not re.search(r"/issues/[0-9a-f]{8}-", page)


def test_a_wrong_day_is_told_and_shows_no_row(supervisor):
    answer = supervisor.get("/red-lights/turned/?on=yesterday")

    assert answer.status_code == 400
    assert answer.context["rows"] == []


def test_the_pages_of_the_trend_ask_a_fixed_number_of_questions(supervisor, django_assert_max_num_queries):
    supervisor.get("/red-lights/turned/")

    with django_assert_max_num_queries(22):
        supervisor.get("/red-lights/trend/")
    with django_assert_max_num_queries(7):
        supervisor.get("/red-lights/trend/chart/")
    with django_assert_max_num_queries(13):
        supervisor.get("/red-lights/turned/")


def test_thirty_days_hold_their_working_days_and_a_rest_day_stands_for_the_next():
    calendar = WorkingCalendar(years=frozenset({2026}))
    saturday = bureau.shanghai("2026-06-27 10:00")

    days = working_days_up_to(calendar, saturday)

    assert (days[0], days[-2], days[-1]) == (date(2026, 5, 29), date(2026, 6, 26), date(2026, 6, 29))
    assert all(calendar.is_working_day(on) for on in days)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 60 * 24 * 40), st.integers(0, 8 * STEPS_OF_A_DAY))
def test_whoever_fell_due_by_the_instant_of_an_age_is_at_least_so_old(minutes, steps):
    calendar = WorkingCalendar(years=frozenset({2026}))
    at = bureau.shanghai("2026-06-01 00:00") + timedelta(minutes=minutes)
    amount = timedelta(minutes=30 * steps)

    instant = working_time_ago(calendar, at, amount)

    assert calendar.working_time_between(instant, at) == amount
    if amount:
        assert calendar.working_time_between(instant + timedelta(microseconds=1), at) < amount


def test_each_red_has_one_age(district):
    ages = Ages(WorkingCalendar(years=frozenset({2026})), AT)

    found = [
        pk for band in BANDS for pk in Clock.objects.red(AT).filter(ages.of_band(band)).values_list("pk", flat=True)
    ]

    assert sorted(found) == sorted(Clock.objects.red(AT).values_list("pk", flat=True))
