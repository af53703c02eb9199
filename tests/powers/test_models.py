from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from bureau.desk.refusal import LawRefused
from powers.kinds import Category
from powers.lookup import ask_category, power_in_force
from powers.models import Edition, Power
from tests.make import powers as make

pytestmark = pytest.mark.django_db
OLD = (date(2015, 1, 28), date(2026, 12, 31))


def two_editions():
    """CF-001 in both, CF-091 in the older only."""
    old, new = make.edition("2015", *OLD), make.edition("2027", date(2027, 1, 1))
    make.power("CF-001", old)
    make.power("CF-001", new)
    make.power("CF-091", old)
    return old, new


def test_editions_of_the_list_never_overlap():
    make.edition("2015", *OLD)

    with pytest.raises(IntegrityError, match="editions_of_the_list_never_overlap"), transaction.atomic():
        make.edition("2026", date(2026, 12, 31))


def test_a_code_stands_once_in_an_edition():
    power = make.power()

    with pytest.raises(IntegrityError, match="one_item_of_a_code_in_an_edition"), transaction.atomic():
        Power.objects.bulk_create([Power(edition=power.edition, code=power.code, simple_procedure_possible=False)])


def test_a_ceiling_is_not_below_its_floor():
    with pytest.raises(IntegrityError, match="fine_ceiling_is_not_below_its_floor"), transaction.atomic():
        make.power(fine_min=200, fine_max=100)


def test_a_power_is_never_edited_nor_taken_away():
    power = make.power()

    with pytest.raises(DatabaseError, match="power_is_never_edited"), transaction.atomic():
        Power.objects.filter(pk=power.pk).update(fine_max=2000)
    with pytest.raises(DatabaseError, match="power_is_never_edited"), transaction.atomic():
        Power.objects.filter(pk=power.pk).delete()


@pytest.mark.parametrize(("on", "edition"), [(OLD[0], "2015"), (OLD[1], "2015"), (date(2027, 1, 1), "2027")])
def test_the_power_of_a_day_is_that_of_the_edition_in_force(on, edition):
    two_editions()

    assert power_in_force("CF-001", on).edition_id == edition


@pytest.mark.parametrize("on", [date(2015, 1, 27), date(2027, 1, 1)])
def test_a_power_outside_the_list_of_the_day_is_refused_with_its_valid_range(on):
    two_editions()

    with pytest.raises(LawRefused) as refused:
        power_in_force("CF-091", on)

    assert refused.value.code == "E_POWER_NOT_LISTED"
    assert "2015-01-28 – 2026-12-31" in str(refused.value)


def test_a_code_of_no_edition_is_refused():
    with pytest.raises(LawRefused) as refused:
        power_in_force("CF-999", date(2026, 6, 22))

    assert refused.value.code == "E_POWER_NOT_LISTED"


def test_a_power_of_another_category_is_refused():
    with pytest.raises(LawRefused) as refused:
        ask_category(make.power("QZ-001"), Category.PENALTY)

    assert refused.value.code == "E_KIND"


def test_words_are_looked_for_in_code_names_and_basis():
    make.power("CF-001")
    make.power("CF-091")

    codes = {words: [power.code for power in Power.objects.holding(words)] for words in ("cf-09", "设摊", "stall road")}

    assert codes == {"cf-09": ["CF-091"], "设摊": ["CF-001"], "stall road": ["CF-001"]}
    assert Edition.objects.count() == 1
