"""Enforcement cases at every stage, made through the actions; times run from the Monday of the grid."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from bureau.models import Certificate, Officer, Role, Unit
from cases.actions import move_case, open_case
from cases.models import Case
from tests.make import bureau, grid, powers

OPENED = grid.MONDAY
PERSON = {"kind": "person", "name": "张三"}
NAMES = {"meilong": "李四", "pujiang": "王五"}


def certify(person: Officer, until: date | None = None, since: date = date(2015, 1, 1)) -> Certificate:
    return Certificate.objects.create(
        officer=person, number=f"沪执{person.username}"[:30], valid_from=since, valid_to=until
    )


def case_crew(unit: Unit | None = None) -> dict[str, Officer]:
    """`first` and `second` with certificates, `other` of the same squad, `leader`, and the bureau's `deputy`."""
    unit = unit or bureau.unit()
    posts = {
        "first": Role.SQUAD_OFFICER, "second": Role.SQUAD_OFFICER, "other": Role.SQUAD_OFFICER,
        "leader": Role.SQUAD_LEADER, "deputy": Role.DEPUTY,
    }  # fmt: skip
    known = {person.username: person for person in Officer.objects.filter(username__startswith=f"{unit.slug}-case-")}
    return {name: known.get(f"{unit.slug}-case-{name}") or hired(unit, name, role) for name, role in posts.items()}


def hired(unit: Unit, name: str, role: str) -> Officer:
    person = bureau.officer(unit, role, username=f"{unit.slug}-case-{name}")
    if role == Role.SQUAD_OFFICER:
        certify(person)
    return person


def opened_case(unit: Unit | None = None, **said: Any) -> Case:
    """A lead that the first officer opened on Monday 09:00 about a person's act of that day."""
    people = case_crew(unit)
    powers.power(said.get("power", "CF-001"))
    at: datetime = said.get("at", OPENED)
    given = {
        "power": "CF-001",
        "act_on": at.date(),
        "discovered_on": at.date(),
        "party": {**PERSON, "name": NAMES.get(people["first"].username.split("-")[0], "张三")},
        "place": "七莘路1号",
        "officers": [people["first"].username, people["second"].username],
        "by": people["first"],
        "at": at,
    }
    return open_case(**{**given, **said})


STEPS = (("request_filing", "first"), ("endorse", "leader"), ("file", "deputy"))
REACHES = {"verifying": 0, "requested": 1, "endorsed": 2, "filed": 3}


def case_in(status: str, unit: Unit | None = None, **said: Any) -> Case:
    """A case walked to that status, every move at the instant at which it was opened."""
    case = opened_case(unit, **said)
    people = case_crew(unit)
    for verb, who in STEPS[: REACHES.get(status, 0)]:
        move_case(case, verb, by=people[who], at=case.opened_at)
    if status == "withdrawn":
        move_case(case, "withdraw", by=people["first"], at=case.opened_at, reason="当场改正")
    return case


def filed_case(unit: Unit | None = None, **said: Any) -> Case:
    return case_in("filed", unit, **said)
