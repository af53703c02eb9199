"""Filing: number, clocks, duties, messages, and what is asked again on that day."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.utils import timezone

from bureau.desk.figures import DEFAULTS
from bureau.desk.models import Clock, Figure, Notice
from bureau.desk.refusal import Refusal
from bureau.models import Certificate, Role, Unit
from cases.actions import move_case
from cases.models import Case
from grid import outcomes
from tests.make import bureau, grid, oversight
from tests.make import cases as make

pytestmark = pytest.mark.django_db


def day(text: str) -> datetime:
    return bureau.shanghai(f"{text} 10:00")


def filed(opened: str, filed_on: str) -> Case:
    """A case that was opened and asked for on one day and filed on another."""
    case = make.case_in("endorsed", at=day(opened))
    return move_case(case, "file", by=make.case_crew()["deputy"], at=day(filed_on))


def due_of(case: Case, kind: str) -> date:
    """The last day: a clock of dates is due at 24:00 of it."""
    clock = case.clocks.get(kind=kind)
    local = timezone.localtime(clock.due_at)
    assert (local.hour, local.minute) == (0, 0)
    return date.fromordinal(local.date().toordinal() - 1)


@pytest.mark.parametrize(
    ("opened", "filed_on", "verify_by", "decide_by"),
    [
        ("2025-04-28", "2025-05-06", "2025-05-22", "2025-08-04"),  # law.md V03
        ("2025-07-01", "2025-07-10", "2025-07-22", "2025-10-08"),  # law.md V04: the strict day, a holiday
        ("2026-09-18", "2026-09-18", "2026-10-15", "2026-12-17"),  # law.md V12 B
        ("2026-07-03", "2026-07-03", "2026-07-24", "2026-10-01"),  # law.md 7.3
    ],
)
def test_verification_and_decision_end_on_the_days_of_the_law(
    opened: str, filed_on: str, verify_by: str, decide_by: str
) -> None:
    oversight.real_calendar(2025, 2026)

    case = filed(opened, filed_on)

    assert due_of(case, "verification") == date.fromisoformat(verify_by)
    assert due_of(case, "decision") == date.fromisoformat(decide_by)


def test_filing_meets_the_verification_and_starts_the_decision_with_the_full_ladder() -> None:
    case = make.filed_case()

    met, running = case.clocks.get(kind="verification"), case.clocks.get(kind="decision")
    assert (met.met_at, running.met_at) == (make.OPENED, None)
    assert (running.ladder, str(running.limit), running.counts_days) == ("full", "90 natural_days", True)
    assert (met.ladder, str(met.limit), met.counts_days) == ("full", "15 working_days", True)


def test_a_case_is_filed_even_when_its_date_is_provisional() -> None:
    oversight.real_calendar(2026)

    case = filed("2026-12-28", "2026-12-28")

    assert case.status == "filed"
    assert due_of(case, "decision") == date(2027, 3, 28)


def test_the_number_names_year_and_unit_and_is_gap_free_over_all_units() -> None:
    qibao, meilong = bureau.unit(), bureau.unit("meilong")

    numbers = [make.filed_case(unit).filing_number for unit in (qibao, meilong)]

    assert numbers == ["沪闵城管立字〔2026〕第010001号", "沪闵城管立字〔2026〕第020002号"]


def test_a_year_begins_anew_and_a_refused_filing_takes_no_number() -> None:
    first = filed("2025-12-30", "2025-12-31")
    case = make.case_in("endorsed", at=day("2026-01-05"))
    Certificate.objects.filter(officer=case.second_officer).update(valid_to=date(2026, 1, 5))
    with pytest.raises(Refusal):
        move_case(case, "file", by=make.case_crew()["deputy"], at=day("2026-01-06"))
    Certificate.objects.update(valid_to=None)

    second = move_case(case, "file", by=make.case_crew()["deputy"], at=day("2026-01-07"))

    assert first.filing_number.endswith("〔2025〕第010001号")
    assert second.filing_number.endswith("〔2026〕第010001号")
    assert second.filed_on == date(2026, 1, 7)


def test_a_later_unit_shifts_no_number() -> None:
    meilong = bureau.unit("meilong")
    Unit.objects.create(
        code="310112009", slug="pujin", name_zh="浦锦街道", name_en="Pujin", kind="street", longitude=121.5,
        latitude=31.1, valid_from=date(2015, 7, 2),
    )  # fmt: skip

    assert "第010001号" in make.filed_case(meilong).filing_number


def test_the_prefix_is_a_figure_of_the_bureau() -> None:
    Figure.objects.create(
        name="case_filing_number", value="闵综执立〔{year}〕{unit:02}-{seq:04}", valid_from=date(2026, 1, 1),
        reason="按本局文号", set_at=make.OPENED,
    )  # fmt: skip

    assert make.filed_case().filing_number == "闵综执立〔2026〕01-0001"
    assert DEFAULTS["case_filing_number"].startswith("沪闵城管立字")


def test_a_certificate_that_lapsed_since_the_opening_stops_the_filing_by_name() -> None:
    case = make.case_in("endorsed")
    Certificate.objects.filter(officer=case.second_officer).update(valid_to=date(2026, 6, 22))

    with pytest.raises(Refusal, match=case.second_officer.name) as refused:
        move_case(case, "file", by=make.case_crew()["deputy"], at=day("2026-06-23"))

    assert refused.value.code == "E_CERT_INVALID"
    case.refresh_from_db()
    assert (case.status, case.filing_number) == ("endorsed", "")


@pytest.mark.parametrize("verb", ["endorse", "file"])
def test_nobody_of_the_two_officers_approves_even_from_a_higher_post(verb: str) -> None:
    case = make.case_in("requested" if verb == "endorse" else "endorsed")
    second, role = make.case_crew()["second"], Role.SQUAD_LEADER if verb == "endorse" else Role.DEPUTY
    bureau.post(second, bureau.home_of(role, case.unit), role)

    with pytest.raises(Refusal) as refused:
        move_case(case, verb, by=second, at=make.OPENED)

    assert refused.value.code == "sod_conflict"


def test_the_endorser_does_not_file_not_even_after_a_return() -> None:
    case = make.case_in("endorsed")
    people = make.case_crew()
    leader, second_leader = people["leader"], bureau.officer(case.unit, Role.SQUAD_LEADER)
    bureau.post(leader, bureau.home_of(Role.DEPUTY, None), Role.DEPUTY)
    move_case(case, "return_for_completion", by=people["deputy"], at=make.OPENED, note="补正")
    move_case(case, "request_filing", by=people["first"], at=make.OPENED)
    move_case(case, "endorse", by=second_leader, at=make.OPENED)

    with pytest.raises(Refusal) as refused:
        move_case(case, "file", by=leader, at=make.OPENED)

    assert refused.value.code == "sod_conflict"


def test_the_clock_is_owed_by_whose_step_it_is() -> None:
    case = make.opened_case()
    people, squad = make.case_crew(), bureau.squad(bureau.unit())
    owed = [duty_of(case)]

    for verb, who in make.STEPS:
        move_case(case, verb, by=people[who], at=make.OPENED)
        owed.append(duty_of(case))

    two = {people["first"].pk, people["second"].pk}
    office = bureau.home_of(Role.DEPUTY, None)
    assert owed == [
        (squad, "", two), (squad, "squad_leader", set()), (office, "deputy", set()), (squad, "", two),
    ]  # fmt: skip


def duty_of(case: Case) -> tuple[object, str, set[object]]:
    clock: Clock = case.clocks.running().get()
    return clock.owed_by, clock.owed_role, set(clock.owed_officers)


def test_whoever_is_next_is_told() -> None:
    case = make.filed_case()

    told = {(notice.kind, notice.to_role or notice.to_officer.username) for notice in Notice.objects.about(case)}

    two = [officer.username for officer in case.officers]
    assert told == {
        ("case_requested", "squad_leader"), ("case_endorsed", "deputy"), *(("case_filed", name) for name in two),
    }  # fmt: skip
    assert not any("张" in str(notice.params) for notice in Notice.objects.all())


def test_feeding_back_with_a_filed_case_is_known_by_its_number() -> None:
    issue, other = grid.issue_in("handling"), grid.issue_in("reported", bureau.unit("meilong"))
    filed_case = make.filed_case(issue=issue, at=grid.minutes(30))
    lead = make.opened_case(issue=issue, power="CF-091", at=grid.minutes(30))

    assert outcomes.is_filed_case(filed_case.filing_number, issue)
    assert not outcomes.is_filed_case(filed_case.filing_number, other)
    assert not outcomes.is_filed_case(lead.lead_number, issue)
    assert not outcomes.is_filed_case("", issue)
