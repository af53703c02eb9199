"""One notice instead of two, by a figure of the rules; and a paper that comes late says so (R16)."""

from __future__ import annotations

import io

import pytest
from django.core.files.storage import default_storage
from pypdf import PdfReader

from bureau.desk import figures
from bureau.desk.models import Entry, Figure, Notice
from bureau.desk.refusal import BadValue
from oversight.models import Paper, Rung
from oversight.printing import pdf_of
from tests.make import bureau, grid
from tests.make import oversight as make
from tests.oversight.test_printing import text_of

pytestmark = pytest.mark.django_db
at = bureau.shanghai


@pytest.fixture(autouse=True)
def _calendar() -> None:
    make.real_calendar()


def combine(on: str = "2026-06-01", value: str = "combined") -> None:
    Figure.objects.create(name="oversight_notice_form", value=value, valid_from=on, set_at=at("2026-06-01 09:00"))


def test_the_combined_notice_has_its_own_series_and_no_second_paper_follows():
    combine()

    paper = make.urging_paper()
    make.ladder.climb(at=at("2026-06-22 18:00:05"))

    assert [one.number for one in Paper.objects.all()] == ["闵城管催督〔2026〕1号"]
    assert (paper.kind, paper.rectify_by) == ("combined", at("2026-06-22 18:00"))
    assert paper.facts["second_by"] == "2026-06-23T14:00:00+08:00"
    assert set(Rung.objects.values_list("name", flat=True)) >= {"urge", "supervise"}


def test_at_the_second_rung_trail_and_messages_name_the_same_paper_and_the_second_period():
    combine()
    paper = make.urging_paper()

    make.ladder.climb(at=at("2026-06-22 18:00:05"))

    line = Entry.objects.about(paper.subject).get(verb="supervise")
    message = Notice.objects.filter(kind="clock_supervise").first()
    assert line.facts["paper"] == paper.number
    assert line.facts["rectify_by"] == "2026-06-23T14:00:00+08:00"
    assert (message.params["paper"], message.params["by"]) == (paper.number, "06-23 14:00")


def test_a_late_sweep_over_both_rungs_brings_one_combined_paper():
    combine()
    unit = bureau.unit()
    make.seats(unit)
    make.clock_on(make.reported_at(grid.MONDAY, unit), "4 working_hours", at=grid.MONDAY)

    make.ladder.climb(at=at("2026-06-23 09:00"))

    assert Paper.objects.get().kind == "combined"


def test_a_change_of_the_figure_between_the_rungs_loses_no_paper():
    combine(on="2026-06-23")  # Monday's urging notice was one of two, so its supervision notice comes on Tuesday
    unit = bureau.unit()
    make.seats(unit)
    make.clock_on(make.reported_at(grid.MONDAY, unit), "8 working_hours", at=grid.MONDAY)
    make.ladder.climb(at=at("2026-06-22 18:00:05"))

    make.ladder.climb(at=at("2026-06-23 14:00:05"))

    assert sorted(Paper.objects.values_list("kind", flat=True)) == ["supervision", "urging"]


def test_the_figure_takes_only_the_two_forms():
    with pytest.raises(BadValue) as refused:
        figures.checked("oversight_notice_form", "separate", "none")

    assert refused.value.code == "invalid_choice"


def test_the_combined_pdf_names_both_periods_and_the_copy():
    combine()
    paper = make.urging_paper()

    with default_storage.open(pdf_of(paper, at=at("2026-06-22 15:00")).original) as file:
        content = file.read()

    text = text_of(content)
    assert "催办督办通知书" in text
    assert "2026年6月22日18:00" in text
    assert "2026年6月23日14:00" in text
    assert f"承办机构（抄送）{paper.facts['handler']}" in text
    assert len(PdfReader(io.BytesIO(content)).pages) == 1


@pytest.mark.parametrize(
    ("raised", "is_late"),
    [
        ("2026-06-22 14:00:10", False),
        ("2026-06-22 15:00:00", False),
        ("2026-06-22 15:00:01", True),
        ("2026-06-23 09:00:00", True),
    ],
)
def test_R16_a_paper_raised_more_than_one_working_hour_late_says_so(raised, is_late):
    unit = bureau.unit()
    make.seats(unit)
    make.clock_on(make.reported_at(grid.MONDAY, unit), "4 working_hours", at=grid.MONDAY)

    make.ladder.climb(at=at(raised))

    paper = Paper.objects.get(kind="urging")
    with default_storage.open(pdf_of(paper, at=at("2026-06-23 10:00")).original) as file:
        text = text_of(file.read())
    assert paper.is_late is is_late
    assert ("应于2026年6月22日14:00发出" in text) is is_late


def test_R16_hours_outside_working_time_make_no_paper_late():
    unit = bureau.unit()
    make.seats(unit)
    make.clock_on(make.reported_at(grid.MONDAY, unit), "8 working_hours", at=grid.MONDAY)  # red at 18:00

    make.ladder.climb(at=at("2026-06-23 10:00"))

    assert Paper.objects.get(kind="urging").is_late is False
