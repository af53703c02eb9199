"""GeoReport v2 to the letter: formats, fields, errors, and what strangers never read (GeoReport_v2 at open311.org)."""

from __future__ import annotations

import json
from datetime import timedelta
from xml.etree import ElementTree

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from bureau.desk.keys import issue_key
from bureau.desk.models import Notice
from bureau.models import Organisation, Role
from grid.actions import move_issue
from grid.models import Issue, Reporter
from tests.make import bureau
from tests.make import grid as make

pytestmark = pytest.mark.django_db
V2 = "/open311/v2"


@pytest.fixture
def qibao():
    unit = bureau.unit("qibao")
    make.cell(unit)
    make.issue_type("C1")
    make.crew(unit)
    return unit


@pytest.fixture
def key():
    home = bureau.organisation(Organisation.Kind.PARTNER)
    account = bureau.officer(role=Role.PARTNER)
    return issue_key(account, at=timezone.now(), partner=home, expires_at=timezone.now() + timedelta(days=9))[1]


def said(qibao, key, **more):
    point = make.point(qibao)
    given = {"api_key": key, "service_code": "C1", "lat": point["latitude"], "long": point["longitude"],
             "description": "路口有人设摊", "address_string": "七莘路1号"}  # fmt: skip
    return {name: value for name, value in {**given, **more}.items() if value is not None}


def post(form="json", **body):
    return Client().post(f"{V2}/requests.{form}", body)


def number_of(response):
    return response.json()[0]["service_request_id"]


# shapes


def test_services_are_a_bare_array_with_string_codes_and_boolean_metadata(qibao):
    found = Client().get(f"{V2}/services.json").json()

    assert [(one["service_code"], one["metadata"], one["type"]) for one in found] == [("C1", True, "realtime")]


def test_in_xml_the_same_stands_below_services(qibao):
    answer = Client().get(f"{V2}/services.xml")

    root = ElementTree.fromstring(answer.content)
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    assert (root.tag, [one.tag for one in root], root.findtext("service/metadata")) == (
        "services", ["service"], "true",
    )  # fmt: skip


def test_a_definition_tells_its_attributes_and_an_unknown_code_is_not_found(qibao):
    found = Client().get(f"{V2}/services/C1.json").json()

    assert found["attributes"][0]["code"] == "occurred_at"
    assert Client().get(f"{V2}/services/Z9.json").status_code == 404


def test_discovery_names_the_endpoint_and_its_formats(qibao):
    found = Client().get("/open311/discovery.json").json()

    assert found["endpoints"][0]["formats"] == ["text/xml", "application/json"]
    assert found["endpoints"][0]["url"].endswith("/open311/v2")


def test_optional_fields_without_a_value_are_left_out(qibao, key):
    number = number_of(post(**said(qibao, key)))

    [told] = Client().get(f"{V2}/requests/{number}.json").json()
    assert "agency_responsible" not in told
    assert None not in told.values()


# reporting


def test_a_report_is_an_issue_with_its_caller_and_its_time(qibao, key):
    answer = post(**said(qibao, key, first_name="三", last_name="张", phone="13800000000",
                         **{"attribute[occurred_at]": "2026-06-22T08:00:00+08:00"}))  # fmt: skip

    issue = Issue.objects.get(number=number_of(answer))
    assert (answer.status_code, issue.channel, issue.unit, issue.type_id) == (201, "open311", qibao, "C1")
    assert Reporter.objects.get(issue=issue).phone == "13800000000"
    assert issue.occurred_at == bureau.shanghai("2026-06-22 08:00")


def test_a_photo_comes_along_as_media(qibao, key):
    answer = post(**said(qibao, key), media=make.photo())

    assert Issue.objects.get(number=number_of(answer)).photos.count() == 1


def test_a_cell_or_an_address_that_names_its_town_is_a_place(qibao, key):
    by_cell = post(**said(qibao, key, lat=None, long=None, address_id=make.cell(qibao).code))
    by_address = post(**said(qibao, key, lat=None, long=None, address_string=f"{qibao.name_zh}新龙路1号"))

    assert [Issue.objects.get(number=number_of(one)).unit for one in (by_cell, by_address)] == [qibao, qibao]


def test_a_token_is_the_number_and_an_unknown_one_is_not_found(qibao, key):
    number = number_of(post(**said(qibao, key)))

    assert Client().get(f"{V2}/tokens/{number}.json").json() == [{"service_request_id": number, "token": number}]
    assert Client().get(f"{V2}/tokens/nothing.json").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "status", "told"),
    [
        ({"api_key": "mh_x"}, 403, "api_key"),
        ({"api_key": None}, 403, "api_key"),
        ({"service_code": "Z9"}, 404, "service_code"),
        ({"service_code": None}, 400, "service_code"),
        ({"description": None}, 400, "description"),
        ({"lat": "north"}, 400, "lat"),
        ({"lat": None}, 400, "both"),
        ({"lat": None, "long": None, "address_string": None}, 400, "location"),
        ({"lat": "10", "long": "10"}, 400, "outside_district"),
        ({"jurisdiction_id": "shanghai"}, 404, "jurisdiction_id"),
        ({"media_url": "https://169.254.169.254/latest"}, 400, "media_url_forbidden"),
        ({"media_url": "file:///etc/passwd"}, 400, "media_url_forbidden"),
        ({"phone": "call me"}, 400, "phone"),
    ],
)
@pytest.mark.parametrize("form", ["json", "xml"])
def test_what_is_wrong_is_told_in_the_format_asked_for_and_nothing_is_kept(qibao, key, wrong, status, told, form):
    answer = post(form, **said(qibao, key, **wrong))

    if form == "json":
        errors = [(one["code"], one["description"]) for one in answer.json()]
    else:
        root = ElementTree.fromstring(answer.content)
        assert root.tag == "errors"
        errors = [(one.findtext("code"), one.findtext("description")) for one in root.findall("error")]
    assert answer.status_code == status
    assert any(code == str(status) and told in words for code, words in errors), errors
    assert not Issue.objects.exists()


def test_every_defect_is_told_together(qibao, key):
    answer = post(**said(qibao, key, service_code=None, description=None, lat="north"))

    assert len(answer.json()) == 3


def test_a_name_that_leads_to_a_private_address_is_not_called(qibao, key, settings, monkeypatch):
    settings.OPEN311_MEDIA_HOSTS = ["photos.example.org"]
    monkeypatch.setattr("socket.getaddrinfo", lambda *a, **k: [(2, 1, 6, "", ("10.0.0.5", 443))])
    monkeypatch.setattr("httpx.stream", lambda *a, **k: pytest.fail("a packet left"))

    answer = post(**said(qibao, key, media_url="https://photos.example.org/a.jpg"))

    assert (answer.status_code, "media_url_forbidden" in answer.json()[0]["description"]) == (400, True)


def test_a_session_counts_for_nothing_here(qibao):
    client = Client()
    client.force_login(make.crew(qibao)["operator"])

    assert client.post(f"{V2}/requests.json", said(qibao, "")).status_code == 403


def test_a_key_that_may_only_read_reports_nothing(qibao):
    account = bureau.officer(role=Role.PARTNER)
    home = bureau.organisation(Organisation.Kind.PARTNER)
    reading = issue_key(account, at=timezone.now(), partner=home, scopes=["read"])[1]

    assert post(**said(qibao, reading)).status_code == 403


# following


def test_strangers_read_neither_words_nor_callers_nor_issues_of_other_inlets(qibao, key):
    inner = make.reported_issue(qibao, at=timezone.now())
    number = number_of(post(**said(qibao, key, first_name="张三", phone="13800000000", description="某人的名字")))

    answer = Client().get(f"{V2}/requests.json")

    assert [one["service_request_id"] for one in answer.json()] == [number]
    for hidden in ("某人的名字", "张三", "13800000000", inner.number):
        assert hidden not in answer.content.decode()
    assert Client().get(f"{V2}/requests/{inner.number}.json").status_code == 404


def test_numbers_overrule_the_other_filters(qibao, key):
    number = number_of(post(**said(qibao, key)))
    query = {"service_request_id": number, "status": "closed", "start_date": "2020-01-01T00:00:00Z"}

    assert [one["status"] for one in Client().get(f"{V2}/requests.json", query).json()] == ["open"]


def test_requests_are_narrowed_by_code_status_and_time(qibao, key):
    post(**said(qibao, key))
    found = {
        query: len(Client().get(f"{V2}/requests.json?{query}").json())
        for query in ("service_code=C1", "service_code=C2", "status=open", "status=closed", "status=open,closed",
                      "end_date=2026-01-01T00:00:00Z")
    }  # fmt: skip

    assert list(found.values()) == [1, 0, 1, 0, 1, 0]


UNREADABLE = ("start_date=yesterday", "status=lost", "page=0", "page_size=9999", "end_date=2026-02-30T00:00:00Z")


@pytest.mark.parametrize("query", UNREADABLE)
def test_a_filter_that_cannot_be_read_is_told(qibao, query):
    answer = Client().get(f"{V2}/requests.json?{query}")

    assert answer.status_code == 400
    assert answer.json()[0]["description"].startswith(query.split("=")[0])


def test_without_dates_the_last_ninety_days_are_told(qibao, key):
    with time_machine.travel(timezone.now() - timedelta(days=91)):
        old = issue_key(bureau.officer(role=Role.PARTNER), at=timezone.now(), partner=bureau.organisation(
            Organisation.Kind.PARTNER), expires_at=timezone.now() + timedelta(days=9))[1]  # fmt: skip
        post(**said(qibao, old))

    assert Client().get(f"{V2}/requests.json").json() == []


def test_a_closed_one_says_how_it_ended(qibao, settings):
    issue = make.closed_issue(qibao, channel="open311")
    Issue.objects.filter(pk=issue.pk).update(outcome="not_fixable")

    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    [told] = client.get(f"{V2}/requests/{issue.number}.json").json()

    assert (told["status"], told["status_notes"]) == ("closed", "closed: not fixable")


def test_updates_tell_what_happened_without_the_words_of_persons(qibao, key):
    issue = Issue.objects.get(number=number_of(post(**said(qibao, key))))
    move_issue(issue, "accept", by=make.crew(qibao)["operator"], at=timezone.now(), note="来电人态度差")

    found = Client().get(f"{V2}/servicerequestupdates.json", {"service_request_id": issue.number})

    assert [one["status"] for one in found.json()] == ["open", "open"]
    assert "来电人态度差" not in found.content.decode()


def test_whoever_reported_adds_an_update_and_its_holder_is_told(qibao, key):
    number = number_of(post(**said(qibao, key)))
    body = {"api_key": key, "service_request_id": number, "description": "摊位又多了一个"}

    answer = Client().post(f"{V2}/servicerequestupdates.json", body)

    issue = Issue.objects.get(number=number)
    assert (answer.status_code, issue.entries.last().verb, issue.status) == (201, "remark", "reported")
    assert Notice.objects.filter(kind="remark").count() == 1


def test_nobody_adds_an_update_to_anothers_request(qibao, key):
    number = number_of(post(**said(qibao, key)))
    other = issue_key(bureau.officer(role=Role.PARTNER), at=timezone.now(),
                      partner=bureau.organisation(Organisation.Kind.PARTNER))[1]  # fmt: skip
    body = {"api_key": other, "service_request_id": number, "description": "x"}

    assert Client().post(f"{V2}/servicerequestupdates.json", body).status_code == 404


def test_the_list_costs_the_same_however_many(qibao, key, django_assert_num_queries):
    for _count in range(3):
        post(**said(qibao, key))

    with django_assert_num_queries(1):
        assert len(Client().get(f"{V2}/requests.json").json()) == 3


def test_letters_that_xml_cannot_hold_are_dropped_from_it(qibao, key):
    issue = Issue.objects.get(number=number_of(post(**said(qibao, key))))
    Issue.objects.filter(pk=issue.pk).update(address="七莘路\x0b1号<b>")

    root = ElementTree.fromstring(Client().get(f"{V2}/requests.xml").content)

    assert root.findtext("request/address") == "七莘路1号<b>"
    assert json.loads(Client().get(f"{V2}/requests.json").content)[0]["address"] == "七莘路\x0b1号<b>"
