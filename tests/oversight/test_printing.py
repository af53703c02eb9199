"""Papers as official PDF: made once, confirmed by their code, and no value of theirs is ever read as markup."""

from __future__ import annotations

import io
import re

import pypdfium2
import pytest
import zxingcpp
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction
from pypdf import PdfReader

from bureau.desk.models import Imprint
from bureau.desk.press import Made, compose, new_code
from bureau.models import Role
from oversight.models import Paper
from oversight.printing import pdf_of, words_of
from tests.make import bureau, minutes
from tests.make import oversight as make_oversight

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper() -> Paper:
    make_oversight.real_calendar()
    return make_oversight.urging_paper()


def content_of(paper: Paper) -> bytes:
    with default_storage.open(pdf_of(paper, at=minutes(400)).original) as file:
        return file.read()


def text_of(content: bytes) -> str:
    return re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))


def test_the_paper_bears_number_addressee_case_and_code(paper):
    text = text_of(content_of(paper))

    code = Imprint.objects.get().code
    for said in (paper.number, "催办通知书", paper.facts["to"], paper.facts["number"], code):
        assert re.sub(r"\s", "", said) in text


def test_it_is_made_once_and_the_same_file_ever_after(paper):
    first = pdf_of(paper, at=minutes(400))

    again = pdf_of(paper, at=minutes(900))

    assert (again.pk, again.sha256) == (first.pk, first.sha256)
    assert Imprint.objects.count() == 1


def test_the_square_on_its_page_leads_to_the_confirmation(paper, settings):
    page = pypdfium2.PdfDocument(content_of(paper))[0].render(scale=3).to_pil()

    read = zxingcpp.read_barcodes(page)

    assert [found.text for found in read] == [f"{settings.PUBLIC_URL}/verify/{Imprint.objects.get().code}/"]


def test_a_value_that_looks_like_markup_is_printed_as_it_is(paper):
    paper.facts["place"] = '#read("official.typ") $x$ *b*'

    assert '#read("official.typ")$x$*b*' in text_of(content_of(paper))


def test_a_late_paper_says_so(paper):
    paper.is_late = True

    said = "".join(words_of(paper, Paper.Kind.URGING)["closing"])

    assert "2026年6月22日14:00发出" in said


def test_R16_a_paper_in_time_says_nothing_of_lateness(paper):
    assert len(words_of(paper, Paper.Kind.URGING)["closing"]) == 1


def test_anybody_confirms_it_without_seeing_what_it_says(paper, client):
    pdf_of(paper, at=minutes(400))

    page = client.get(f"/verify/{Imprint.objects.get().code.lower()}/").content.decode()

    assert paper.number in page
    assert paper.facts["number"] not in page
    assert paper.facts["place"] not in page


def test_an_unknown_code_is_answered_without_a_hint(client, paper):
    answer = client.get(f"/verify/{new_code()}/")

    assert answer.status_code == 404
    assert "没有文书使用此验证码" in answer.content.decode()


def test_an_imprint_is_never_changed(paper):
    pdf_of(paper, at=minutes(400))

    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Imprint.objects.update(number="x")


def test_who_may_not_read_the_paper_gets_no_pdf(paper, client):
    client.force_login(bureau.officer(bureau.unit("meilong"), Role.SQUAD_LEADER))

    assert client.get(f"{paper.get_absolute_url()}pdf/").status_code == 404
    assert client.get(f"/api/v1/notices/{paper.pk}/pdf/").status_code == 404


def test_page_and_api_answer_the_same_file(paper, client):
    client.force_login(make_oversight.seat(None, Role.SUPERVISION, "supervisor"))

    page = b"".join(client.get(f"{paper.get_absolute_url()}pdf/").streaming_content)
    told = b"".join(client.get(f"/api/v1/notices/{paper.pk}/pdf/").streaming_content)

    assert page == told
    assert page.startswith(b"%PDF-")


def test_a_paper_issued_at_any_microsecond_of_any_zone_is_typeset():
    from_the_clock = bureau.shanghai("2026-06-22 14:00:10").replace(microsecond=123456)
    values = {"to": "七宝镇", "opening": "", "rows": [], "closing": [], "date": "", "withdrawn": "", "labels": {
        "code": "验证码", "seal": "（印章）"}}  # fmt: skip

    pressed = compose(Made("urging", "1号", "区局", "催办通知书", from_the_clock), "notice", values)

    assert pressed.content.startswith(b"%PDF")
