"""What the law refuses, the table refuses: SQL gets round no guard."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from cases.models import Case
from tests.make import cases as make
from tests.make import powers

pytestmark = pytest.mark.django_db


def refused_by_the_table(case: Case, **values: Any) -> str:
    """The words with which PostgreSQL refuses the change."""
    columns = ", ".join(f"{name} = %s" for name in values)
    with pytest.raises(IntegrityError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE cases_case SET {columns} WHERE id = %s", [*values.values(), case.pk])
    return str(refused.value)


def test_a_power_that_is_no_penalty_is_refused() -> None:
    case = make.opened_case()

    assert "no penalty power" in refused_by_the_table(case, power_id=powers.power("QZ-001").pk)


def test_a_power_of_an_edition_not_in_force_on_the_day_of_the_act_is_refused() -> None:
    case = make.opened_case()
    old = powers.power("CF-002", powers.edition("2010", date(2010, 1, 1), date(2015, 1, 27)))

    assert "no penalty power" in refused_by_the_table(case, power_id=old.pk)
    assert "no penalty power" in refused_by_the_table(case, act_on=date(2015, 1, 27), discovered_on=date(2015, 1, 27))


@pytest.mark.parametrize(
    ("status", "values", "constraint"),
    [
        ("verifying", {"second_officer_id": "first"}, "two_different_officers"),
        ("verifying", {"status": "filed"}, "a_filed_case_has_number_day_and_filer"),
        ("verifying", {"filing_number": "沪闵1"}, "a_filed_case_has_number_day_and_filer"),
        ("filed", {"filing_number": ""}, "a_filed_case_has_number_day_and_filer"),
        ("filed", {"filed_on": None}, "a_filed_case_has_number_day_and_filer"),
        ("filed", {"status": "withdrawn"}, "a_filed_case_has_number_day_and_filer"),
        ("requested", {"requested_by_id": "leader"}, "the_requester_is_one_of_the_two_officers"),
        ("endorsed", {"endorsed_by_id": "second"}, "the_endorser_is_none_of_the_officers"),
        ("filed", {"filed_by_id": "leader"}, "the_filer_holds_no_other_step"),
        ("filed", {"filed_by_id": "first"}, "the_filer_holds_no_other_step"),
        ("filed", {"endorsed_by_id": None}, "the_filer_holds_no_other_step"),
        ("verifying", {"discovered_on": date(2026, 6, 21)}, "discovered_not_before_the_act"),
        ("verifying", {"is_continuing": True}, "a_continuing_act_says_why"),
        ("verifying", {"place": ""}, "a_case_has_a_place"),
    ],
)
def test_the_table_holds_it(status: str, values: dict[str, Any], constraint: str) -> None:
    case, people = make.case_in(status), make.case_crew()
    meant = {name: people[value].pk if value in people else value for name, value in values.items()}

    assert constraint in refused_by_the_table(case, **meant)


def test_a_filing_number_is_given_once() -> None:
    first = make.filed_case()
    second = make.filed_case(power="CF-091")

    assert "one_case_of_a_filing_number" in refused_by_the_table(second, filing_number=first.filing_number)


def test_a_party_is_pursued_once_for_an_act() -> None:
    first, second = make.opened_case(), make.opened_case(power="CF-091")

    assert "one_open_case_of_a_party_and_act" in refused_by_the_table(second, same_act=first.same_act)


def test_a_case_is_never_deleted() -> None:
    case = make.opened_case()

    with pytest.raises(ProgrammingError, match="Cannot delete"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM cases_case WHERE id = %s", [case.pk])
