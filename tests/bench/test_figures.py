"""What the bench says of a measurement."""

import json

from bench.figures import Figure, keep, p95, shown, table


def test_the_ratio_says_how_many_times_the_floors_cost_it_is():
    assert Figure("a time", 60, "ms", floor=20).ratio == 3
    assert Figure("a rate", 120, "/s", floor=480).ratio == 4
    assert Figure("without a floor", 60, "ms").ratio is None


def test_one_in_twenty_is_slower_than_p95():
    assert p95([float(value) for value in range(1, 101)]) == 95
    assert p95([7.0]) == 7.0


def test_three_figures_are_as_many_as_a_measurement_has():
    assert [shown(value) for value in (None, 0.1234, 12.34, 1234.5)] == ["", "0.12", "12.3", "1234"]


def test_the_file_holds_what_the_manual_names(tmp_path):
    keep([Figure("intake", 100, "/s", 200, 14)], tmp_path / "bench" / "latest.json")

    told = json.loads((tmp_path / "bench" / "latest.json").read_text())

    assert told[0].items() >= {"name": "intake", "value": 100, "unit": "/s", "floor": 200, "ratio": 2.0}.items()


def test_the_table_stands_in_columns():
    lines = table([Figure("intake", 100, "/s", 200, 14), Figure("a sweep", 1.5, "s")]).splitlines()

    assert lines[0].split() == ["what", "portal", "unit", "p95", "bare", "SQL", "ratio", "queries"]
    assert lines[2].split() == ["intake", "100", "/s", "200", "2.0", "14"]
