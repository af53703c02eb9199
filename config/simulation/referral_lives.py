"""What becomes of referral candidates: decided within the day by supervision, approved, received, answered."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from bureau.desk.refusal import IllegalTransition
from config.simulation.stage import Stage
from oversight.actions import move_referral
from oversight.models import ReferralCandidate

DECISIONS = (  # verb, reason, words, share
    ("explained", "not_at_fault", "已核实：反馈仅因当事人外出而延迟，现场已整改。", 45),
    ("one_more_order", "under_way", "已有进展，再给一次整改期。", 25),
    ("transfer", "unanswered", "两次整改期满均未反馈，按规定移送区督查部门。", 30),
)
LEFT_LYING = 0.2


class ReferralDesk:
    """Looks at the candidates raised since it looked last; a few of them are left lying."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.seen: set[Any] = set()

    def look(self, at: datetime) -> None:
        for one in ReferralCandidate.objects.undecided().exclude(pk__in=self.seen):
            self.seen.add(one.pk)
            if self.stage.chance.random() > LEFT_LYING:
                self.stage.plan(self.stage.later(max(at, one.duty_at), self.stage.chance.uniform(60, 420)),
                                partial(self.decide, one))  # fmt: skip

    def decide(self, one: ReferralCandidate, at: datetime) -> None:
        verb, reason, words, _share = self.stage.chance.choices(DECISIONS, [row[3] for row in DECISIONS])[0]
        try:
            self.move(one, verb, "supervisor", at, reason=reason, words=words)
        except IllegalTransition:  # handled meanwhile: explained is all that is left
            self.move(one, "explained", "supervisor", at, reason="handled", words=DECISIONS[0][2])
            return
        if verb == "transfer":
            self.stage.soon(at, 30, 300, partial(self.approve, one))

    def approve(self, one: ReferralCandidate, at: datetime) -> None:
        one.refresh_from_db()
        try:
            self.move(one, "approve", "deputy", at, digest=one.digest)
        except IllegalTransition:  # a rest day lay between, or it was handled: the first person confirms it again
            self.move(one, "renew", "supervisor", at)
            self.move(one, "approve", "deputy", at, digest=one.digest)
        self.stage.soon(at, 60, 480, partial(self.receive, one))

    def receive(self, one: ReferralCandidate, at: datetime) -> None:
        self.move(one, "receive", "district", at)
        if self.stage.chance.random() < 0.6:
            self.stage.soon(at, 120, 600, partial(self.order, one))

    def order(self, one: ReferralCandidate, at: datetime) -> None:
        self.move(one, "order_correction", "district", at, words="请于三个工作日内整改到位并书面反馈。", days=3)

    def move(self, one: ReferralCandidate, verb: str, who: str, at: datetime, **facts: Any) -> None:
        move_referral(one, verb, by=self.stage.person(who), at=at, **facts)
