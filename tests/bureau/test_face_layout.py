"""Words of time, the ruler and the timesheet: pure layout."""

from __future__ import annotations

import pytest
from django.utils import translation

from bureau.face import ruler, why, words
from tests.bureau import kit
from tests.bureau.kit import at


@pytest.mark.parametrize(
    ("seconds", "kind", "chinese", "english"),
    [
        (4800, "working_hours", "余 1:20", "1:20 left"),
        (-8400, "working_hours", "超 2:20", "2:20 over"),
        (0, "working_hours", "余 0:00", "0:00 left"),
        (1, "working_hours", "余 0:01", "0:01 left"),
        (-59, "working_hours", "超 0:00", "0:00 over"),
        (8 * 3600, "working_hours", "余 1 日", "1 d left"),
        (26 * 3600, "working_days", "余 3 日 2 时", "3 d 2 h left"),
        (43 * 86400 + 3600, "natural_days", "余 43 日", "43 d left"),
        (5 * 3600, "clock_hours", "余 5:00", "5:00 left"),
    ],
)
def test_what_is_left_is_said_in_hours_below_a_day_and_in_days_above(seconds, kind, chinese, english):
    with translation.override("zh-hans"):
        assert words.remaining(seconds, kind) == chinese
    with translation.override("en"):
        assert words.remaining(seconds, kind) == english


def test_an_instant_shows_its_year_only_when_it_is_another():
    now = at("06-22 15:20")

    assert words.instant(at("06-23 12:00"), now=now) == "06-23 12:00"
    assert words.instant(at("06-23 12:00").replace(year=2027), now=now) == "2027-06-23 12:00"


def test_a_moment_near_now_is_said_as_people_say_it():
    now = at("06-22 15:20")

    with translation.override("zh-hans"):
        told = [
            words.moment(at(text), now=now) for text in ("06-22 18:00", "06-23 12:00", "06-21 09:00", "06-24 12:00")
        ]

    assert told == ["今天 18:00", "明天 12:00", "昨天 09:00", "06-24 12:00"]


def test_the_ruler_keeps_its_geometry_in_every_size():
    for size, (width, _height) in ruler.SIZES.items():
        drawn = ruler.lay_out("green", 1800, 3600, size=size)

        assert drawn.ends[0] == width * 0.625
        assert drawn.tick == width * 0.5
        assert [bar.width for bar in drawn.bars if bar.css == "r-bed-q"] == [round(width * 0.1875, 2)] * 2


def test_overtime_runs_into_the_rectification_beds_and_never_past_them():
    two_hours_twenty = ruler.lay_out("red", 18 * 3600 + 1200, 16 * 3600, size="card")
    a_week = ruler.lay_out("red", 60 * 3600, 16 * 3600, size="card")

    assert next(bar.width for bar in two_hours_twenty.bars if bar.css == "r-red") == pytest.approx(17.5, abs=0.01)
    assert next(bar.width for bar in a_week.bars if bar.css == "r-red") == 120


def test_a_light_only_ladder_has_no_beds_and_gives_all_its_length_to_the_limit():
    drawn = ruler.lay_out("yellow", 11580, 14400, size="card", has_ladder=False)

    assert drawn.ends == (320,)
    assert not [bar for bar in drawn.bars if bar.css == "r-bed-q"]


def test_the_timesheet_sums_to_the_limit_at_the_red_instant():
    chart = why.lay_out(kit.explanation(), now=at("06-22 15:20"))

    by_day = {row.first.strftime("%m-%d"): row for row in chart.rows}
    assert by_day["06-16"].counted == 4 * 3600
    assert by_day["06-17"].counted == 2 * 3600
    assert by_day["06-22"].total == 16 * 3600
    assert by_day["06-23"].is_after


def test_the_last_fifth_begins_at_the_yellow_instant():
    chart = why.lay_out(kit.explanation())

    thursday = next(row for row in chart.rows if row.first.day == 18)
    assert [bar.css for bar in thursday.bars] == ["sp-hold", "sp-count", "sp-count", "sp-late"]
    assert [mark.kind for mark in thursday.marks] == ["yellow"]


def test_rest_days_are_words_and_two_of_a_name_share_a_line():
    with translation.override("zh-hans"):
        chart = why.lay_out(kit.explanation())
        told = [(row.label, row.shown_word) for row in chart.rows if row.word]

    assert told == [("06-19 周五", "端午节放假"), ("06-20 周六、21 周日", "休息日")]


def test_a_long_chart_folds_what_counts_nothing():
    spans = [kit.span("06-01 09:00", "06-01 12:00", "counted")]
    spans += [
        kit.span(f"06-{day:02d} 09:00", f"06-{day:02d} 18:00", "suspended", reason="暴雨") for day in range(2, 13)
    ]
    spans += [kit.span("06-15 09:00", "06-15 12:00", "counted")]

    chart = why.lay_out({"warn_at": None, "due_at": at("06-15 12:00"), "spans": spans})

    assert len(chart.rows) == 3
    assert chart.rows[1].shown_word == "暴雨"
    assert chart.rows[2].total == 6 * 3600


def test_clock_hours_widen_the_sheet_to_the_whole_day():
    spans = [kit.span("06-19 20:00", "06-20 20:00", "counted")]

    chart = why.lay_out({"warn_at": at("06-20 15:12"), "due_at": at("06-20 20:00"), "spans": spans})

    assert [hour for hour, _x in chart.hours] == [0, 3, 6, 9, 12, 15, 18, 21, 24]


def test_an_explanation_without_spans_draws_nothing():
    assert why.lay_out({"spans": []}).rows == ()
