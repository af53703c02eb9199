"""The ladder: an untouched clock climbs by itself, at the computed instants, each rung once (grid.md R5-R8, R16)."""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from bureau.desk import almanac, clocks
from bureau.desk.models import Clock, Entry, Notice
from bureau.desk.models.clock import Ladder
from bureau.desk.recalculation import recompute_provisional
from bureau.models import Posting, Role
from config.launcher.places import ROOT
from oversight import ladder
from oversight.models import Paper, ReferralCandidate, Rung
from tests.make import bureau, grid
from tests.make import oversight as make

pytestmark = pytest.mark.django_db

UNITS = {"WH": "working_hours", "WD": "working_days", "EH": "clock_hours"}
BEAT = timedelta(seconds=10)


def vectors() -> list[dict[str, str]]:
    with (ROOT / "tests" / "vectors" / "lights.csv").open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["events"].startswith("none")]


@pytest.fixture
def calendar(db):
    make.real_calendar()


@pytest.fixture
def qibao(calendar):
    unit = bureau.unit()
    make.seats(unit)
    return unit


def at(text: str) -> datetime:
    return bureau.shanghai(text)


def reached(clock: Clock) -> dict[str, datetime]:
    return {rung.name: rung.reached_at for rung in Rung.objects.filter(clock=clock)}


@pytest.mark.parametrize("row", vectors(), ids=lambda row: row["id"])
def test_R5_an_untouched_clock_passes_every_rung_at_the_computed_instants(qibao, row):
    started = at(row["dispatched_at"])
    issue = make.reported_at(started, qibao)
    clock = make.clock_on(issue, f"{row['limit']} {UNITS[row['unit']]}", at=started)
    refer_at = at(row["transfer_candidate_at"][:16])
    expected = {
        "warn": at(row["yellow_at"]),
        "urge": at(row["urging_at"]),
        "supervise": at(row["supervise_at"]),
        "refer": refer_at,
    }

    for instant in sorted(expected.values()):
        ladder.climb(at=instant - timedelta(seconds=1))
        ladder.climb(at=instant + BEAT)

    clock.refresh_from_db()
    raised = {rung.name: rung.raised_at for rung in Rung.objects.filter(clock=clock)}
    assert reached(clock) == expected
    assert raised == {name: instant + BEAT for name, instant in expected.items()}
    assert (clock.next_rung, clock.next_rung_at) == ("", None)


def test_R6_the_urging_notice_goes_to_the_unit_with_a_rectification_period(qibao):
    paper = make.urging_paper(qibao)

    assert paper.kind == Paper.Kind.URGING
    assert paper.number == "闵城管催〔2026〕1号"
    assert paper.to_organisation.kind == "government"
    assert paper.red_at == at("2026-06-22 14:00")
    assert paper.rectify_by == at("2026-06-22 18:00")
    assert paper.issued_at == at("2026-06-22 14:00:10")
    assert not paper.is_late
    assert paper.facts["limit"] == "4 工作时"
    assert paper.facts["period"] == "4 工作时"


def test_R7_its_lapse_brings_a_supervision_notice_to_squad_leader_and_unit_desk(qibao):
    make.urging_paper(qibao)

    ladder.climb(at=at("2026-06-22 18:00:05"))

    paper = Paper.objects.get(kind="supervision")
    told = Notice.objects.filter(kind="clock_supervise").values_list("to_organisation__kind", "to_role")
    assert paper.number == "闵城管督〔2026〕1号"
    assert paper.to_organisation.kind == "squad"
    assert paper.rectify_by == at("2026-06-23 14:00")
    assert set(told) == {("squad", "squad_leader"), ("sub_centre", "unit_desk")}


def test_R8_a_second_lapse_brings_a_referral_candidate_that_a_person_decides(qibao):
    make.urging_paper(qibao)

    ladder.climb(at=at("2026-06-23 14:00:05"))

    candidate = ReferralCandidate.objects.get()
    told = set(Notice.objects.filter(kind="clock_refer").values_list("to_role", flat=True))
    assert candidate.reached_at == candidate.duty_at == at("2026-06-23 14:00")
    assert candidate.decide_by == at("2026-06-24 14:00")
    assert told == {Role.DEPUTY, Role.SUPERVISION}


def test_R8_the_duty_to_decide_on_an_emergency_begins_at_the_next_working_instant(qibao):
    started = at("2015-09-19 22:30")
    make.clock_on(make.reported_at(started, qibao), "2 clock_hours", at=started)

    ladder.climb(at=at("2015-09-20 08:30:10"))

    assert ReferralCandidate.objects.get().duty_at == at("2015-09-21 09:00")


def test_R13_sweeping_twice_gives_each_rung_once(qibao):
    make.urging_paper(qibao)
    before = (Rung.objects.count(), Paper.objects.count(), Notice.objects.count(), Entry.objects.count())

    again = ladder.climb(at=at("2026-06-22 14:00:20"))

    assert again == 0
    assert (Rung.objects.count(), Paper.objects.count(), Notice.objects.count(), Entry.objects.count()) == before


def test_R13_a_rung_that_stands_already_brings_no_second_paper(qibao):
    paper = make.urging_paper(qibao)
    Clock.objects.filter(pk=paper.rung.clock_id).update(next_rung="urge", next_rung_at=paper.red_at)

    raised = ladder.climb(at=at("2026-06-22 14:00:30"))

    assert raised == 0
    assert Paper.objects.count() == 1
    assert Clock.objects.get(pk=paper.rung.clock_id).next_rung == "supervise"


def test_without_the_unique_key_the_second_rung_would_stand(qibao):
    rung = make.urging_paper(qibao).rung
    twin = {"clock": rung.clock, "round": 0, "name": "urge", "reached_at": rung.reached_at, "raised_at": rung.raised_at}

    with pytest.raises(IntegrityError), transaction.atomic():
        Rung.objects.create(**twin)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE oversight_rung DROP CONSTRAINT each_rung_of_a_round_once")
    Rung.objects.create(**twin)

    assert Rung.objects.filter(name="urge").count() == 2


def test_R16_after_a_long_stop_all_rungs_come_at_once_with_their_own_instants_and_the_papers_say_late(qibao):
    started = at("2015-09-14 09:00")
    clock = make.clock_on(make.reported_at(started, qibao), "4 working_hours", at=started)

    raised = ladder.climb(at=at("2015-09-17 10:00"))

    assert raised == 4
    assert reached(clock) == {
        "warn": at("2015-09-14 13:12"),
        "urge": at("2015-09-14 14:00"),
        "supervise": at("2015-09-14 18:00"),
        "refer": at("2015-09-15 14:00"),
    }
    assert set(Rung.objects.values_list("raised_at", flat=True)) == {at("2015-09-17 10:00")}
    assert list(Paper.objects.values_list("is_late", flat=True)) == [True, True]


def test_R12_feedback_that_meets_the_clock_stops_everything(qibao):
    started = at("2015-09-14 09:00")
    issue = make.reported_at(started, qibao)
    make.clock_on(issue, "4 working_hours", at=started)
    ladder.climb(at=at("2015-09-14 13:30"))

    clocks.meet_clocks(issue, ["handling"], at=at("2015-09-14 14:00"))
    raised = ladder.climb(at=at("2015-09-20 10:00"))

    assert raised == 0
    assert not Paper.objects.exists()


def test_a_light_only_clock_reminds_and_issues_no_paper(qibao):
    started = at("2026-06-22 09:00")
    centre = bureau.organisation("grid_centre")
    issue = make.reported_at(started, qibao)
    clock = make.clock_on(
        issue, "1 working_hours", at=started, ladder=Ladder.LIGHT_ONLY, owed_by=centre, role=Role.DISPATCHER
    )

    raised = ladder.climb(at=at("2026-06-25 10:00"))

    clock.refresh_from_db()
    told = set(Notice.objects.values_list("kind", "to_role"))
    assert raised == 2
    assert clock.next_rung_at is None
    assert not Paper.objects.exists()
    assert not Entry.objects.filter(verb="urge").exists()
    assert {("stage_warn", "dispatcher"), ("stage_urge", "shift_leader")} <= told


def test_a_paper_that_hangs_on_a_provisional_date_waits_and_alarms(qibao):
    started = at("2026-12-31 13:00")
    clock = make.clock_on(make.reported_at(started, qibao), "4 working_hours", at=started)

    ladder.climb(at=at("2027-01-15 10:00"))

    clock.refresh_from_db()
    assert clock.is_provisional
    assert clock.light(at("2027-01-15 10:00")) == "red"
    assert set(reached(clock)) == {"warn"}
    assert clock.next_rung == "urge"
    assert not Paper.objects.exists()
    assert Notice.objects.filter(kind="paper_waits_for_calendar", to_role="supervision").count() == 1


def test_a_paper_that_waited_is_issued_when_the_year_is_loaded(qibao):
    started = at("2026-12-31 13:00")
    clock = make.clock_on(make.reported_at(started, qibao), "4 working_hours", at=started)
    ladder.climb(at=at("2027-01-15 10:00"))

    new_year = almanac.DayRow(date(2027, 1, 1), False, "元旦")

    almanac.load_year(2027, [new_year], by=None, at=at("2027-01-15 10:30"), source="entered by hand")
    recompute_provisional(at=at("2027-01-15 10:30"))
    ladder.climb(at=at("2027-01-15 11:00"))

    assert set(reached(clock)) == {"warn", "urge", "supervise", "refer"}
    assert Paper.objects.count() == 2


def test_a_message_goes_to_the_officers_by_name(qibao):
    people = make.seats(qibao)
    started = at("2026-06-22 09:00")
    make.clock_on(make.reported_at(started, qibao), "4 working_hours", at=started, officers=(people["officer"].pk,))

    ladder.climb(at=at("2026-06-22 13:15"))

    assert Notice.objects.get(kind="clock_warn").to_officer == people["officer"]


def test_a_rung_that_reaches_nobody_is_posted_anyway_and_alarms_supervision(qibao):
    started = at("2026-06-22 09:00")
    make.clock_on(make.reported_at(started, qibao), "4 working_hours", at=started)
    Posting.objects.filter(organisation__unit=qibao).update(ends_at=at("2026-01-01 00:00"))

    ladder.climb(at=at("2026-06-22 14:00:10"))

    assert Notice.objects.filter(kind="clock_urge", to_organisation__kind="squad").count() == 1
    assert Notice.objects.filter(kind="rung_reaches_nobody", to_role="supervision").count() == 2


def test_each_rung_is_a_line_of_the_subjects_trail_and_the_chain_holds(qibao):
    paper = make.urging_paper(qibao)
    ladder.climb(at=at("2026-06-24 14:00"))

    entries = Entry.objects.about(paper.subject).order_by("seq")

    assert [entry.verb for entry in entries] == ["report", "urge", "supervise", "refer"]
    assert entries[1].facts["paper"] == paper.number
    assert entries[1].facts["reached_at"] == "2026-06-22T14:00:00+08:00"
    call_command("verify_trail", stdout=StringIO())


def test_a_subject_that_somebody_is_moving_is_left_to_the_next_sweep(qibao, monkeypatch):
    make.clock_on(make.reported_at(grid.MONDAY, qibao), "4 working_hours", at=grid.MONDAY)
    monkeypatch.setattr(ladder, "with_free_subjects", lambda taken: [])

    raised = ladder.climb(at=at("2026-06-22 15:00"), limit=1)

    assert raised == 0
    assert not Rung.objects.exists()


def test_R13_numbers_follow_the_order_of_the_computed_instants(qibao):
    for limit in ("8 working_hours", "4 working_hours", "6 working_hours"):
        make.clock_on(make.reported_at(grid.MONDAY, qibao), limit, at=grid.MONDAY)

    ladder.climb(at=at("2026-06-23 09:30"))

    told = Paper.objects.filter(kind="urging").order_by("red_at").values_list("number", flat=True)
    assert list(told) == [f"闵城管催〔2026〕{number}号" for number in (1, 2, 3)]


def test_a_sweep_asks_the_same_number_of_questions_for_two_clocks_and_for_twenty(qibao, django_assert_max_num_queries):
    for _ in range(20):
        make.clock_on(make.reported_at(grid.MONDAY, qibao), "4 working_hours", at=grid.MONDAY)

    with django_assert_max_num_queries(26):
        ladder.climb(at=at("2026-06-22 14:00:10"))

    assert Paper.objects.count() == 20
