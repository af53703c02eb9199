"""The red-light board: what is red, by unit, since when, on which rung; its sums are the sums of its rows."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.utils import timezone

from bureau.models import Role, Unit
from oversight import ladder
from oversight.board import COUNTS, board_of
from tests.make import bureau, grid
from tests.make import oversight as make

pytestmark = pytest.mark.django_db
AT = bureau.shanghai("2026-06-22 15:20")


@pytest.fixture
def district(db):
    """Two reds, a yellow in Qibao; a red on the second rung, a suspended one in Meilong; a stage of the centre."""
    make.real_calendar()
    qibao, meilong = bureau.unit("qibao"), bureau.unit("meilong")
    bureau.unit("pujiang")
    for unit in (qibao, meilong):
        make.seats(unit)
    begun = {"4 working_hours": grid.MONDAY, "5 working_hours": grid.MONDAY, "6 working_hours": grid.MONDAY}
    for limit, started in begun.items():
        make.clock_on(make.reported_at(started, qibao), limit, at=started)
    early = bureau.shanghai("2026-06-18 13:00")  # Friday the 19th is the Dragon Boat Festival
    make.clock_on(make.reported_at(early, meilong), "4 working_hours", at=early)
    held = make.clock_on(make.reported_at(grid.MONDAY, meilong), "4 working_hours", at=grid.MONDAY)
    type(held).objects.filter(pk=held.pk).update(suspended_at=grid.MONDAY, next_rung_at=None)
    centre = bureau.organisation("grid_centre")
    late = make.reported_at(grid.MONDAY, qibao)
    make.clock_on(late, "1 working_hours", at=grid.MONDAY, kind="accept", ladder="light_only", owed_by=centre)
    ladder.climb(at=AT)
    return {"qibao": qibao, "meilong": meilong}


def row_of(board, unit):
    return next(row for row in board.rows if row.unit == unit)


def test_the_board_says_what_is_red_by_unit_and_on_which_rung(district):
    board = board_of(make.seat(None, Role.SUPERVISION, "supervisor"), at=AT)

    qibao, meilong = row_of(board, district["qibao"]), row_of(board, district["meilong"])
    assert (qibao.red, qibao.urge, qibao.supervise) == (2, 2, 0)
    assert (meilong.red, meilong.urge, meilong.supervise, meilong.grey) == (1, 0, 1, 1)
    assert (qibao.yellow, qibao.soon, qibao.open) == (1, 1, 3)
    assert meilong.oldest == 6 * 3600 + 20 * 60
    assert len(qibao.marks) == 2


def test_the_sums_are_those_of_the_rows_and_the_rungs_make_up_the_reds(district):
    board = board_of(make.seat(None, Role.SUPERVISION, "supervisor"), at=AT)

    for name in COUNTS:
        assert getattr(board.total, name) == sum(getattr(row, name) for row in board.rows)
    assert board.total.red == board.total.urge + board.total.supervise + board.total.refer + board.total.waiting == 3


def test_the_stages_of_the_centre_stand_apart(district):
    board = board_of(make.seat(None, Role.SUPERVISION, "supervisor"), at=AT)

    assert [(stage.kind, stage.open, stage.red) for stage in board.stages] == [("accept", 1, 1)]


def test_the_longest_red_stands_first_among_equals_and_units_without_reds_last(district):
    board = board_of(make.seat(None, Role.SUPERVISION, "supervisor"), at=AT)

    assert [row.unit.slug for row in board.rows] == ["qibao", "meilong", "pujiang"]
    assert [row.place for row in board.rows] == [1, 2, None]


def test_a_squad_sees_the_red_lights_of_its_own_unit_only(district):
    board = board_of(make.seat(district["qibao"], Role.SQUAD_LEADER, "qibao-leader"), at=AT)

    assert [row.unit for row in board.rows] == [district["qibao"]]
    assert board.total.red == 2


def test_a_unit_whose_cells_stay_with_another_has_no_row_and_the_other_says_so(district):
    pujiang = bureau.unit("pujiang")
    facts = {"name_zh": "浦锦街道", "name_en": "Pujin", "kind": "street", "longitude": 121.5, "latitude": 31.1}
    Unit.objects.create(code="310112115", slug="pujin", valid_from=bureau.FOUNDED, cells_stay_with=pujiang, **facts)

    board = board_of(make.seat(None, Role.SUPERVISION, "supervisor"), at=AT)

    assert "310112115" not in [row.unit.code for row in board.rows]
    assert row_of(board, pujiang).guests == "浦锦街道"


def test_the_board_asks_a_fixed_number_of_questions(district, client, django_assert_max_num_queries):
    client.force_login(make.seat(None, Role.SUPERVISION, "supervisor"))
    client.get("/red-lights/")

    with django_assert_max_num_queries(21):
        answer = client.get("/red-lights/")

    assert answer.status_code == 200


def test_unchanged_figures_are_answered_304(district, client):
    with time_machine.travel(AT, tick=False):
        client.force_login(make.seat(None, Role.SUPERVISION, "supervisor"))
        first = client.get("/red-lights/figures/")

        again = client.get("/red-lights/figures/", HTTP_IF_NONE_MATCH=first["ETag"])

    assert first.status_code == 200
    assert again.status_code == 304
    assert not again.content


@pytest.mark.parametrize("query", ["light=red", "light=yellow", "light=soon", "light=grey", "light=open", "rung=urge"])
def test_every_figure_opens_into_its_rows(district, client, query):
    client.force_login(make.seat(None, Role.SUPERVISION, "supervisor"))

    answer = client.get(f"/red-lights/rows/?{query}&ladder=full")

    assert answer.status_code == 200
    assert answer.context["page"].total == len(answer.context["rows"])


def test_an_unknown_filter_is_told_and_shows_no_row(district, client):
    client.force_login(make.seat(None, Role.SUPERVISION, "supervisor"))

    answer = client.get("/red-lights/rows/?colour=red")

    assert answer.status_code == 400
    assert answer.context["rows"] == []


def test_district_supervision_reads_figures_and_numbers_but_no_title_place_or_address(district, client):
    client.force_login(make.seat(None, Role.DISTRICT_SUPERVISION, "district"))

    rows = client.get("/red-lights/rows/?light=open").content.decode()
    board = client.get("/red-lights/").content.decode()

    assert "无序设摊" not in rows + board
    assert not re.search(r"/issues/[0-9a-f]{8}-", rows + board)


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.LEGAL, Role.SYSADMIN, Role.FINANCE, Role.STATION])
def test_whoever_has_no_part_in_the_red_list_finds_no_board(district, client, role):
    client.force_login(bureau.officer(district["qibao"], role))

    assert client.get("/red-lights/").status_code == 404
    assert client.get("/red-lights/rows/").context["page"].total == 0


def test_without_reds_the_board_says_what_is_due_first(client):
    make.real_calendar()
    unit = bureau.unit()
    now = timezone.now()
    make.clock_on(make.reported_at(now, unit), "40 working_days", at=now)
    client.force_login(make.seat(None, Role.SUPERVISION, "supervisor"))

    page = client.get("/red-lights/").content.decode()

    assert "没有红灯" in page or "No red light" in page
