"""Enforcement cases that come out of issues: opened by two officers, endorsed by the leader, filed by the deputy."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from cases.actions import move_case, open_case
from cases.models import Case
from config.simulation.scenery import Scenery
from config.simulation.stage import Stage
from grid.models import Issue

POWERS = {
    "B1": ("CF-091", "organisation", "上海示例渣土运输第{}车队有限公司"),
    "B2": ("CF-091", "organisation", "上海示例建筑装饰第{}工程有限公司"),
    "C1": ("CF-001", "person", "李测{}"),
    "C2": ("CF-003", "sole_trader", "示例水果店{}号"),
    "C3": ("CF-002", "sole_trader", "示例五金店{}号"),
    "D3": ("CF-005", "person", "周测{}"),
}


def opens_case_about(kind: str) -> bool:
    return kind in POWERS


class CaseLife:
    """One case; `number` is its filing number once it is filed."""

    def __init__(self, stage: Stage, scenery: Scenery, slug: str, issue: Issue) -> None:
        self.stage, self.scenery, self.slug, self.issue = stage, scenery, slug, issue
        self.chance = stage.chance
        self.case: Case | None = None  # until it is opened

    @property
    def number(self) -> str:
        return (self.case.filing_number or "") if self.case else ""

    def open(self, at: datetime) -> None:
        """Against a party of its own: invented, and told apart by the issue's number."""
        power, kind, name = POWERS[self.issue.type_id]
        day = timezone.localdate(at)
        self.case = open_case(
            issue=self.issue,
            power=power,
            act_on=day,
            discovered_on=day,
            party={"kind": kind, "name": name.format(self.issue.number[-4:])},
            place=self.issue.place,
            officers=[f"{self.slug}_officer", f"{self.slug}_officer2"],
            by=self.stage.person(f"{self.slug}_officer"),
            at=at,
        )
        self.stage.soon(at, 30, 600, self.request)

    def request(self, at: datetime) -> None:
        if self.chance.random() < 0.12:
            self.move("withdraw", f"{self.slug}_officer", at, reason="当事人已当场改正，情节轻微")
            return
        self.move("request_filing", f"{self.slug}_officer", at)
        self.stage.soon(at, 30, 500, self.endorse)

    def endorse(self, at: datetime) -> None:
        self.move("endorse", f"{self.slug}_leader", at, note="事实清楚，建议立案")
        self.stage.soon(at, 30, 900, self.file)

    def file(self, at: datetime) -> None:
        self.move("file", "deputy", at, note="同意立案")

    def move(self, verb: str, who: str, at: datetime, **facts: Any) -> None:
        assert self.case, "it is opened before it moves"
        move_case(self.case, verb, by=self.stage.person(who), at=at, **facts)
