"""Who reads which case, and whose name of the party (security.md section 3: `case.read`, `case.party_data`)."""

from __future__ import annotations

import pytest

from bureau.models import Role
from cases.models import Case, Party
from tests.make import bureau
from tests.make import cases as make

pytestmark = pytest.mark.django_db
OWN_UNIT = {Role.SQUAD_OFFICER, Role.SQUAD_LEADER}
EVERYWHERE = {Role.DEPUTY, Role.DIRECTOR, Role.SUPERVISION, Role.AUDITOR}


@pytest.mark.parametrize("role", Role)
def test_a_role_reads_the_cases_of_the_matrix(role: str) -> None:
    mine, other = make.opened_case(), make.opened_case(bureau.unit("meilong"))
    reader = bureau.officer(bureau.unit(), role)

    seen = set(Case.objects.visible_to(reader))

    assert seen == ({mine, other} if role in EVERYWHERE else {mine} if role in OWN_UNIT else set())


@pytest.mark.parametrize(
    ("who", "name"),
    [("first", "张三"), ("second", "张三"), ("leader", "张三"), ("deputy", "张三"), ("other", "张*")],
)
def test_a_person_is_named_in_full_only_to_whom_the_matrix_says(who: str, name: str) -> None:
    case = make.opened_case()

    assert case.party.name_for(make.case_crew()[who]) == name


def test_the_auditor_reads_no_name() -> None:
    case = make.opened_case()

    assert case.party.name_for(bureau.officer(None, Role.AUDITOR)) == "张*"


def test_the_name_of_an_organisation_is_no_secret_and_a_person_never_shows_in_words_of_the_row() -> None:
    firm = make.opened_case(party={"kind": "organisation", "name": "上海示例公司"})
    person = make.opened_case()

    assert firm.party.name_for(make.case_crew()["other"]) == "上海示例公司"
    assert str(Party.objects.get(case=person)) == "张*"
