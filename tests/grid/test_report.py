from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bureau.desk.clockwork import Limit
from bureau.desk.models import Clock, Document
from bureau.desk.refusal import NotYourMove, Refusal, as_errors
from bureau.models import Officer, Role
from grid.actions import Caller, report_issue
from grid.models import Issue, Reporter
from tests.make import bureau
from tests.make import grid as make

pytestmark = pytest.mark.django_db


def said(**changed):
    unit = bureau.unit()
    return {
        "type": make.issue_type().code,
        "description": "路口有人设摊",
        "channel": "hotline",
        "by": bureau.officer(None, Role.OPERATOR),
        "at": make.MONDAY,
        **make.point(unit),
        **changed,
    }


def codes(**changed) -> dict[str, str]:
    """Pointer -> code of every defect."""
    with pytest.raises(Refusal) as refused:
        report_issue(**said(**changed))
    return {defect.pointer: defect.code for defect in as_errors(refused.value)}


def test_a_report_is_placed_numbered_and_timed():
    issue = report_issue(**said())

    clock = issue.clocks.get()
    assert (issue.number, issue.status) == ("260622-0001", Issue.Status.REPORTED)
    assert (issue.unit_id, issue.cell_id) == ("310112102", "310112102000001")
    assert (clock.kind, clock.ladder, clock.limit) == ("accept", "light_only", Limit.parse("0.5 working_hours"))
    assert clock.due_at == make.minutes(30)
    assert clock.owed_role == Role.OPERATOR


def test_numbers_count_within_a_local_day():
    late = bureau.shanghai("2026-06-22 23:59")
    next_day = bureau.shanghai("2026-06-23 00:00")

    numbers = [report_issue(**said(at=at)).number for at in (make.MONDAY, late, next_day)]

    assert numbers == ["260622-0001", "260622-0002", "260623-0001"]


def test_a_report_takes_at_most_fifteen_queries():
    report_issue(**said())
    given = said(reporter=Caller("王先生", "13800000000"))
    given["by"] = Officer.objects.get(pk=given["by"].pk)

    with CaptureQueriesContext(connection) as captured:
        report_issue(**given)

    assert len(captured) <= 15


def test_all_defects_are_told_together():
    found = codes(type="Z9", description=" \u200b ", channel="pigeon", longitude=200.0)

    assert found == {
        "/type": "unknown_type",
        "/description": "blank",
        "/channel": "invalid_choice",
        "/longitude": "invalid_number",
    }
    assert not Issue.objects.exists()


@pytest.mark.parametrize(
    ("changed", "pointer", "code"),
    [
        ({"description": "字" * 5001}, "/description", "too_long"),
        ({"description": "看\u202e反"}, "/description", "bidi_control"),
        ({"crs": "EPSG:9999"}, "/crs", "unknown_crs"),
        ({"latitude": None}, "/latitude", "required"),
        ({"latitude": float("nan")}, "/latitude", "invalid_number"),
        ({"longitude": 121.0, "latitude": 30.0}, "/longitude", "outside_district"),
        ({"longitude": None, "latitude": None}, "/longitude", "required"),
        ({"longitude": None, "latitude": None, "unit": "310112999"}, "/unit", "unknown_unit"),
        ({"longitude": None, "latitude": None, "cell": "310112102000099"}, "/cell", "unknown_cell"),
        ({"occurred_at": bureau.shanghai("2026-06-22 10:00")}, "/occurred_at", "in_future"),
        ({"reporter": Caller("王", "138000000001")}, "/reporter/phone", "invalid_phone"),
    ],
)
def test_a_defect_is_named_by_field_and_code(changed, pointer, code):
    assert codes(**changed) == {pointer: code}


def test_a_point_outside_comes_in_when_the_unit_is_named():
    issue = report_issue(**said(longitude=121.0, latitude=30.0, unit="310112102", address="区界外侧"))

    assert (issue.unit_id, issue.cell_id, issue.longitude) == ("310112102", None, 121.0)


def test_an_address_without_a_point_comes_in_by_its_cell():
    issue = report_issue(**said(longitude=None, latitude=None, cell="310112102000001", address="七莘路1号"))

    assert (issue.unit_id, issue.cell_id, issue.longitude) == ("310112102", "310112102000001", None)


def test_gcj02_is_turned_into_wgs84_and_kept_as_given():
    issue = report_issue(**said(crs="GCJ02", longitude=121.3595, latitude=31.1530))

    assert issue.longitude == pytest.approx(121.3595 - 0.0045, abs=0.001)
    assert (issue.given_crs, issue.given_longitude, issue.given_latitude) == ("GCJ02", 121.3595, 31.1530)


def test_full_width_digits_of_a_phone_are_read():
    issue = report_issue(**said(reporter=Caller("王", "１３８ ００００ ００００")))

    assert Reporter.objects.get(issue=issue).phone == "13800000000"


def test_the_trail_holds_nothing_of_the_reporter():
    issue = report_issue(**said(reporter=Caller("金丝雀", "13900000001")))

    facts = str([(entry.facts, entry.note) for entry in issue.entries])

    assert "金丝雀" not in facts
    assert "13900000001" not in facts


def test_an_outside_number_comes_in_once():
    report_issue(**said(external_ref="SH-1", channel="order_12345"))

    assert codes(external_ref="SH-1", channel="order_12345") == {"/external_ref": "duplicate_external_ref"}


@pytest.mark.parametrize("role", [Role.TOWN_LEADER, Role.LEGAL, Role.AUDITOR, Role.SYSADMIN, Role.DIRECTOR])
def test_some_posts_take_nothing_in(role):
    with pytest.raises(NotYourMove):
        report_issue(**said(by=bureau.officer(bureau.unit(), role)))


@pytest.mark.parametrize("role", [Role.SQUAD_OFFICER, Role.SQUAD_LEADER, Role.AUXILIARY, Role.UNIT_DESK])
def test_a_local_post_reports_in_its_own_unit(role):
    here, elsewhere = bureau.unit(), bureau.unit("meilong")
    make.cell(elsewhere)

    issue = report_issue(**said(by=bureau.officer(here, role)))

    assert issue.unit == here
    with pytest.raises(NotYourMove):
        report_issue(**said(by=bureau.officer(elsewhere, role)))


def test_photos_come_in_with_the_report_or_nothing_does():
    issue = report_issue(**said(photos=[make.photo("red"), make.photo("green")]))

    assert issue.photos.filter(stage="before").count() == 2
    with pytest.raises(Refusal):
        report_issue(**said(photos=[make.photo("red"), make.not_a_photo()]))
    assert Issue.objects.count() == 1
    assert Document.objects.count() == 2
    assert Clock.objects.count() == 1
