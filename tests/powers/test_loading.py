"""Reading first-day files and putting rows in place."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from bureau.desk import contributions
from bureau.loading import day, decimal, one_of, optional, read_table, several_of, text, whole, yes_no
from powers import loader
from powers.models import Edition, HandbookItem, Power

REFERENCE = Path(__file__).resolve().parents[2] / "reference" / "minhang"
COLUMNS = {"code": text(5), "on": day, "amount": optional(decimal), "kind": one_of(["a", "b"])}
HEADER = "code,on,amount,kind\n"


@pytest.fixture
def folder(tmp_path):
    """The files of the list, to be spoiled."""
    for name in ("power_editions.csv", "powers.csv", "handbook.csv"):
        shutil.copy(REFERENCE / name, tmp_path)
    return tmp_path


@pytest.fixture
def only_powers(monkeypatch):
    registry = contributions.Registry()
    registry.add("powers", loader.load)
    monkeypatch.setattr("bureau.management.commands.load_reference.reference_loaders", registry)


def errors_of(tmp_path, content: str | bytes) -> list[str]:
    path = tmp_path / "table.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with override("en"):
        return [str(error) for error in read_table(path, COLUMNS)[1]]


def spoil(path: Path, old: str, new: str, count: int = 1) -> None:
    words = path.read_text(encoding="utf-8-sig")
    assert old in words
    path.write_text(words.replace(old, new, count), encoding="utf-8")


def load(folder) -> str:
    out = io.StringIO()
    with override("en"):
        call_command("load_reference", str(folder), stdout=out)
    return out.getvalue()


def refused(folder) -> list[str]:
    err = io.StringIO()
    with override("en"), pytest.raises(CommandError, match="nothing was loaded"):
        call_command("load_reference", str(folder), stderr=err)
    return err.getvalue().splitlines()


def test_a_file_with_a_byte_order_mark_is_read_like_one_without(tmp_path):
    assert errors_of(tmp_path, b"\xef\xbb\xbf" + HEADER.encode() + b"x,2015-01-28,,a\n") == []


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("code,on,amount,kind,kind\n", "column kind: this column stands there twice"),
        ("code,on,amount\n", "column kind: this column is missing"),
        ("code,on,amount,kind,more\n", "column more: this column is not known"),
    ],
)
def test_a_wrong_heading_is_named_by_column(tmp_path, header, message):
    assert any(message in error for error in errors_of(tmp_path, header))


def test_every_bad_cell_is_named_by_line_and_column_together(tmp_path):
    errors = errors_of(tmp_path, HEADER + "x,28.1.2015,many,c\nlonger,2015-01-28,1,a\nx,2015-01-28,1\n")

    places = [error.split(":")[0] for error in errors]
    assert places == [
        "table.csv, line 2, column on",
        "table.csv, line 2, column amount",
        "table.csv, line 2, column kind",
        "table.csv, line 3, column code",
        "table.csv, line 4, column -",
    ]


def test_a_line_after_a_cell_of_two_lines_keeps_its_number(tmp_path):
    errors = errors_of(tmp_path, HEADER + '"a\nb",2015-01-28,,a\nx,no,,a\n')

    assert [error.split(":")[0] for error in errors] == ["table.csv, line 4, column on"]


def test_a_file_in_another_encoding_is_refused_by_line(tmp_path):
    assert "line 2" in errors_of(tmp_path, HEADER.encode() + "闵行".encode("gbk"))[0]


def test_an_open_quotation_mark_is_refused(tmp_path):
    assert "quotation mark" in errors_of(tmp_path, HEADER + '"x,2015-01-28,,a\n')[0]


def test_a_missing_file_is_refused_by_name(tmp_path):
    assert "missing.csv" in str(read_table(tmp_path / "missing.csv", COLUMNS)[1][0])


@pytest.mark.parametrize(
    ("parse", "cell"), [(whole, "1.5"), (decimal, "NaN"), (yes_no, "maybe"), (several_of("ab"), "a|c")]
)
def test_a_cell_that_does_not_fit_is_refused(parse, cell):
    with pytest.raises(ValueError, match=r"."):
        parse(cell)


@pytest.mark.django_db
def test_the_reference_list_has_256_powers_and_274_handbook_items(folder, only_powers):
    load(folder)

    counts = {"penalty": 233, "compulsory": 19, "guidance": 2, "other": 2}
    assert Power.objects.by_category() == counts
    assert Power.objects.count() == 256
    assert HandbookItem.objects.count() == 274
    assert HandbookItem.objects.exclude(power=None).count() == 256


@pytest.mark.django_db
def test_loading_a_second_time_changes_nothing_and_says_so(folder, only_powers):
    load(folder)

    told = load(folder)

    assert "editions: 0 created, 0 changed, 1 unchanged" in told
    assert "powers: 0 created, 0 changed, 256 unchanged" in told
    assert "handbook: 0 created, 0 changed, 274 unchanged" in told


@pytest.mark.django_db
def test_bad_rows_of_all_files_are_told_together_and_nothing_is_loaded(folder, only_powers):
    spoil(folder / "powers.csv", "CF-002,penalty", "CF-002,punishment")
    spoil(folder / "handbook.csv", "SX-274", "SX-273")

    errors = refused(folder)

    assert any("powers.csv, line 3, column category" in error for error in errors)
    assert any("handbook.csv, line 275, column code" in error for error in errors)
    assert not Edition.objects.exists()


@pytest.mark.django_db
def test_a_ceiling_below_its_floor_is_named(folder, only_powers):
    spoil(folder / "powers.csv", "order_to_correct|fine,100,1000", "order_to_correct|fine,100,10")

    assert any("powers.csv, line 2, column fine_max" in error for error in refused(folder))


@pytest.mark.django_db
def test_a_loaded_edition_is_never_edited(folder, only_powers):
    load(folder)
    spoil(folder / "powers.csv", "order_to_correct|fine,100,1000", "order_to_correct|fine,100,2000")

    errors = refused(folder)

    assert errors == [
        "powers.csv, line 2, column fine_max: the edition 2015 is loaded and never edited; "
        "add a later edition to power_editions.csv instead."
    ]


@pytest.mark.django_db
def test_a_later_edition_replaces_the_list_by_date(folder, only_powers):
    load(folder)
    spoil(folder / "power_editions.csv", "2015-01-28,,yes", "2015-01-28,2026-12-31,yes")
    shutil.copy(folder / "powers.csv", folder / "powers-2027.csv")
    shutil.copy(folder / "handbook.csv", folder / "handbook-2027.csv")
    with (folder / "power_editions.csv").open("a", encoding="utf-8") as lines:
        lines.write("2027,正式清单,Official list,2027-01-01,,no,powers-2027.csv,handbook-2027.csv,\n")

    told = load(folder)

    assert "editions: 1 created, 1 changed, 0 unchanged" in told
    assert "powers: 256 created, 0 changed, 256 unchanged" in told


@pytest.mark.django_db
def test_editions_that_overlap_are_refused(folder, only_powers):
    with (folder / "power_editions.csv").open("a", encoding="utf-8") as lines:
        lines.write("2027,正式清单,Official list,2027-01-01,,no,powers.csv,handbook.csv,\n")

    assert any("power_editions.csv, line 2, column valid_to" in error for error in refused(folder))
