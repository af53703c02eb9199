"""What a lead needs to be opened (law.md 5.5: G01, G02, G04, G05)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bureau.desk.refusal import NotYourMove, Refusal, Several, as_errors
from bureau.models import Role
from cases.actions import open_case
from cases.models import Case
from tests.make import bureau, grid, powers
from tests.make import cases as make

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 22)


def refused(**said: Any) -> list[tuple[str, str]]:
    """The codes and pointers of what an opening is refused for."""
    with pytest.raises(Refusal) as told:
        make.opened_case(**said)
    assert not Case.objects.exists()
    return [(error.code, error.pointer) for error in as_errors(told.value)]


def test_two_officers_of_the_squad_open_a_lead_under_verification() -> None:
    case = make.opened_case()

    assert case.status == "verifying"
    assert (case.unit, case.handled_by) == (bureau.unit(), bureau.squad(bureau.unit()))
    assert (case.lead_number, case.filing_number, case.filed_on) == ("L260622-0001", "", None)
    assert case.party.name == "张三"


@pytest.mark.parametrize("role", [Role.AUXILIARY, Role.SQUAD_LEADER, Role.DEPUTY, Role.OPERATOR, Role.UNIT_DESK])
def test_only_an_officer_of_a_squad_opens(role: str) -> None:
    stranger = bureau.officer(bureau.unit(), role)

    with pytest.raises(NotYourMove):
        make.opened_case(by=stranger)


def test_one_person_named_twice_is_not_two() -> None:
    name = make.case_crew()["first"].username

    assert refused(officers=[name, name]) == [("E_OFFICERS_LT2", "/officers")]
    assert refused(officers=[name]) == [("E_OFFICERS_LT2", "/officers")]
    assert refused(officers=[]) == [("E_OFFICERS_LT2", "/officers")]


@pytest.mark.parametrize("role", [Role.AUXILIARY, Role.SQUAD_LEADER, Role.UNIT_DESK])
def test_whoever_is_no_officer_of_the_squad_does_not_count_and_is_named(role: str) -> None:
    first, stranger = make.case_crew()["first"], bureau.officer(bureau.unit(), role)
    make.certify(stranger)

    with pytest.raises(Refusal, match=stranger.name) as told:
        make.opened_case(officers=[first.username, stranger.username])

    assert told.value.code == "E_OFFICERS_LT2"


def test_an_officer_of_another_squad_does_not_count() -> None:
    first, stranger = make.case_crew()["first"], make.case_crew(bureau.unit("meilong"))["first"]

    assert refused(officers=[first.username, stranger.username]) == [("E_OFFICERS_LT2", "/officers")]


@pytest.mark.parametrize("until", [None, date(2026, 6, 21)])
def test_a_certificate_that_is_missing_or_ended_the_day_before_is_refused_by_name(until: date | None) -> None:
    first, second = make.case_crew()["first"], bureau.officer(bureau.unit(), Role.SQUAD_OFFICER)
    if until:
        make.certify(second, until)

    with pytest.raises(Refusal, match=second.name) as told:
        make.opened_case(officers=[first.username, second.username])

    assert told.value.code == "E_CERT_INVALID"


def test_a_certificate_is_valid_on_its_last_day() -> None:
    first, second = make.case_crew()["first"], bureau.officer(bureau.unit(), Role.SQUAD_OFFICER)
    make.certify(second, TODAY)

    case = make.opened_case(officers=[first.username, second.username])

    assert case.officers == (first, second)


def test_a_power_that_is_not_in_force_on_the_day_of_the_act_is_refused_with_the_valid_days() -> None:
    powers.power("CF-001")

    with pytest.raises(Refusal, match="2015-01-28") as told:
        make.opened_case(act_on=date(2015, 1, 27), discovered_on=date(2015, 1, 27))

    assert told.value.code == "E_POWER_NOT_LISTED"


@pytest.mark.parametrize("code", ["CF-999", " ", "cf-001"])
def test_no_power_outside_the_list(code: str) -> None:
    lead = {"act_on": TODAY, "discovered_on": TODAY, "party": make.PERSON, "place": "七莘路1号"}
    people = make.case_crew()
    powers.power("CF-001")

    with pytest.raises(Refusal) as told:
        open_case(
            **lead, power=code, officers=[people["first"].username, people["second"].username],
            by=people["first"], at=make.OPENED,
        )  # fmt: skip

    assert told.value.code == "E_POWER_NOT_LISTED"


def test_only_a_penalty_is_pursued_as_a_case() -> None:
    assert refused(power="QZ-001") == [("E_KIND", "/power")]


@pytest.mark.parametrize(
    ("act_on", "discovered_on", "told"),
    [
        (date(2026, 6, 23), date(2026, 6, 23), [("in_future", "/act_on"), ("in_future", "/discovered_on")]),
        (date(2026, 6, 22), date(2026, 6, 21), [("before_the_act", "/discovered_on")]),
        (date(2024, 6, 21), date(2026, 6, 22), [("E_LIMITATION", "/discovered_on")]),
    ],
)
def test_days_must_be_possible_and_within_the_limitation(act_on: date, discovered_on: date, told: Any) -> None:
    assert refused(act_on=act_on, discovered_on=discovered_on) == told


def test_the_last_day_of_the_limitation_is_in_time() -> None:
    case = make.opened_case(act_on=date(2024, 6, 22), discovered_on=TODAY)

    assert case.act_on == date(2024, 6, 22)


def test_an_act_that_goes_on_is_pursued_after_two_years_with_a_reason() -> None:
    old = {"act_on": date(2020, 1, 1), "discovered_on": TODAY, "continuing": True}

    assert refused(**old) == [("required", "/continuing_reason")]
    assert make.opened_case(**old, continuing_reason="违法建筑至今未拆").continuing_reason == "违法建筑至今未拆"


def test_all_defects_are_told_together() -> None:
    told = refused(
        power="QZ-001", place=" ", officers=["nobody"], act_on=date(2026, 6, 22), discovered_on=date(2026, 6, 21),
        party={"kind": "alien", "name": "", "passport": "E1"},
    )  # fmt: skip

    assert {pointer for _, pointer in told} == {
        "/power", "/place", "/officers", "/discovered_on", "/party/kind", "/party/name", "/party/passport",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["张三", " 张 三 "])
def test_an_open_case_of_the_same_party_power_and_day_is_a_duplicate(name: str) -> None:
    first = make.opened_case()

    with pytest.raises(Refusal, match=first.lead_number) as told:
        make.opened_case(party={"kind": "person", "name": name})

    assert (told.value.code, Case.objects.count()) == ("E_DUPLICATE", 1)


def test_a_duplicate_of_another_squad_is_not_named() -> None:
    first = make.opened_case(bureau.unit("meilong"), party=make.PERSON)

    with pytest.raises(Refusal) as told:
        make.opened_case()

    assert told.value.code == "E_DUPLICATE"
    assert first.lead_number not in str(told.value)


def test_a_withdrawn_case_stands_in_nobodys_way() -> None:
    make.case_in("withdrawn")

    assert make.opened_case().status == "verifying"


def test_an_issue_out_of_sight_is_refused_like_one_that_is_not_there() -> None:
    issue = grid.dispatched_issue(bureau.unit("meilong"))

    assert refused(issue=issue) == [("unknown_issue", "/issue")]


def test_opening_a_case_never_touches_the_clock_of_its_issue() -> None:
    issue = grid.issue_in("handling")
    before = list(issue.clocks.values())

    cases = [make.filed_case(issue=issue, at=grid.minutes(30)), make.opened_case(issue=issue, power="CF-091")]

    assert list(issue.clocks.values()) == before
    assert list(issue.cases.order_by("power__code")) == cases
    issue.refresh_from_db()
    assert issue.status == "handling"


def test_an_opening_says_nothing_of_the_party_on_the_trail() -> None:
    case = make.opened_case()

    assert "张" not in str([entry.facts for entry in case.entries])


def test_defects_are_one_kind_of_answer_even_when_one_field_has_several() -> None:
    with pytest.raises(Several) as told:
        make.opened_case(party={"kind": "x", "name": ""})

    assert not any(isinstance(error, Several) for error in told.value.refusals)
