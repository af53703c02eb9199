"""What becomes of numbered papers: most are signed for within hours, many are answered and judged, some lie unread."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from bureau.models import Officer
from config.simulation.stage import Stage
from oversight.actions import acknowledge_paper, move_paper, reply_to_paper
from oversight.models import Paper

REPLIES = (
    "已到场，正在处置，预计今日内完成。",
    "因当事人不在场，已约定明日上午共同清理。",
    "已增派人员，整改期内反馈结果。",
    "已与村居委会协调，清运车辆下午到场。",
)
REASONS = ("没有写明完成时间，请补充。", "请附整改后照片。")
SIGNED_FOR, ANSWERED, ACCEPTED = 0.85, 0.7, 0.8


class PaperDesk:
    """Looks at the papers issued since it looked last, and plans who signs and who answers."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.seen_until: datetime | None = None

    def look(self, at: datetime) -> None:
        papers = Paper.objects.select_related("unit").order_by("issued_at", "number")
        if self.seen_until:
            papers = papers.filter(issued_at__gt=self.seen_until)
        for paper in papers:
            self.seen_until = paper.issued_at
            if self.stage.chance.random() < SIGNED_FOR:
                self.stage.soon(at, 20, 240, partial(self.sign, paper))

    def sign(self, paper: Paper, at: datetime) -> None:
        who = "centre" if paper.kind == Paper.Kind.URGING else "leader"
        acknowledge_paper(paper, by=self.of_the_unit(paper, who), at=at)
        if self.stage.chance.random() < ANSWERED:
            self.stage.soon(at, 30, 300, partial(self.answer, paper))

    def answer(self, paper: Paper, at: datetime) -> None:
        reply_to_paper(paper, self.stage.chance.choice(REPLIES), by=self.of_the_unit(paper, "leader"), at=at)
        self.stage.soon(at, 30, 600, partial(self.judge, paper))

    def judge(self, paper: Paper, at: datetime) -> None:
        """A rejected answer is given again, and that one is accepted."""
        by = self.stage.person("supervisor")
        if paper.replies.count() > 1 or self.stage.chance.random() < ACCEPTED:
            move_paper(paper, "accept_reply", by=by, at=at)
            return
        move_paper(paper, "reject_reply", by=by, at=at, words=self.stage.chance.choice(REASONS))
        self.stage.soon(at, 60, 600, partial(self.answer, paper))

    def of_the_unit(self, paper: Paper, who: str) -> Officer:
        assert paper.unit, "papers of the month are about issues, and every issue lies in a unit"
        return self.stage.person(f"{paper.unit.slug}_{who}")
