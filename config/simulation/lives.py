"""The life of one issue: who does what next, and how long they take."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from config.simulation.case_lives import CaseLife, opens_case_about
from config.simulation.scenery import WORDS, Scenery
from config.simulation.stage import Stage
from grid.actions import Caller, move_issue, report_issue
from grid.models import Issue

INLETS = {
    "patrol": 46, "hotline": 18, "wechat": 10, "station": 9, "order_12345": 12, "leader": 2, "alarm": 3,
}  # fmt: skip
NAMES = ("赵", "钱", "孙", "李", "周", "吴", "郑", "王")
HURRY = {"C1": 0.8, "B3": 0.7}


class IssueLife:
    """Plans each act when the one before it is done; most issues go the straight way."""

    def __init__(
        self, stage: Stage, scenery: Scenery, slug: str, diligence: float, *, kind: str = "",
        opens_case: bool = False, is_neglected: bool = False,
    ) -> None:  # fmt: skip
        self.stage, self.scenery, self.slug = stage, scenery, slug
        self.chance = stage.chance
        self.kind = kind or scenery.kind()
        self.pace = diligence * self.chance.lognormvariate(0, 0.45) * HURRY.get(self.kind, 1)
        self.opens_case = opens_case and opens_case_about(self.kind)
        self.is_neglected = is_neglected
        self.issue: Issue
        self.case: CaseLife | None = None

    def report(self, at: datetime) -> None:
        channel = "patrol" if self.is_neglected else self.chance.choices(list(INLETS), list(INLETS.values()))[0]
        longitude, latitude = self.scenery.point(self.slug)
        has_photo = channel == "patrol" or self.chance.random() < 0.4
        self.issue = report_issue(
            type=self.kind,
            description=WORDS[self.kind],
            channel=channel,
            longitude=longitude,
            latitude=latitude,
            address=self.scenery.address(self.slug),
            reporter=self.caller() if channel in ("hotline", "wechat", "order_12345") else None,
            photos=[self.scenery.photo("before")] if has_photo else [],
            by=self.stage.person(self.reporter_for(channel)),
            at=at,
        )
        if self.is_neglected:
            for minute, verb, who in ((2, "accept", "operator"), (4, "file", "shift"), (6, "dispatch", "dispatcher")):
                self.stage.soon(at, minute, minute + 1, self.act(verb, who))
            return
        if channel != "patrol" and self.chance.random() < 0.15:
            self.stage.soon(at, 2, 12, self.ask_confirmation)
        else:
            self.stage.soon(at, 2, 25, self.accept)

    def reporter_for(self, channel: str) -> str:
        if channel == "patrol":
            return self.chance.choice(("inspector", "inspector", f"{self.slug}_officer"))
        return f"{self.slug}_station" if channel == "station" else "operator"

    def caller(self) -> Caller:
        return Caller(
            self.chance.choice(NAMES) + self.chance.choice(("先生", "女士")), f"138{self.chance.randrange(10**8):08d}"
        )

    def act(self, verb: str, who: str, **facts: Any) -> Callable[[datetime], None]:
        """A happening that makes this move and plans nothing."""
        return lambda at: self.move(verb, who, at, **facts)

    def move(self, verb: str, who: str, at: datetime, **facts: Any) -> None:
        move_issue(self.issue, verb, by=self.stage.person(who), at=at, **facts)

    def ask_confirmation(self, at: datetime) -> None:
        self.move("ask_confirmation", "operator", at)
        self.stage.soon(at, 20, 110, self.confirm)

    def confirm(self, at: datetime) -> None:
        if self.chance.random() < 0.75:
            self.move("confirm", "inspector", at)
            self.stage.soon(at, 2, 20, self.accept)
            return
        self.move("deny", "inspector", at, note="到现场未见所报情况")
        self.stage.soon(at, 2, 20, self.act("refuse", "operator", reason="经核实，所报情况不存在"))

    def accept(self, at: datetime) -> None:
        if self.chance.random() < 0.03:
            self.move("refuse", "operator", at, reason="不属于网格化管理范围，已告知来电人")
            return
        self.move("accept", "operator", at)
        self.stage.soon(at, 2, 35, self.file)

    def file(self, at: datetime) -> None:
        if self.chance.random() < 0.02:
            self.move("void", "shift", at, reason="与已立案件重复")
            return
        self.move("file", "shift", at)
        self.stage.soon(at, 2, 35, self.dispatch)

    def dispatch(self, at: datetime) -> None:
        self.move("dispatch", "dispatcher", at)
        self.dispatched_at = at
        self.stage.soon(at, 5, 90, self.take)

    def take(self, at: datetime) -> None:
        officers = [f"{self.slug}_officer", f"{self.slug}_officer2"]
        self.move("take", f"{self.slug}_leader", at, officers=officers[: self.chance.choice((1, 2, 2))])
        running = {clock.kind: clock for clock in self.issue.clocks.running()}
        limit = running["handling"]
        whole = self.stage.calendar.working_time_between(limit.started_at, limit.due_at).total_seconds() / 60
        ready = max(8.0, whole * self.pace - 30)
        if self.opens_case:
            self.case = CaseLife(self.stage, self.scenery, self.slug, self.issue)
            self.stage.soon(at, 20, 60, self.case.open)
        if "response" in running:
            self.stage.soon(at, 5, min(ready * 0.8, 45 * max(self.pace, 0.2)), self.arrive)
        self.stage.soon(at, ready * 0.95, ready * 1.05, self.feed_back)

    def arrive(self, at: datetime) -> None:
        self.move("arrive", f"{self.slug}_leader", at)

    def feed_back(self, at: datetime) -> None:
        photos = [self.scenery.photo("after")]
        number = self.case.number if self.case else ""
        if number:
            self.move(
                "feed_back",
                f"{self.slug}_leader",
                at,
                outcome="case_opened",
                case=number,
                note="已立案，现场危险已消除",
            )
        else:
            outcome = self.chance.choices(("fixed", "partly_fixed", "not_fixable"), (90, 7, 3))[0]
            self.move("feed_back", f"{self.slug}_leader", at, outcome=outcome, photos=photos, note="已到场处置")
        self.stage.soon(at, 5, 60, self.ask_verification)

    def ask_verification(self, at: datetime) -> None:
        self.move("ask_verification", "operator", at)
        self.stage.soon(at, 20, 200, self.verify)

    def verify(self, at: datetime) -> None:
        if self.chance.random() < 0.06 and self.issue.rework_count == 0:
            self.move("rework", "inspector2", at, note="复查时仍有残留，请继续处置")
            self.stage.soon(at, 30, 240, self.feed_back)
            return
        self.move("verify", "inspector2", at)
        self.stage.soon(at, 3, 50, self.act("close", "shift"))
