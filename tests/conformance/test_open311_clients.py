"""Published clients of GeoReport v2 talk to a running portal: `georeport` and `three` from the package registry."""

from __future__ import annotations

import importlib
import itertools
from datetime import timedelta

import pytest
import requests
from django.utils import timezone
from georeport import GeoReport

from bureau.desk.keys import issue_key
from bureau.models import Organisation, Role
from grid.models import Issue
from tests.make import bureau
from tests.make import grid as make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
JURISDICTION = "minhang.shanghai.gov.cn"


@pytest.fixture
def endpoint(live_server):
    make.cell(bureau.unit("qibao"))
    make.issue_type("C1")
    return f"{live_server.url}/open311/v2"


@pytest.fixture
def key():
    home = bureau.organisation(Organisation.Kind.PARTNER)
    account = bureau.officer(role=Role.PARTNER)
    return issue_key(account, at=timezone.now(), partner=home, expires_at=timezone.now() + timedelta(days=9))[1]


@pytest.fixture
def three():
    """Written for an older Python, where `filter` was called `ifilter`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(itertools, "ifilter", filter, raising=False)
        yield importlib.import_module("three.core").Three


@pytest.mark.parametrize("form", ["json", "xml"])
def test_georeport_reads_services_and_follows_a_report(endpoint, key, form):
    client = GeoReport(endpoint, jurisdiction=JURISDICTION, api_key=key, output_format=form)
    point = make.point(bureau.unit("qibao"))

    services = client.get_service_list()
    definition = client.get_service_definition("C1")
    number = reported(endpoint, key, point)
    told = client.get_service_requests(service_request_id=number)

    assert first(services)["service_code"] == definition["service_code"] == "C1"
    assert (first(told)["service_request_id"], first(told)["status"]) == (number, "open")
    assert first(client.get_service_request(number))["service_code"] == "C1"
    assert Issue.objects.get(number=number).channel == "open311"


def test_three_reads_services_reports_and_follows(endpoint, key, three):
    client = three(endpoint, api_key=key, jurisdiction=JURISDICTION)
    point = make.point(bureau.unit("qibao"))

    [service] = client.services()
    made = client.post(
        "C1", lat=point["latitude"], long=point["longitude"], address="七莘路1号", name="San Zhang",
        phone="13800000000", description="路口有人设摊", media=("a.jpg", make.photo().read(), "image/jpeg"),
    )  # fmt: skip
    number = made[0]["service_request_id"]

    assert service["service_code"] == "C1"
    assert [one["service_request_id"] for one in client.requests("C1")] == [number]
    assert client.request(number)[0]["lat"] == pytest.approx(point["latitude"])
    assert client.token(number)[0]["service_request_id"] == number
    assert Issue.objects.get(number=number).photos.count() == 1


def test_three_finds_an_endpoint_by_discovery(endpoint, three):
    found = three(endpoint).discovery()

    assert found["endpoints"][0]["specification"].endswith("GeoReport_v2")


def reported(endpoint, key, point):
    """This client only reads: the report is a plain form, as the specification writes it."""
    body = {"api_key": key, "service_code": "C1", "lat": point["latitude"], "long": point["longitude"],
            "description": "路口有人设摊"}  # fmt: skip
    answer = requests.post(f"{endpoint}/requests.json", data=body, timeout=20)
    return answer.json()[0]["service_request_id"]


def first(told):
    """JSON gives a list; XML read by the client gives what stands below the root, one or many."""
    if isinstance(told, dict):
        told = told.get("request", told)
    return told[0] if isinstance(told, list) else told
