from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.make import bureau
from tests.make import powers as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(client):
    client.force_login(bureau.officer(bureau.unit()))
    return client


def test_the_list_is_filtered_by_category_and_words(api):
    for code in ("CF-001", "CF-091", "QZ-001"):
        make.power(code)

    told = api.get("/api/v1/powers/?edition=&category=penalty&q=建筑").json()

    assert [row["code"] for row in told["results"]] == ["CF-091"]


def test_an_item_is_told_as_of_a_day(api):
    make.power("CF-001", make.edition("2015", date(2015, 1, 28), date(2026, 12, 31)))

    assert api.get("/api/v1/powers/CF-001/?on=2026-12-31").json()["edition"] == "2015"
    assert api.get("/api/v1/powers/CF-001/?on=2027-01-01").status_code == 404


@pytest.mark.parametrize(
    "path", ["powers/?colour=red", "powers/CF-001/?on=soon", "powers/?on=soon", "power-lists/?x=1"]
)
def test_what_the_api_does_not_know_it_refuses(api, path):
    make.power()

    assert api.get(f"/api/v1/{path}").status_code == 400


def test_editions_and_handbook_are_told(api):
    make.power()

    assert [row["code"] for row in api.get("/api/v1/power-lists/").json()["results"]] == ["2015"]
    assert api.get("/api/v1/handbook/").json()["results"] == []


def test_without_a_day_the_list_is_that_of_today(api):
    make.power("CF-001", make.edition("2015", date(2015, 1, 28), date(2015, 12, 31)))
    make.power("CF-091", make.edition("2016", date(2016, 1, 1)))

    codes = {
        query: [row["code"] for row in api.get(f"/api/v1/powers/{query}").json()["results"]]
        for query in ("", "?edition=", "?edition=2015", "?on=2015-12-31")
    }

    assert codes == {"": ["CF-091"], "?edition=": ["CF-091"], "?edition=2015": ["CF-001"], "?on=2015-12-31": ["CF-001"]}


def test_the_list_of_the_api_runs_as_many_queries_for_sixty_powers_as_for_one(api):
    make.power("CF-000")
    few = queries_of(api)
    for number in range(1, 61):
        make.power(f"CF-{number:03d}")

    assert queries_of(api) == few


def queries_of(api) -> int:
    with CaptureQueriesContext(connection) as context:
        assert api.get("/api/v1/powers/").status_code == 200
    return len(context)
