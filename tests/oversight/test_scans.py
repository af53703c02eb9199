"""A signed and sealed scan goes back to its paper by the QR on each page; the rest waits in the tray."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from pypdf import PdfReader, PdfWriter

from bureau.desk.models import Document, Entry
from bureau.desk.refusal import BadValue, IllegalTransition, LawRefused, NotYourMove
from bureau.models import Role
from oversight.actions import assign_page, file_scan, set_page_aside
from oversight.models import Paper, Scan, ScanPage
from oversight.printing import pdf_of
from oversight.scan_reading import bound
from tests.make import bureau, grid
from tests.make import oversight as make
from tests.oversight.test_replies import pdf

pytestmark = pytest.mark.django_db
at = bureau.shanghai
SCANNED, LATER = at("2026-06-22 17:00"), at("2026-06-22 17:30")


@pytest.fixture(autouse=True)
def _calendar() -> None:
    make.real_calendar()


def supervisor():
    return make.seat(None, Role.SUPERVISION, "supervisor")


def print_of(paper: Paper) -> bytes:
    with default_storage.open(pdf_of(paper, at=at("2026-06-22 16:00")).original) as file:
        return file.read()


def as_scanned(content: bytes, *, scale: float = 2.0, kind: str = "JPEG") -> bytes:
    """The first page as a picture, as a scanner gives it: 144 dpi, grey, slightly turned."""
    image = pypdfium2.PdfDocument(content)[0].render(scale=scale).to_pil().convert("L")
    out = io.BytesIO()
    image.rotate(1.5, expand=True, fillcolor=255).save(out, kind)
    return out.getvalue()


def upload(content: bytes, name: str = "scan.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def filed(content: bytes, name: str = "scan.pdf") -> Scan:
    return file_scan(upload(content, name), by=supervisor(), at=SCANNED)


def test_a_scanned_pdf_lies_with_its_paper_and_the_original_is_sealed():
    paper = make.urging_paper()
    content = as_scanned(print_of(paper), kind="PDF")

    scan = filed(content)

    document = Document.objects.about(paper).get(kind=Document.Kind.SCAN)
    sealed = Document.objects.about(scan).get()
    assert scan.pages.get().paper == paper
    assert document.unit_id == paper.unit_id
    with default_storage.open(sealed.original) as file:
        assert file.read() == content


def test_a_page_that_the_scanner_wrote_down_as_a_poster_is_read_too():
    paper = make.urging_paper()
    reader = PdfReader(io.BytesIO(print_of(paper)))
    writer = PdfWriter()
    writer.add_page(reader.pages[0]).scale_by(8)
    out = io.BytesIO()
    writer.write(out)

    assert filed(out.getvalue()).pages.get().paper == paper


def test_a_photo_of_the_page_does_as_well():
    paper = make.urging_paper()

    scan = filed(as_scanned(print_of(paper)), "photo.jpg")

    assert scan.pages.get().paper == paper
    assert Document.objects.about(paper).get(kind=Document.Kind.SCAN).content_type == "application/pdf"


def test_a_scan_of_several_papers_is_split_and_pages_of_one_stay_together():
    first, second = make.urging_paper(), make.issued_by_hand(bureau.unit("meilong"))
    one, two = print_of(first), print_of(second)

    scan = filed(bound([one, two, one]))

    pages = list(scan.pages.values_list("place", "paper__number"))
    own = Document.objects.about(first).get(kind=Document.Kind.SCAN)
    with default_storage.open(own.original) as file:
        assert len(PdfReader(file).pages) == 2
    assert pages == [(1, first.number), (2, second.number), (3, first.number)]
    assert Document.objects.about(second).filter(kind=Document.Kind.SCAN).count() == 1


def test_both_trails_name_the_scan_by_its_hash():
    paper = make.urging_paper()

    filed(as_scanned(print_of(paper), kind="PDF"))

    line = Entry.objects.about(paper).get(verb="file_scan")
    document = Document.objects.about(paper).get(kind=Document.Kind.SCAN)
    assert (line.facts["sha256"], line.facts["is_by_hand"]) == (document.sha256, False)
    assert Entry.objects.about(paper.subject).filter(verb="file_scan").exists()


def test_a_page_without_a_readable_code_waits_in_the_tray():
    paper = make.urging_paper()

    scan = filed(bound([print_of(paper), pdf()]))

    assert [page.paper_id for page in scan.pages.all()] == [paper.pk, None]
    assert ScanPage.objects.waiting().count() == 1


def test_a_code_that_is_not_ours_files_nothing(monkeypatch):
    paper = make.urging_paper()
    content = print_of(paper)
    monkeypatch.setattr("oversight.actions.scans.imprint_of", lambda code: None)

    scan = filed(content)

    assert scan.pages.get().paper is None


def test_nobody_outside_the_bureau_files_a_scan():
    paper = make.urging_paper()
    leader = make.seat(paper.unit, Role.SQUAD_LEADER, f"{paper.unit.slug}-leader")

    with pytest.raises(NotYourMove):
        file_scan(upload(print_of(paper)), by=leader, at=SCANNED)

    assert not Scan.objects.exists()


def test_the_same_file_again_is_kept_once():
    paper = make.urging_paper()
    content = as_scanned(print_of(paper), kind="PDF")

    first, again = filed(content), filed(content)

    assert first.pk == again.pk
    assert Document.objects.about(paper).filter(kind=Document.Kind.SCAN).count() == 1


def test_a_clerk_assigns_a_waiting_page_by_number_and_it_is_logged():
    paper = make.urging_paper()
    page = make.waiting_page()

    assign_page(page, paper.number.replace("〔", "[").replace("〕", "] "), by=supervisor(), at=LATER)

    line = Entry.objects.about(paper).get(verb="file_scan")
    assert (page.paper, page.settled_by, page.settled_at) == (paper, supervisor(), LATER)
    assert (line.by, line.facts["is_by_hand"]) == (supervisor(), True)
    assert Document.objects.about(paper).filter(kind=Document.Kind.SCAN).count() == 1


def test_an_unknown_number_is_refused_by_its_field_and_the_page_waits_on():
    page = make.waiting_page()

    with pytest.raises(BadValue) as refused:
        assign_page(page, "闵城管催〔2026〕99号", by=supervisor(), at=LATER)

    assert (refused.value.code, refused.value.pointer) == ("unknown_number", "/number")
    assert ScanPage.objects.waiting().count() == 1


def test_a_page_of_no_paper_is_set_aside_with_a_reason_and_stays():
    page = make.waiting_page()

    with pytest.raises(BadValue):
        set_page_aside(page, " ", by=supervisor(), at=LATER)
    set_page_aside(page, "白页。", by=supervisor(), at=LATER)
    with pytest.raises(IllegalTransition) as twice:
        set_page_aside(page, "再次", by=supervisor(), at=LATER)

    assert twice.value.code == "already_settled"
    assert ScanPage.objects.get().set_aside_for == "白页。"
    assert Entry.objects.about(page.scan).order_by("-seq").first().note == "白页。"


def test_a_settled_page_is_never_changed_in_sql():
    set_page_aside(make.waiting_page(), "白页。", by=supervisor(), at=LATER)

    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        ScanPage.objects.update(set_aside_for="x")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"PK\x03\x04 office", "type_not_allowed"),
        (b"%PDF-1.7 broken", "damaged_file"),
        (pdf(script=True), "active_file"),
        (pdf(password="x"), "locked_file"),
        (pdf(pages=21), "too_many_pages"),
    ],
)
def test_a_bad_file_is_refused_clearly_and_nothing_is_kept(content, code):
    with pytest.raises((BadValue, LawRefused)) as refused:
        filed(content)

    assert refused.value.code == code
    assert not Scan.objects.exists()


def test_the_page_takes_a_scan_shows_the_tray_and_assigns(client):
    paper = make.urging_paper()
    client.force_login(supervisor())

    client.post("/notices/scans/", {"file": upload(bound([print_of(paper), pdf()]))})
    shown = client.get("/notices/scans/")
    page = ScanPage.objects.waiting().get()
    picture = client.get(Document.objects.about(page).get().get_absolute_url())
    client.post(f"/notices/scans/pages/{page.pk}/", {"verb": "assign", "number": paper.number})

    assert paper.number in shown.content.decode()
    assert picture["Content-Type"] == "image/jpeg"
    assert ScanPage.objects.waiting().count() == 0
    assert "扫描件" in client.get(paper.get_absolute_url()).content.decode()


def test_the_page_tells_a_bad_file_at_its_field(client):
    client.force_login(supervisor())

    answer = client.post("/notices/scans/", {"file": upload(b"MZ", "a.exe")})

    assert answer.status_code == 422
    assert "type_not_allowed" in answer.content.decode()


@pytest.mark.parametrize("role", [Role.SQUAD_LEADER, Role.SHIFT_LEADER, Role.DISTRICT_SUPERVISION])
def test_the_tray_is_the_bureaus_alone(client, role):
    page = make.waiting_page()
    client.force_login(bureau.officer(bureau.unit(), role))

    assert client.get("/notices/scans/").status_code == 404
    assert client.post(f"/notices/scans/pages/{page.pk}/", {"verb": "assign", "number": "x"}).status_code == 404


def test_the_unit_reads_the_scan_of_its_paper_and_a_stranger_does_not(client):
    paper = make.urging_paper()
    filed(as_scanned(print_of(paper), kind="PDF"))
    url = Document.objects.about(paper).get(kind=Document.Kind.SCAN).get_absolute_url()

    client.force_login(make.seat(paper.unit, Role.SQUAD_LEADER, f"{paper.unit.slug}-leader"))
    own = client.get(url).status_code
    client.force_login(bureau.officer(bureau.unit("meilong"), Role.SQUAD_LEADER))

    assert (own, client.get(url).status_code) == (200, 404)


def test_the_tray_asks_a_fixed_number_of_questions(client, django_assert_max_num_queries):
    make.waiting_page()
    file_scan(grid.photo("red"), by=supervisor(), at=LATER)
    client.force_login(supervisor())
    client.get("/notices/scans/")

    with django_assert_max_num_queries(14):
        client.get("/notices/scans/")


def test_the_api_files_a_scan_and_settles_its_pages(client):
    paper = make.urging_paper()
    client.force_login(supervisor())

    scan = client.post("/api/v1/notices/scans/", {"file": upload(bound([print_of(paper), pdf()]))})
    waiting = scan.json()["pages"][1]["id"]
    bare = client.post(f"/api/v1/notices/scans/pages/{waiting}/", {"verb": "assign"}, content_type="application/json")
    done = client.post(
        f"/api/v1/notices/scans/pages/{waiting}/", {"verb": "set_aside", "why": "白页"}, content_type="application/json"
    )

    assert (scan.status_code, scan.json()["pages"][0]["paper"]) == (201, paper.number)
    assert (bare.status_code, bare.json()["code"]) == (400, "required")
    assert done.json()["set_aside_for"] == "白页"
