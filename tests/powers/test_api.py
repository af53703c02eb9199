from datetime import date

import pytest

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

    told = api.get("/api/v1/powers/?category=penalty&q=建筑").json()

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
