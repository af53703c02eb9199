"""The plan of a month: how much comes in and when, how diligent each unit is, and what is left lying on purpose."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from bureau.desk.clockwork import Limit, project
from bureau.desk.models.clock import RungName
from bureau.models import Unit
from cases.models import Case
from config.simulation.lives import IssueLife
from config.simulation.paper_lives import PaperDesk
from config.simulation.referral_lives import ReferralDesk
from config.simulation.scenery import ROADS, Scenery
from config.simulation.stage import Stage
from grid.models import Issue
from oversight import bulletins
from oversight.models import Paper, Rung

# Share of the limit that a unit needs, on average; above 1 it runs red more often than not.
DILIGENCE = {
    "jiangchuan": 0.55, "gumei": 0.35, "xinhong": 0.5, "xinzhuang": 0.6, "qibao": 0.75, "zhuanqiao": 0.5,
    "huacao": 0.7, "hongqiao": 0.45, "meilong": 0.85, "wujing": 0.6, "maqiao": 0.65, "pujiang": 0.75, "gongyequ": 0.3,
}  # fmt: skip
BUSYNESS = {
    "jiangchuan": 9, "gumei": 6, "xinhong": 4, "xinzhuang": 10, "qibao": 12, "zhuanqiao": 7, "huacao": 6,
    "hongqiao": 6, "meilong": 13, "wujing": 4, "maqiao": 4, "pujiang": 14, "gongyequ": 3,
}  # fmt: skip
WEEK = (1.15, 1.1, 1.05, 1.0, 1.1, 0.85, 0.75)
HOURS = (1, 1, 0, 0, 0, 1, 3, 7, 10, 12, 11, 8, 5, 7, 9, 9, 8, 7, 6, 6, 5, 4, 3, 2)
NEGLECTED = {RungName.URGE: 4, RungName.SUPERVISE: 4, RungName.REFER: 3}
NEGLECTED_KIND, NEGLECTED_LIMIT = "C3", Limit.parse("4 working_hours")
CASE_SHARE = 0.14


class Month:
    def __init__(self, *, days: int, seed: int, issues_per_day: float, end: datetime) -> None:
        self.chance = random.Random(seed)
        self.days, self.issues_per_day = days, issues_per_day
        self.stage = Stage(self.chance, end)
        self.stage.after_climb = [PaperDesk(self.stage).look, ReferralDesk(self.stage).look]
        slugs = dict(Unit.objects.filter(slug__in=ROADS).values_list("slug", "code"))
        self.scenery = Scenery(self.chance, slugs)

    def play(self, tell: Callable[[datetime], None]) -> None:
        self.plan_daily_life()
        self.plan_neglect()
        self.plan_bulletins()
        self.stage.play(tell)

    def plan_daily_life(self) -> None:
        """Reports by the rhythm of the week and of the day."""
        first = timezone.localdate(self.stage.end) - timedelta(days=self.days)
        for offset in range(self.days + 1):
            day = first + timedelta(days=offset)
            expected = self.issues_per_day * WEEK[day.weekday()]
            for _ in range(round(self.chance.gauss(expected, expected**0.5 / 2))):
                self.plan_report(day)

    def plan_report(self, day: date) -> None:
        hour = self.chance.choices(range(24), weights=HOURS)[0]
        clock = time(hour, self.chance.randrange(60), self.chance.randrange(60))
        at = timezone.make_aware(datetime.combine(day, clock))
        if at < self.stage.end - timedelta(days=self.days):
            return
        slug = self.chance.choices(list(BUSYNESS), weights=list(BUSYNESS.values()))[0]
        life = IssueLife(self.stage, self.scenery, slug, DILIGENCE[slug], opens_case=self.chance.random() < CASE_SHARE)
        self.stage.plan(at, life.report)

    def plan_bulletins(self) -> None:
        """One at the first working instant of each week, as the beat would have published it."""
        first = timezone.localdate(self.stage.end) - timedelta(days=self.days)
        for offset in range(-first.weekday() % 7, self.days + 1, 7):
            due_at = bulletins.first_working_instant(first + timedelta(days=offset), self.stage.calendar)
            if due_at is not None:
                self.stage.plan(due_at, lambda at: bulletins.publish_weekly(at=at))

    def plan_neglect(self) -> None:
        """Issues that nobody will handle, reported so that each stands on its rung when the month ends."""
        slugs = sorted(DILIGENCE, key=lambda slug: -DILIGENCE[slug])
        place = 0
        for rung, count in NEGLECTED.items():
            for dispatched_at in self.dispatches_that_reach(rung, count):
                slug = slugs[place % 7]
                place += 1
                life = IssueLife(self.stage, self.scenery, slug, 9.0, kind=NEGLECTED_KIND, is_neglected=True)
                self.stage.plan(dispatched_at, life.report)

    def dispatches_that_reach(self, rung: str, count: int) -> list[datetime]:
        """Instants in the past from which an untouched issue stands on this rung at the end of the month."""
        found: list[datetime] = []
        at = self.stage.end
        while len(found) < count:
            at -= timedelta(minutes=20)
            if self.stage.calendar.period_at(at) and self.rung_at_end(at + timedelta(minutes=10)) == rung:
                found.append(at - timedelta(seconds=self.chance.randrange(300)))
                at -= timedelta(minutes=self.chance.randrange(10, 30))
            if at < self.stage.end - timedelta(days=self.days):
                break
        return found

    def rung_at_end(self, dispatched_at: datetime) -> str:
        timing = project(dispatched_at, NEGLECTED_LIMIT, self.stage.calendar)
        margin = self.stage.end - timedelta(minutes=15)
        steps = [(RungName.REFER, timing.refer_at), (RungName.SUPERVISE, timing.supervise_at)]
        steps.append((RungName.URGE, timing.due_at))
        return next((rung for rung, instant in steps if instant and instant < margin), "")

    def summary(self) -> str:
        issues = Counter(Issue.objects.values_list("status", flat=True))
        rungs = Counter(Rung.objects.values_list("name", flat=True))
        return (
            f"{sum(issues.values())} issues ({issues['closed']} closed), {Case.objects.count()} cases, "
            f"{Paper.objects.count()} papers, rungs: "
            + ", ".join(f"{name} {rungs[name]}" for name in ("warn", "urge", "supervise", "refer"))
        )
