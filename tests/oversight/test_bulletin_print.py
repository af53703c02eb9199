"""The bulletin on paper: made in the background, once, for whoever reads every unit's rows."""

from __future__ import annotations

import io
from time import perf_counter

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from pypdf import PdfReader

from bureau.desk import jobs, press
from bureau.desk.models import Imprint, Job
from bureau.models import Role
from oversight import bulletins, ladder
from oversight.bulletin_print import made_of, order_pdf, words_of
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
def bulletin():
    make_oversight.real_calendar()
    found = [make.dispatched_issue(bureau.unit(slug)) for slug in ("qibao", "meilong")]
    for unit in {issue.unit for issue in found}:
        make_oversight.seats(unit)
    ladder.climb(at=at("2026-06-26 18:00"))
    return bulletins.publish_weekly(at=MONDAY_NINE)


def printed_text(document):
    with default_storage.open(document.original) as file:
        return "".join(page.extract_text() for page in PdfReader(io.BytesIO(file.read())).pages)


def test_it_names_each_red_light_and_the_hash_of_its_figures(bulletin, supervisor):
    job = order_pdf(bulletin, by=supervisor, at=MONDAY_NINE)

    jobs.work_one(at=MONDAY_NINE)

    job.refresh_from_db()
    text = printed_text(job.document).replace("\n", "").replace(" ", "")
    assert bulletin.sha256 in text
    assert all(row["number"] in text for row in bulletin.content["reds"])
    assert "全区红灯（超时）事项共2件" in text


def test_two_who_order_it_get_the_same_file(bulletin, supervisor):
    director = make_oversight.seat(None, Role.DIRECTOR, "director")
    orders = [order_pdf(bulletin, by=who, at=MONDAY_NINE) for who in (supervisor, director)]

    while jobs.work_one(at=MONDAY_NINE):
        pass

    documents = {Job.objects.get(pk=order.pk).document_id for order in orders}
    assert len(documents) == 1
    assert Imprint.objects.get(document__in=documents).title == "红灯超时案件通报"


def test_whoever_reads_one_unit_only_gets_no_print_of_all(bulletin, supervisor, client):
    order_pdf(bulletin, by=supervisor, at=MONDAY_NINE)
    jobs.work_one(at=MONDAY_NINE)
    document = press.printed(bulletin)
    client.force_login(make_oversight.seat(bureau.unit("qibao"), Role.UNIT_DESK, "qibao_desk"))

    assert client.get(bulletin.get_absolute_url()).status_code == 200
    assert client.get(reverse("oversight:bulletin-pdf", args=[bulletin.pk])).status_code == 404
    assert client.get(f"/api/v1/bulletins/{bulletin.pk}/pdf/").status_code == 404
    assert client.get(document.get_absolute_url()).status_code == 404


def test_the_page_orders_it_and_then_opens_it(bulletin, supervisor, client):
    client.force_login(supervisor)
    url = reverse("oversight:bulletin-pdf", args=[bulletin.pk])

    answer = client.post(url)
    jobs.work_one(at=MONDAY_NINE.max.replace(tzinfo=MONDAY_NINE.tzinfo))

    assert answer.url == Job.objects.get().get_absolute_url()
    assert client.get(url)["Content-Type"] == "application/pdf"


def test_the_api_answers_202_with_the_job_and_404_until_it_is_made(bulletin, supervisor, client):
    client.force_login(supervisor)
    url = f"/api/v1/bulletins/{bulletin.pk}/pdf/"

    assert client.get(url).status_code == 404
    answer = client.post(url, content_type="application/json")

    assert (answer.status_code, answer.json()["state"]) == (202, "waiting")


def test_five_hundred_red_lights_are_typeset_within_ten_seconds(bulletin):
    content = {**bulletin.content, "reds": bulletin.content["reds"] * 250}
    many = Bulletin(number="闵城管通〔2026〕9号", frozen_at=MONDAY_NINE, content=content, sha256="0" * 64)

    began = perf_counter()
    pressed = press.compose(made_of(many), "bulletin", words_of(many))

    assert perf_counter() - began < 10
    assert len(PdfReader(io.BytesIO(pressed.content)).pages) > 10
