"""K01 to K16: each number is that of its rows, whatever is asked, and nothing is divided by nothing."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bureau.desk.models import Entry
from bureau.desk.requests import Asked, ask, decide
from bureau.models import Role
from grid.actions import move_issue
from grid.indicators import ALL, BY_CODE, GROUPS, Scope, by_group, readings, rows_behind
from tests.make import bureau, minutes
from tests.make import grid as make
from tests.make import oversight as make_oversight

pytestmark = pytest.mark.django_db
JUNE = Scope(date(2026, 6, 1), date(2026, 6, 30))
AFTER = bureau.shanghai("2026-07-01 12:00")


@pytest.fixture
def director():
    return make_oversight.seat(None, Role.DIRECTOR, "director")


@pytest.fixture
def district():
    """One closed after a rework, one late, one void, one refused, one in hand, in two units."""
    make_oversight.real_calendar()
    qibao, meilong = bureau.unit("qibao"), bureau.unit("meilong")
    closed = make.closed_issue(qibao)
    late = make.dispatched_issue(qibao, channel="hotline")
    make.issue_in("void", qibao)
    make.issue_in("refused", qibao)
    make.issue_in("handling", meilong, type="C2", channel="order_12345")
    return {"closed": closed, "late": late, "qibao": qibao, "meilong": meilong}


def value(officer, code, scope=JUNE, at=AFTER):
    found = next(one for one in readings(officer, scope, at=at) if one.indicator.code == code)
    return found.counted, found.of


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("K01", (2, 3)),  # on patrol: closed, void, refused; the refused one was not filed
        ("K05", (3, 4)),  # accepted: all but the refused one; void was never filed
        ("K07b", (3, 3)),
        ("K08a", (1, 3)),
        ("K08b", (1, 3)),
        ("K10", (3, 3)),
        ("K11b", (1, 3)),
        ("K12", (2, 3)),
        ("K13", (2, 3)),
        ("K14", (1, 3)),
        ("K15d", (0, 3)),
        ("K16b", (0, 1)),
    ],
)
def test_an_indicator_counts_what_its_formula_says(district, director, code, expected):
    assert value(director, code) == expected


@pytest.mark.parametrize("indicator", [one for one in ALL if not one.missing], ids=lambda one: one.code)
def test_each_number_opens_into_as_many_rows(district, director, indicator):
    counted, of = value(director, indicator.code)

    assert rows_behind(indicator, director, JUNE, at=AFTER, is_whole=True).count() == of
    assert rows_behind(indicator, director, JUNE, at=AFTER).count() == counted


@pytest.mark.parametrize("group", GROUPS)
def test_groups_add_up_to_the_whole(district, director, group):
    for indicator in (one for one in ALL if not one.missing):
        found = by_group(indicator, director, JUNE, group, at=AFTER).values()

        assert (sum(one.counted for one in found), sum(one.of for one in found)) == value(director, indicator.code)


def test_the_figures_equal_a_recount_from_the_trail(district, director):
    verbs = [set(Entry.objects.filter(subject_id=pk).values_list("verb", flat=True))
             for pk in Entry.objects.filter(verb="report").values_list("subject_id", flat=True)]  # fmt: skip

    assert value(director, "K05") == (
        sum("file" in said for said in verbs), sum("accept" in said for said in verbs),
    )  # fmt: skip
    assert value(director, "K10")[1] == sum("dispatch" in said for said in verbs)
    assert value(director, "K08a")[0] == sum("feed_back" in said for said in verbs)


def test_an_empty_denominator_is_a_dash_and_no_zero(db, director):
    assert all(one.share is None for one in readings(director, JUNE, at=AFTER))


def test_what_is_not_recorded_has_no_value_and_says_why(district, director):
    missing = [one for one in readings(director, JUNE, at=AFTER) if one.indicator.missing]

    assert {one.indicator.code for one in missing} == {"K02", "K16a", "K16c", "K16d"}
    assert all(one.share is None for one in missing)


def test_what_was_returned_is_nobodys_lateness(district, director):
    issue, people = district["late"], make.crew(district["qibao"])
    asked = ask(issue, Asked("return", "not_our_duty"), by=people["squad_leader"], at=minutes(30))
    decide(asked, is_granted=True, reason="不属该中队", by=people["dispatcher"], at=minutes(40))

    assert value(director, "K12") == (1, 2)
    assert value(director, "K15c") == (1, 3)
    assert value(director, "K07b") == (2, 3)


def test_a_rework_counts_once(district, director):
    issue = make.issue_in("verifying", district["qibao"])
    people = make.crew(district["qibao"])
    move_issue(issue, "rework", by=people["inspector"], at=minutes(20), note="仍有占道")
    move_issue(issue, "feed_back", by=people["squad_leader"], at=minutes(30), outcome="fixed",
               photos=[make.photo("red")])  # fmt: skip

    assert value(director, "K09") == (1, 2)


def test_what_is_not_due_yet_is_not_late(district, director):
    assert value(director, "K12", at=minutes(20)) == (0, 0)


def test_a_period_ends_with_its_last_day(district, director):
    before = Scope(date(2026, 6, 1), date(2026, 6, 21))

    assert value(director, "K10", before) == (0, 0)


def test_a_unit_counts_its_own_only(district):
    leader = make.crew(district["meilong"])["squad_leader"]

    assert value(leader, "K10") == (1, 1)


def test_a_lower_figure_is_named_better_where_it_is():
    assert {one.code for one in ALL if one.is_low_better} == {
        "K02", "K09", "K12", "K13", "K15a", "K15b", "K15c", "K15d",
    }  # fmt: skip


def test_the_page_costs_the_same_however_many(district, director):
    def queries():
        with CaptureQueriesContext(connection) as found:
            readings(director, JUNE, at=AFTER)
        return len(found)

    queries()
    before = queries()
    make.closed_issue(district["qibao"])

    assert queries() == before <= 13


def test_the_pages_open_one_into_the_other(district, director, client):
    client.force_login(director)
    period = {"first": "2026-06-01", "last": "2026-06-30"}
    with time_machine.travel(AFTER, tick=False):
        whole = client.get(reverse("grid:figures"), period)
        one = client.get(reverse("grid:figure", args=["K08b"]), {**period, "by": "organisation"})
        rows = client.get(reverse("grid:figure-rows", args=["K08b"]), period)

    assert whole.status_code == one.status_code == 200
    assert [row.issue for row in rows.context["rows"]] == [district["closed"]]


@pytest.mark.parametrize("query", ["first=2026-07-01&last=2026-06-01", "first=x", "first=2000-01-01", "unit=nowhere"])
def test_a_period_that_cannot_be_is_told_on_page_and_api(director, client, query):
    client.force_login(director)

    assert client.get(f"/figures/?{query}").status_code == 400
    assert client.get(f"/api/v1/figures/?{query}").status_code == 400


def test_the_api_tells_the_same_numbers(district, director, client):
    client.force_login(director)
    with time_machine.travel(AFTER, tick=False):
        told = client.get("/api/v1/figures/?first=2026-06-01&last=2026-06-30").json()
        by_unit = client.get("/api/v1/figures/?first=2026-06-01&last=2026-06-30&by=unit").json()

    found = {one["code"]: (one["counted"], one["of"], one["share"]) for one in told}
    units = {one["group"]: one["of"] for one in by_unit if one["code"] == "K10"}
    assert found["K08a"] == (1, 3, 1 / 3)
    assert units == {district["qibao"].pk: 2, district["meilong"].pk: 1}
    assert len(found) == len(BY_CODE)
