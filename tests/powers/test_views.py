from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bureau.desk.contributions import search_sources
from tests.make import bureau
from tests.make import powers as make

pytestmark = pytest.mark.django_db


def test_everybody_reads_the_list_without_signing_in(client):
    make.power()

    response = client.get("/powers/")

    assert response.status_code == 200
    assert "参考清单，非本机关正式公布的清单" in response.content.decode()


def test_tabs_count_what_the_other_filters_leave(client):
    for code in ("CF-001", "CF-091", "QZ-001"):
        make.power(code)

    tabs = client.get("/powers/?q=CF&category=compulsory").context["tabs"]

    assert [tab["count"] for tab in tabs] == [2, 2, 0, 0, 0]
    assert [tab["is_here"] for tab in tabs] == [False, False, True, False, False]


@pytest.mark.parametrize("query", ["?colour=red", "?category=punishment", "?on=yesterday", "?edition=1999", "?q=%00"])
def test_a_wrong_filter_is_told_and_filters_nothing(client, query):
    make.power()

    response = client.get(f"/powers/{query}")

    assert response.status_code == 400
    assert response.context["page"].rows == []


def test_a_search_without_hits_says_so(client):
    make.power()

    told = client.get("/powers/?q=没有这样的").content.decode()

    assert "没有符合条件的权力事项" in told
    assert "参考清单，非本机关正式公布的清单" in told


def test_an_official_list_is_not_called_a_reference_list(client):
    official = make.edition()
    official.is_reference = False
    official.save()
    make.power()

    assert "参考清单，非本机关" not in client.get("/powers/").content.decode()


def queries_of(client, path: str) -> int:
    """How many queries the page runs once the frame has been asked before."""
    client.get(path)
    with CaptureQueriesContext(connection) as context:
        assert client.get(path).status_code == 200
    return len(context)


def test_the_list_runs_a_fixed_number_of_queries(client, django_assert_num_queries):
    for number in range(60):
        make.power(f"CF-{number:03d}")
    client.get("/powers/")

    with django_assert_num_queries(7):  # calendar, the editions of the filter, tabs, count, rows
        client.get("/powers/")


def test_an_item_is_shown_as_of_a_day(client):
    old, new = make.edition("2015", date(2015, 1, 28), date(2026, 12, 31)), make.edition("2027", date(2027, 1, 1))
    make.power("CF-001", old, fine_max=1000)
    make.power("CF-001", new, fine_max=5000)

    assert client.get("/powers/CF-001/?on=2026-06-22").context["power"].fine_max == 1000
    assert client.get("/powers/CF-001/?on=2027-06-22").context["power"].fine_max == 5000


def test_a_day_without_the_item_says_when_it_is_listed(client):
    make.power("CF-001", make.edition("2015", date(2015, 1, 28)))

    response = client.get("/powers/CF-001/?on=2014-01-01")

    assert response.status_code == 404
    assert "2015-01-28" in response.content.decode()


@pytest.mark.parametrize("path", ["CF-999/", "CF-001/?on=2026-13-01", "CF-001/?on=soon"])
def test_what_is_not_there_is_not_found(client, path):
    make.power()

    assert client.get(f"/powers/{path}").status_code == 404


def test_the_handbook_is_for_whoever_is_signed_in(client):
    assert client.get("/handbook/").status_code == 302


def test_the_handbook_shows_duties_that_cite_no_power(client):
    client.force_login(bureau.officer(bureau.unit()))
    make.handbook_item("SX-001")
    make.handbook_item("SX-257", power=None, kind="management")

    told = client.get("/handbook/?kind=management").context

    assert [item.code for item in told["page"].rows] == ["SX-257"]
    assert [tab["count"] for tab in told["tabs"]] == [2, 1, 0, 0, 0, 1]


def test_the_handbook_runs_as_many_queries_for_sixty_entries_as_for_one(client):
    client.force_login(bureau.officer(bureau.unit()))
    make.handbook_item("SX-000")
    few = queries_of(client, "/handbook/")
    for number in range(1, 61):
        make.handbook_item(f"SX-{number:03d}")

    assert queries_of(client, "/handbook/") == few


def test_an_item_shows_the_steps_of_its_handbook_entry(client):
    make.handbook_item("SX-001")

    assert "现场检查取证" in client.get("/powers/CF-001/").content.decode()


def test_powers_in_force_are_found_by_the_search_of_the_portal():
    ended = make.edition("2015", date(2015, 1, 28), date(2015, 12, 31))
    make.power("CF-001", ended)
    make.power("CF-001", make.edition("2016", date(2016, 1, 1)))

    found = search_sources.get("powers").find("设摊", None, 5)

    assert [(card.number, card.url) for card in found] == [("CF-001", "/powers/CF-001/")]
