"""The calendar page: everybody signed in reads it, the bureau's leaders enter a year."""

from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bureau.desk.almanac import current_calendar
from bureau.desk.models.calendar import CalendarYear
from bureau.loaders import calendar as loader
from bureau.models import Officer, Organisation, Posting, Role
from tests.bureau.calendars import at

pytestmark = pytest.mark.django_db
REFERENCE = Path(__file__).resolve().parents[2] / "reference" / "minhang"
GOOD = "date,kind,name\n2027-01-01,holiday,元旦\n" + "".join(f"2027/10/{n},放假,国庆节\n" for n in range(1, 8))
NOTICE = {"year": 2027, "source": "国务院办公厅通知"}


@pytest.fixture
def bureau():
    return Organisation.objects.create(
        code="bureau", name_zh="局", name_en="Bureau", kind="bureau", valid_from=date(2015, 1, 28)
    )


@pytest.fixture
def signed_in(client, bureau):
    """A client of someone who holds the role."""

    def sign_in(role):
        officer = Officer.objects.create(username=f"the_{role}", name="某人")
        Posting.objects.create(officer=officer, organisation=bureau, role=role, starts_at=at("2015-01-28 09:00"))
        client.force_login(officer)
        return client

    loader.load(REFERENCE)
    return sign_in


def test_a_visitor_is_sent_to_sign_in(client):
    assert client.get("/calendar/").status_code == 302


def test_a_loaded_year_shows_its_sum_and_its_holidays(signed_in):
    page = signed_in(Role.OPERATOR).get("/calendar/?year=2026").content.decode()

    assert "248" in page
    assert "国庆节" in page
    assert "note prov" not in page
    assert "/calendar/enter/" not in page


def test_an_unloaded_year_says_that_it_is_provisional(signed_in):
    assert "note prov" in signed_in(Role.DIRECTOR).get("/calendar/?year=2027").content.decode()


@pytest.mark.parametrize("year", ["1949", "2100", "abc", "", "二〇二六", "99999999999999999999"])
def test_a_year_that_has_no_calendar_is_not_found(signed_in, year):
    assert signed_in(Role.OPERATOR).get("/calendar/", {"year": year}).status_code == 404


def test_the_page_runs_a_fixed_number_of_queries(signed_in, django_assert_max_num_queries):
    client = signed_in(Role.DIRECTOR)
    client.get("/calendar/?year=2026")

    with django_assert_max_num_queries(12):
        client.get("/calendar/?year=2026")


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SYSADMIN, Role.LEGAL])
def test_only_leaders_may_enter_a_year(signed_in, role):
    client = signed_in(role)

    assert client.get("/calendar/enter/").status_code == 403
    assert client.post("/calendar/enter/", NOTICE | {"rows": GOOD, "step": "load"}).status_code == 403
    assert not CalendarYear.objects.filter(year=2027).exists()


def test_looking_first_keeps_nothing_and_shows_what_would_be_loaded(signed_in):
    upload = SimpleUploadedFile("2027.csv", GOOD.encode("gb18030"))

    page = signed_in(Role.DIRECTOR).post("/calendar/enter/", NOTICE | {"file": upload, "step": "look"})

    assert page.status_code == 200
    assert "2027/10/7,放假,国庆节" in page.content.decode()
    assert page.context["preview"]["working_days"] == 255
    assert not CalendarYear.objects.filter(year=2027).exists()


def test_loading_a_year_makes_it_count(signed_in):
    page = signed_in(Role.DEPUTY).post("/calendar/enter/", NOTICE | {"rows": GOOD, "step": "load"})

    assert (page.status_code, page.url) == (302, "/calendar/?year=2027")
    assert 2027 in current_calendar().years
    assert CalendarYear.objects.get(year=2027).loaded_by.username == "the_deputy"


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ("2027-01-01,holiday,元旦\n2027-02-30,holiday,春节", 2),
        ("2027-01-01,party,元旦", 1),
        ("2027-01-01", 1),
        ("2027-01-01,holiday,", 1),
        ("2027-01-01,holiday,元旦\n\n2026-10-01,holiday,国庆节", 3),
        ("date,kind,name\n2027-01-01,holiday,元旦\n2027-01-01,holiday,元旦", 3),
    ],
)
def test_a_bad_row_is_named_by_its_line_and_nothing_typed_is_lost(signed_in, rows, line):
    page = signed_in(Role.DIRECTOR).post("/calendar/enter/", NOTICE | {"rows": rows, "step": "load"})

    assert page.status_code == 400
    assert any(str(line) in error for error in page.context["form"].errors["rows"])
    assert rows.splitlines()[0] in page.content.decode()
    assert not CalendarYear.objects.filter(year=2027).exists()


def test_a_file_that_is_no_text_is_refused(signed_in):
    upload = SimpleUploadedFile("2027.csv", bytes([0x81, 0xFF, 0x00, 0xFE]) * 50)

    page = signed_in(Role.DIRECTOR).post("/calendar/enter/", NOTICE | {"file": upload, "step": "look"})

    assert page.status_code == 400
    assert "file" in page.context["form"].errors
