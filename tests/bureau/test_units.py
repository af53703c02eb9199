"""The territory as it is loaded on the first day."""

import csv
import shutil
from datetime import date
from pathlib import Path

import pytest

from bureau.desk.refusal import Refusal, as_errors
from bureau.loaders.units import load
from bureau.models import Organisation, OrganisationTie, Unit

REFERENCE = Path(__file__).parents[2] / "reference" / "minhang"
Kind = Organisation.Kind

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("units", "organisations", "organisation_ties"):
        shutil.copy(REFERENCE / f"{name}.csv", tmp_path)
    return tmp_path


def rewrite(path: Path, line: int, **cells: str) -> None:
    """Change cells of the line as an editor counts it."""
    with path.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    rows[line - 2].update(cells)
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def test_thirteen_units_are_in_force_in_january_2015_and_fourteen_from_july() -> None:
    load(REFERENCE)

    assert Unit.objects.in_force(date(2015, 1, 31)).count() == 13
    assert Unit.objects.in_force(date(2015, 7, 1)).count() == 13
    assert Unit.objects.in_force(date(2015, 7, 2)).count() == 14


def test_loading_twice_changes_nothing() -> None:
    load(REFERENCE)
    before = [list(model.objects.order_by("pk").values()) for model in (Unit, Organisation, OrganisationTie)]

    told = load(REFERENCE)

    assert [list(model.objects.order_by("pk").values()) for model in (Unit, Organisation, OrganisationTie)] == before
    assert "0" in told


def test_every_unit_has_a_government_a_squad_and_a_sub_centre() -> None:
    load(REFERENCE)

    for unit in Unit.objects.all():
        kinds = set(unit.organisations.values_list("kind", flat=True))
        assert kinds >= {Kind.GOVERNMENT, Kind.SQUAD, Kind.SUB_CENTRE}


def test_three_older_bodies_share_one_staff_with_the_bureau_from_its_first_day() -> None:
    load(REFERENCE)

    sharing = OrganisationTie.objects.filter(kind="shares_staff_with", to__kind=Kind.BUREAU)

    assert {tie.organisation.kind for tie in sharing} == {Kind.BRIGADE, Kind.GRID_CENTRE, Kind.EMERGENCY_OFFICE}
    assert {tie.valid_from for tie in sharing} == {date(2015, 1, 28)}


def test_a_squad_is_administered_by_its_government_and_guided_by_the_bureau_by_date() -> None:
    load(REFERENCE)
    squad = Organisation.objects.get(code="qibao-squad")

    in_january = {tie.kind: tie.to.kind for tie in squad.ties.in_force(date(2015, 1, 27))}
    later = {tie.kind: tie.to.kind for tie in squad.ties.in_force(date(2015, 1, 28))}

    assert in_january == {"administered_by": Kind.GOVERNMENT}
    assert later == {"administered_by": Kind.GOVERNMENT, "guided_by": Kind.BUREAU}


def test_the_cells_of_pujin_stay_with_pujiang() -> None:
    load(REFERENCE)

    assert Unit.objects.get(slug="pujin").cells_stay_with.slug == "pujiang"
    assert set(Unit.objects.filter(is_pilot=True).values_list("slug", flat=True)) == {"qibao", "jiangchuan"}


def test_every_bad_cell_is_named_and_nothing_is_loaded(folder: Path) -> None:
    rewrite(folder / "units.csv", 3, longitude="east", kind="village")
    rewrite(folder / "units.csv", 5, code="31011210")

    with pytest.raises(Refusal) as refused:
        load(folder)

    assert [error.pointer for error in as_errors(refused.value)] == [
        "/units.csv/3/kind",
        "/units.csv/3/longitude",
        "/units.csv/5/code",
    ]
    assert not Unit.objects.exists()


def test_a_bad_organisation_undoes_the_units_too(folder: Path) -> None:
    rewrite(folder / "organisations.csv", 4, unit="310112999")

    with pytest.raises(Refusal) as refused:
        load(folder)

    assert refused.value.pointer == "/organisations.csv/4/unit"
    assert not Unit.objects.exists()


def test_dates_that_are_turned_are_named(folder: Path) -> None:
    rewrite(folder / "organisation_ties.csv", 2, valid_to="2014-12-31")

    with pytest.raises(Refusal) as refused:
        load(folder)

    assert refused.value.pointer == "/organisation_ties.csv/2/valid_to"
