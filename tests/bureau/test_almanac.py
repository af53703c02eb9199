"""The calendar in rows: loaded once, kept per process, replaced a year at a time."""

from datetime import date, time
from pathlib import Path

import pytest

from bureau.desk.almanac import DayRow, current_calendar, load_year, set_work_periods, year_table
from bureau.desk.models.calendar import CalendarDay, CalendarVersion, CalendarYear
from bureau.desk.refusal import Refusal
from bureau.loaders import calendar as loader
from tests.bureau.calendars import CALENDAR, at

pytestmark = pytest.mark.django_db
REFERENCE = Path(__file__).resolve().parents[2] / "reference" / "minhang"
NOW = at("2026-11-20 10:00")
NEXT_YEAR = [
    DayRow(date(2027, 1, 1), False, "元旦"),
    *(DayRow(date(2027, 10, n), False, "国庆节") for n in range(1, 8)),
    DayRow(date(2027, 10, 9), True, "国庆节调休上班"),
]


def test_the_rows_say_what_the_reference_file_says():
    loader.load(REFERENCE)

    loaded = current_calendar()

    assert loaded.years == CALENDAR.years
    assert loaded.marks == CALENDAR.marks
    assert loaded.periods_on(date(2015, 9, 14)) == ((time(9), time(12)), (time(13), time(18)))


def test_loading_the_reference_twice_changes_nothing():
    loader.load(REFERENCE)
    before = (CalendarVersion.objects.get().token, set(CalendarDay.objects.values_list("pk", flat=True)))

    loader.load(REFERENCE)

    assert (CalendarVersion.objects.get().token, set(CalendarDay.objects.values_list("pk", flat=True))) == before


def test_a_calendar_that_did_not_change_costs_one_query(django_assert_num_queries):
    loader.load(REFERENCE)
    first = current_calendar()

    with django_assert_num_queries(1):
        again = current_calendar()

    assert again is first


def test_loading_a_year_is_seen_at_once():
    assert current_calendar().is_provisional(date(2027, 1, 1), date(2027, 12, 31))

    load_year(2027, NEXT_YEAR, by=None, at=NOW, source="国办发明电〔2026〕1号")

    assert not current_calendar().is_provisional(date(2027, 1, 1), date(2027, 12, 31))
    assert not current_calendar().is_working_day(date(2027, 10, 4))


def test_loading_a_year_again_answers_only_what_changed():
    load_year(2027, NEXT_YEAR, by=None, at=NOW, source="first")

    changed = load_year(2027, NEXT_YEAR[:-1], by=None, at=NOW, source="second")

    assert changed == (NEXT_YEAR[-1],)
    assert CalendarYear.objects.get().source == "second"


@pytest.mark.parametrize(
    "rows",
    [
        [DayRow(date(2026, 1, 1), False, "元旦")],
        [DayRow(date(2027, 1, 1), False, "元旦"), DayRow(date(2027, 1, 1), False, "元旦")],
        [],
        [DayRow(date(2027, month, n), False, "?") for month in (1, 3) for n in range(1, 32)],
    ],
    ids=["another year", "twice", "no holidays", "too many"],
)
def test_days_that_cannot_be_a_year_are_refused_and_nothing_is_kept(rows):
    with pytest.raises(Refusal):
        load_year(2027, rows, by=None, at=NOW, source="wrong")

    assert not CalendarDay.objects.exists()
    assert not CalendarYear.objects.exists()


def test_a_bad_reference_row_is_named_by_file_line_and_column(tmp_path):
    (tmp_path / "calendar.csv").write_text("date,is_working,name\n2027-01-01,false,元旦\n2027-02-30,maybe,春节\n")

    with pytest.raises(Refusal) as refused:
        loader.load(tmp_path)

    pointers = [fault.pointer for fault in getattr(refused.value, "refusals", [refused.value])]
    assert pointers[:2] == ["/calendar.csv/3/date", "/calendar.csv/3/is_working"]
    assert not CalendarYear.objects.exists()


def test_overlapping_working_periods_are_refused():
    with pytest.raises(Refusal, match="overlap|重叠"):
        set_work_periods(date(2027, 1, 1), [(time(9), time(12)), (time(11), time(18))])


def test_the_table_of_a_year_has_every_day_and_its_sum():
    loader.load(REFERENCE)

    table = year_table(2026)

    assert (len(table.days), table.working_days, table.provisional) == (365, 248, False)
    assert year_table(2027).provisional
