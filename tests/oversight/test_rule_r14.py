"""R14: a bulletin of all reds at the first working instant of each week, frozen, equal to the board of that instant."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from openpyxl import load_workbook

from bureau.desk.refusal import Refusal
from bureau.models import Role
from oversight import bulletins, ladder
from oversight.board import COUNTS, board_of
from oversight.bulletin_sheet import safe
from oversight.models import Bulletin
from tests.make import bureau
from tests.make import grid as make
from tests.make import oversight as make_oversight

pytestmark = pytest.mark.django_db
at = bureau.shanghai
MONDAY_NINE = at("2026-06-29 09:00")


@pytest.fixture
def supervisor():
    return make_oversight.seat(None, Role.SUPERVISION, "supervisor")


@pytest.fixture
def reds():
    """Two of 七宝 and one of 梅陇, dispatched a week before and red since."""
    make_oversight.real_calendar()
    found = [make.dispatched_issue(bureau.unit(slug)) for slug in ("qibao", "qibao", "meilong")]
    for unit in {issue.unit for issue in found}:
        make_oversight.seats(unit)
    ladder.climb(at=at("2026-06-26 18:00"))
    return found


def test_R14_it_appears_at_the_first_working_instant_of_the_week_and_not_before(reds):
    assert bulletins.publish_weekly(at=at("2026-06-29 08:59")) is None

    bulletin = bulletins.publish_weekly(at=MONDAY_NINE)

    assert (bulletin.week, bulletin.due_at, bulletin.frozen_at) == (date(2026, 6, 29), MONDAY_NINE, MONDAY_NINE)
    assert bulletin.number == "闵城管通〔2026〕1号"


def test_R14_a_week_that_begins_with_a_holiday_has_it_on_its_first_working_day(reds):
    assert bulletins.publish_weekly(at=at("2015-10-07 12:00")) is None

    bulletin = bulletins.publish_weekly(at=at("2015-10-08 09:00"))

    assert bulletin.due_at == at("2015-10-08 09:00")


def test_R14_a_week_has_one_however_often_the_beat_knocks(reds):
    bulletins.publish_weekly(at=MONDAY_NINE)

    assert bulletins.publish_weekly(at=at("2026-06-29 09:00:30")) is None
    assert Bulletin.objects.count() == 1


def test_R14_after_downtime_both_instants_stand_on_it(reds):
    bulletin = bulletins.publish_weekly(at=at("2026-06-30 15:00"))

    assert (bulletin.due_at, bulletin.frozen_at) == (MONDAY_NINE, at("2026-06-30 15:00"))


def test_R14_its_figures_are_those_of_the_board_at_that_instant(reds, supervisor):
    bulletin = bulletins.publish_weekly(at=MONDAY_NINE)

    board = board_of(supervisor, at=MONDAY_NINE)
    said = {row["code"]: (row["rank"], *(row[name] for name in COUNTS)) for row in bulletin.content["units"]}
    assert said == {row.unit.code: (row.place, *(getattr(row, name) for name in COUNTS)) for row in board.rows}
    assert bulletin.content["total"]["red"] == len(bulletin.content["reds"]) == 3


def test_R14_what_it_says_never_changes_and_its_hash_holds(reds):
    bulletin = bulletins.publish_weekly(at=MONDAY_NINE)

    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Bulletin.objects.filter(pk=bulletin.pk).update(content={})

    assert bulletins.is_whole(Bulletin.objects.get())


def test_R14_a_content_that_was_changed_does_not_fit_its_hash(reds):
    bulletin = bulletins.publish_weekly(at=MONDAY_NINE)

    bulletin.content["total"]["red"] = 0

    assert not bulletins.is_whole(bulletin)


def test_R14_supervision_orders_one_for_a_meeting_and_a_squad_does_not(reds, supervisor):
    leader = make.crew(reds[0].unit)["squad_leader"]

    bulletin = bulletins.order_bulletin(by=supervisor, at=at("2026-06-26 18:30"))
    with pytest.raises(Refusal) as refused:
        bulletins.order_bulletin(by=leader, at=MONDAY_NINE)

    assert (bulletin.week, bulletin.ordered_by) == (None, supervisor)
    assert refused.value.code == "not_your_move"


def test_R14_a_squad_reads_the_ranking_of_all_and_the_rows_of_its_own_unit(reds):
    bulletin = bulletins.publish_weekly(at=MONDAY_NINE)
    leader = make.crew(reds[0].unit)["squad_leader"]

    content = bulletins.shown_to(bulletin, leader)

    assert {row["unit"] for row in content["reds"]} == {reds[0].unit_id}
    assert len(content["units"]) == len(bulletin.content["units"])


def test_R14_district_supervision_reads_every_row_without_what_it_is_about(reds):
    bulletin = bulletins.publish_weekly(at=MONDAY_NINE)
    district = bureau.officer(None, Role.DISTRICT_SUPERVISION)

    rows = bulletins.shown_to(bulletin, district)["reds"]

    assert len(rows) == 3
    assert all("number" not in row and "place" not in row for row in rows)


def test_R14_the_sheet_has_the_rows_of_the_page_with_real_instants(reds, supervisor, client):
    bulletin = bulletins.publish_weekly(at=MONDAY_NINE)
    client.force_login(supervisor)

    answer = client.get(reverse("oversight:bulletin-sheet", args=[bulletin.pk]))

    book = load_workbook(io.BytesIO(answer.content))
    rows = list(book.worksheets[1].iter_rows(min_row=3, values_only=True))
    assert {row[1] for row in rows} == {issue.number for issue in reds}
    assert all(row[6].year == 2026 for row in rows)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "＝1", "＋1", "－1", "＠x"])
def test_no_cell_is_a_formula(text):
    assert safe(text) == f"'{text}"


def test_R14_the_pages_show_it(reds, supervisor, client):
    bulletin = bulletins.publish_weekly(at=MONDAY_NINE)
    client.force_login(supervisor)

    listed = client.get(reverse("oversight:bulletins")).content.decode()
    page = client.get(bulletin.get_absolute_url()).content.decode()
    told = client.get(f"/api/v1/bulletins/{bulletin.pk}/").json()

    assert bulletin.number in listed
    assert all(issue.number in page for issue in reds)
    assert told["content"]["total"]["red"] == told["red"] == 3
