"""The first day of the district: what is loaded, how much of it, and that a second time changes nothing."""

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from bureau.models import CalendarYear, Organisation, OrganisationTie, Unit
from grid.models import Cell, CellUnit, IssueType
from powers.models import HandbookItem, Power

pytestmark = pytest.mark.django_db
MINHANG = Path(__file__).resolve().parent.parent / "reference" / "minhang"


def load(folder: Path = MINHANG) -> str:
    out = StringIO()
    call_command("load_reference", str(folder), stdout=out, stderr=StringIO())
    return out.getvalue()


def everything() -> dict[str, list]:
    models = [model for room in ("bureau", "powers", "grid") for model in apps.get_app_config(room).get_models()]
    return {model.__name__: sorted(map(str, model.objects.values_list())) for model in models}


def test_the_district_has_13_units_in_january_2015_and_14_from_july():
    load()

    january, july = (Unit.objects.in_force(day).count() for day in (date(2015, 1, 31), date(2015, 7, 2)))

    assert (january, july) == (13, 14)


def test_the_list_has_256_powers_and_the_handbook_274_items():
    load()

    counts = {
        kind: Power.objects.filter(category=kind).count() for kind in ("penalty", "compulsory", "guidance", "other")
    }

    assert counts == {"penalty": 233, "compulsory": 19, "guidance": 2, "other": 2}
    assert HandbookItem.objects.count() == 274


def test_the_catalogue_has_18_types_in_5_categories_and_the_grid_422_cells():
    load()

    categories = IssueType.objects.values_list("category_code", flat=True)

    assert (len(categories), len(set(categories))) == (18, 5)
    assert Cell.objects.count() == 422
    assert CellUnit.objects.count() == 422


def test_the_calendar_is_loaded_for_2004_to_2026():
    load()

    assert set(CalendarYear.objects.values_list("year", flat=True)) == set(range(2004, 2027))


def test_every_squad_is_administered_by_its_government_and_guided_by_the_bureau():
    load()
    day = date(2015, 9, 21)

    squads = Organisation.objects.in_force(day).filter(kind="squad")
    ties = OrganisationTie.objects.in_force(day).filter(organisation__in=squads).select_related("to", "organisation")

    assert squads.count() == 14
    for squad in squads:
        above = {(tie.kind, tie.to.kind, tie.to.unit_id) for tie in ties if tie.organisation == squad}
        assert above == {("administered_by", "government", squad.unit_id), ("guided_by", "bureau", None)}


def test_pujin_holds_no_cells_and_says_who_keeps_them():
    load()

    pujin = Unit.objects.get(slug="pujin")

    assert not CellUnit.objects.filter(unit=pujin).exists()
    assert pujin.cells_stay_with.slug == "pujiang"


def test_loading_twice_changes_nothing():
    load()
    before = everything()

    load()

    assert everything() == before


def test_a_bad_row_is_named_by_line_and_column_and_nothing_is_loaded(tmp_path):
    for path in MINHANG.glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    powers = tmp_path / "powers.csv"
    lines = powers.read_text().splitlines()
    lines[4] = lines[4].replace(",penalty,", ",penality,", 1)
    powers.write_text("\n".join(lines) + "\n")
    said = StringIO()

    with pytest.raises(CommandError):
        call_command("load_reference", str(tmp_path), stdout=StringIO(), stderr=said)

    assert "powers.csv" in said.getvalue()
    assert "5" in said.getvalue()
    assert "category" in said.getvalue()
    assert not Power.objects.exists()
    assert not Unit.objects.exists()
