"""Papers chosen in the list are printed as one PDF: at once up to twenty, in the background beyond."""

from __future__ import annotations

import io

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from pypdf import PdfReader

from bureau.desk.jobs import work_one
from bureau.desk.models import Job
from bureau.models import Role
from oversight import stacks
from oversight.models import Paper
from tests.make import bureau
from tests.make import oversight as make
from tests.oversight.test_printing import text_of

pytestmark = pytest.mark.django_db
at = bureau.shanghai


@pytest.fixture(autouse=True)
def _calendar() -> None:
    make.real_calendar()


def two_papers() -> list[Paper]:
    make.urging_paper()
    make.ladder.climb(at=at("2026-06-22 18:00:05"))
    return list(Paper.objects.order_by("issued_at"))


def signed_in(client, role: Role = Role.SUPERVISION, name: str = "supervisor"):
    client.force_login(make.seat(None, role, name))


def test_two_papers_are_one_pdf_in_the_order_of_issue(client):
    first, second = two_papers()
    signed_in(client)

    answer = client.post("/notices/print/", {"papers": [str(second.pk), str(first.pk)]})

    pages = PdfReader(io.BytesIO(answer.content)).pages
    assert answer["Content-Type"] == "application/pdf"
    assert len(pages) == 2
    assert text_of(answer.content).index("闵城管催") < text_of(answer.content).index("闵城管督")


def test_only_papers_that_one_reads_are_printed(client):
    other = make.urging_paper(bureau.unit("meilong"))
    first = make.urging_paper()
    client.force_login(make.seat(first.unit, Role.SQUAD_LEADER, f"{first.unit.slug}-leader"))

    answer = client.post("/notices/print/", {"papers": [str(first.pk), str(other.pk)]})

    assert len(PdfReader(io.BytesIO(answer.content)).pages) == 1
    assert other.number.replace("〔", "") not in text_of(answer.content).replace("〔", "")


@pytest.mark.parametrize("papers", [[], ["nonsense"], ["01a211e4-0000-7000-8000-000000000000"]])
def test_nothing_chosen_is_told_on_the_list(client, papers):
    signed_in(client)

    page = client.post("/notices/print/", {"papers": papers}, follow=True)

    assert "请至少选择一份文书。" in page.content.decode()


def test_a_large_stack_is_printed_in_the_background_and_opened_by_its_orderer_alone(client, monkeypatch):
    monkeypatch.setattr(stacks, "AT_ONCE", 1)
    papers = two_papers()
    signed_in(client)

    answer = client.post("/notices/print/", {"papers": [str(paper.pk) for paper in papers]})
    work_one(at=timezone.now())
    job = Job.objects.get(kind=stacks.KIND)
    file = client.get(job.document.get_absolute_url())
    signed_in(client, Role.DEPUTY, "deputy")

    with default_storage.open(job.document.original) as kept:
        assert len(PdfReader(kept).pages) == 2
    assert answer["Location"] == job.get_absolute_url()
    assert (job.state, job.done_steps) == ("done", job.all_steps)
    assert file.status_code == 200
    assert client.get(job.document.get_absolute_url()).status_code == 404


def test_the_list_offers_a_choice_and_the_button(client):
    first, _second = two_papers()
    signed_in(client)

    page = client.get("/notices/").content.decode()

    assert f'name="papers" value="{first.pk}"' in page
    assert "打印所选" in page
