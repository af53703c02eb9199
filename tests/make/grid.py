"""Issues at every stage, made through the actions; times run from one Monday morning."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from bureau.models import Officer, Organisation, Unit
from grid.actions import move_issue, report_issue
from grid.models import AtlasVersion, Cell, CellUnit, Issue, IssueType
from tests.make import bureau

MONDAY = bureau.shanghai("2026-06-22 09:00")
CELLS = {  # unit -> (longitude, latitude) of the south-west corner of its one cell of 0.01 degree
    "qibao": (121.35, 31.15),
    "meilong": (121.36, 31.15),
    "pujiang": (121.50, 31.05),
}
SIDE = 0.01
POSTS = ("inspector", "operator", "shift_leader", "dispatcher", "unit_desk", "squad_leader", "squad_officer")
TYPES = {
    "C1": ("C", "无序设摊", "Disorderly stalls", "squad", 4, "working_hours"),
    "C2": ("C", "跨门营业", "Trading beyond the door", "squad", 1, "working_days"),
    "B1": ("B", "渣土违规运输", "Illegal spoil transport", "squad", 2, "working_days", 1, "clock_hours"),
    "A3": ("A", "违法用地", "Illegal land use", "land_office", 15, "working_days"),
}


def minutes(count: float) -> datetime:
    """That many minutes after Monday 09:00."""
    return MONDAY + timedelta(minutes=count)


def issue_type(code: str = "C1") -> IssueType:
    category, name_zh, name_en, lead, amount, unit, *response = TYPES[code]
    responds = {"response_amount": response[0], "response_unit": response[1]} if response else {}
    found, _ = IssueType.objects.get_or_create(
        code=code,
        defaults={
            "category_code": category,
            "category_zh": "街面秩序",
            "category_en": "Street order",
            "name_zh": name_zh,
            "name_en": name_en,
            "origin": "article",
            "lead_kind": lead,
            "handling_amount": amount,
            "handling_unit": unit,
            **responds,
        },
    )
    return found


def cell(unit: Unit) -> Cell:
    """The one cell of the unit, a square of 0.01 degree."""
    west, south = CELLS[unit.slug]
    east, north = round(west + SIDE, 5), round(south + SIDE, 5)
    found, is_new = Cell.objects.get_or_create(
        code=f"{unit.code}000001",
        defaults={
            "seq": 1,
            "longitude": west + SIDE / 2,
            "latitude": south + SIDE / 2,
            "wkt": f"POLYGON(({west} {north},{east} {north},{east} {south},{west} {south},{west} {north}))",
        },
    )
    if is_new:
        CellUnit.objects.create(cell=found, unit=unit, valid_from=date(2015, 1, 1))
        AtlasVersion.objects.create(reason="a cell for a test")
    return found


def point(unit: Unit) -> dict[str, float]:
    """A point inside the unit's cell, as `report_issue` takes it."""
    home = cell(unit)
    return {"longitude": home.longitude, "latitude": home.latitude}


def crew(unit: Unit) -> dict[str, Officer]:
    """One person for each post around an issue of the unit, by role; made once."""
    known = {person.username: person for person in Officer.objects.filter(username__startswith=f"{unit.slug}-")}
    return {
        role: known.get(f"{unit.slug}-{role}") or bureau.officer(unit, role, username=f"{unit.slug}-{role}")
        for role in POSTS
    }


def photo(colour: str = "navy", name: str = "after.jpg", size: tuple[int, int] = (64, 48)) -> SimpleUploadedFile:
    """A small real JPEG."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def not_a_photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("shell.jpg", b"#!/bin/sh\n" * 20, "image/jpeg")


def reported_issue(unit: Unit | None = None, **said: Any) -> Issue:
    """An issue that an inspector reported at Monday 09:00."""
    unit = unit or bureau.unit()
    people = crew(unit)
    given = {
        "type": issue_type(said.pop("type", "C1")).code,
        "description": "路口有人设摊",
        "channel": Issue.Channel.PATROL,
        "address": "七莘路1号",
        "by": people["inspector"],
        "at": MONDAY,
        **({} if "longitude" in said else point(unit)),
    }
    return report_issue(**{**given, **said})


STEPS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("accept", "operator", {}),
    ("file", "shift_leader", {}),
    ("dispatch", "dispatcher", {}),
    ("take", "squad_leader", {}),
    ("feed_back", "squad_leader", {"outcome": "fixed"}),
    ("ask_verification", "operator", {}),
    ("verify", "inspector", {}),
    ("close", "shift_leader", {}),
)
REACHES = {
    "reported": 0, "accepted": 1, "filed": 2, "dispatched": 3, "handling": 4,
    "handled": 5, "verifying": 6, "verified": 7, "closed": 8,
}  # fmt: skip


def issue_in(status: str, unit: Unit | None = None, **said: Any) -> Issue:
    """An issue walked to that status by the people whose moves they are, one move a minute."""
    unit = unit or bureau.unit()
    issue = reported_issue(unit, **said)
    people = crew(unit)
    detour = {"confirming": ("ask_confirmation", {}), "refused": ("refuse", {"reason": "duplicate"})}
    if status in detour:
        verb, facts = detour[status]
        return move_issue(issue, verb, by=people["operator"], at=minutes(1), **facts)
    steps = STEPS[: REACHES.get(status, 1)]
    for place, (verb, role, facts) in enumerate(steps, start=1):
        if verb == "feed_back":
            facts = {**facts, "photos": [photo()]}
        if verb == "take":
            facts = {"officers": [people["squad_officer"].username]}
        move_issue(issue, verb, by=people[role], at=minutes(place), **facts)
    if status == "void":
        move_issue(issue, "void", by=people["shift_leader"], at=minutes(2), reason="duplicate")
    return issue


def dispatched_issue(unit: Unit | None = None, **said: Any) -> Issue:
    """Reported at Monday 09:00, dispatched to the unit's squad at 09:03."""
    return issue_in("dispatched", unit, **said)


def handled_issue(unit: Unit | None = None, **said: Any) -> Issue:
    """Fed back as fixed by the squad leader at 09:05, with an after-photo."""
    return issue_in("handled", unit, **said)


def closed_issue(unit: Unit | None = None, **said: Any) -> Issue:
    return issue_in("closed", unit, **said)


def squad_of(issue: Issue) -> Organisation:
    return bureau.squad(issue.unit)


__all__ = [
    "MONDAY",
    "cell",
    "closed_issue",
    "crew",
    "dispatched_issue",
    "handled_issue",
    "issue_in",
    "issue_type",
    "minutes",
    "not_a_photo",
    "photo",
    "point",
    "reported_issue",
    "squad_of",
]
