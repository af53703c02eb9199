"""Whose papers and whose red lights: the reach and the columns of each role (security.md section 3)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Count, Q

from bureau.desk.calendar import midnight
from bureau.desk.models.clock import Clock, ClockQuerySet, Ladder, RungName
from bureau.desk.scope import Grant, Projection, Reach, ScopedQuerySet
from bureau.desk.subject import SubjectQuerySet
from bureau.models import Role

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Self

    from bureau.models import Posting

FULL, METADATA = Projection.FULL, Projection.METADATA
PAPER_ACCESS = {
    Role.OPERATOR: Grant(Reach.EVERY, FULL),
    Role.SHIFT_LEADER: Grant(Reach.EVERY, FULL),
    Role.DISPATCHER: Grant(Reach.EVERY, FULL),
    Role.UNIT_DESK: Grant(Reach.UNIT, FULL),
    Role.TOWN_LEADER: Grant(Reach.UNIT, FULL),
    Role.SQUAD_OFFICER: Grant(Reach.UNIT, FULL),
    Role.SQUAD_LEADER: Grant(Reach.UNIT, FULL),
    Role.DEPUTY: Grant(Reach.EVERY, FULL),
    Role.DIRECTOR: Grant(Reach.EVERY, FULL),
    Role.SUPERVISION: Grant(Reach.EVERY, FULL),
    Role.PARTNER: Grant(Reach.OWN, FULL),
    Role.AUDITOR: Grant(Reach.EVERY, FULL),
}
# `redlist.read`: as the papers, and beyond them figures without title and place for those outside the work
RED_LIST_ACCESS = {
    **PAPER_ACCESS,
    Role.DISTRICT_SUPERVISION: Grant(Reach.EVERY, METADATA),
    Role.SOCIAL: Grant(Reach.EVERY, METADATA),
}
STANDING_ON = {  # the rung that comes next says on which rung a red clock stands
    RungName.URGE: RungName.SUPERVISE,
    RungName.SUPERVISE: RungName.REFER,
    RungName.REFER: "",
}
UNANSWERED = ("issued", "received", "rejected")
NOT_RAISED = (RungName.WARN, RungName.URGE)  # red for a moment, or waiting for a year of the calendar


class RedListQuerySet(ClockQuerySet):
    """Clocks as the red-light board reads them; the same rows as `Clock.objects`, by the access of the red list."""

    access = RED_LIST_ACCESS

    def standing_on(self, rung: str) -> Self:
        """Red clocks on that rung; `waiting` for those whose urging notice is not issued yet."""
        if rung == "waiting":
            return self.filter(next_rung__in=NOT_RAISED)
        return self.filter(next_rung=STANDING_ON[RungName(rung)])

    def turning_red(self, at: datetime, until: datetime) -> Self:
        return self.counting().filter(due_at__gte=at, due_at__lte=until)

    @classmethod
    def units_of(cls, officer: Any) -> set[str] | None:
        """The codes of the units whose rows this person reads; None: every unit's."""
        grants = [(post, grant) for post in officer.postings_now if (grant := cls.access.get(Role(post.role)))]
        if any(grant.reach is Reach.EVERY for _post, grant in grants):
            return None
        return {post.organisation.unit_id for post, _grant in grants if post.organisation.unit_id}

    @classmethod
    def is_metadata(cls, officer: Any) -> bool:
        return cls.projection_for(officer) is METADATA


def whole_red_list() -> RedListQuerySet:
    """The running clocks of the full ladder of every unit: what a bulletin freezes."""
    return RedListQuerySet(Clock).running().filter(ladder=Ladder.FULL)


def red_list(officer: Any) -> RedListQuerySet:
    """The running clocks of the full ladder that this person reads on the board."""
    return RedListQuerySet(Clock).running().visible_to(officer).filter(ladder=Ladder.FULL)


class PaperQuerySet(SubjectQuerySet):
    """`notice.read`; district supervision reads a paper when its subject was handed over."""

    access = {**PAPER_ACCESS, Role.DISTRICT_SUPERVISION: Grant(Reach.HANDED_OVER, FULL)}

    def for_list(self) -> Self:
        return self.select_related("unit", "to_organisation", "owed_by", "rung__clock", "draft__clock")

    def for_detail(self) -> Self:
        return self.for_list().select_related("received_by", "served_by", "draft__drafted_by")

    def of_year(self, year: int) -> Self:
        return self.filter(issued_at__gte=midnight(date(year, 1, 1)), issued_at__lt=midnight(date(year + 1, 1, 1)))

    def awaiting_receipt(self) -> Self:
        return self.filter(status="issued")

    def awaiting_reply(self) -> Self:
        """Never answered, or to be answered again."""
        return self.filter(status__in=UNANSWERED)

    def to_be_judged(self) -> Self:
        return self.filter(status="answered")

    def counts(self) -> dict[str, int]:
        """How many wait for a receipt, an answer and a judgement. One query."""
        waiting = {"unreceived": ("issued",), "unanswered": UNANSWERED, "to_judge": ("answered",)}
        return self.order_by().aggregate(
            **{name: Count("pk", filter=Q(status__in=statuses)) for name, statuses in waiting.items()}
        )


class OfPaperQuerySet(ScopedQuerySet):
    """Whoever reads a paper reads the answers to it, and what was said of taking it back."""

    access = PaperQuerySet.access
    holder_field = "paper__owed_by"
    subject_field = "paper__subject_id"

    def reach_of(self, posting: Posting, reach: Reach) -> Q:
        if reach is Reach.HANDED_OVER:
            return super().reach_of(posting, reach)
        found = self.held_by(posting)
        if reach is Reach.UNIT and posting.organisation.unit_id:
            found |= Q(paper__unit_id=posting.organisation.unit_id)
        return found


class DraftQuerySet(SubjectQuerySet):
    """`notice.urge by hand`: the issuing body and the centre read every draft, a unit's desk those it made."""

    access = {
        **{
            role: Grant(Reach.EVERY, FULL)
            for role in (Role.SUPERVISION, Role.DEPUTY, Role.DIRECTOR, Role.SHIFT_LEADER, Role.DISPATCHER)
        },
        Role.UNIT_DESK: Grant(Reach.MINE, FULL),
    }
    maker_field = "drafted_by"

    def for_list(self) -> Self:
        return self.select_related("unit", "owed_by", "clock", "drafted_by", "paper")

    def open(self) -> Self:
        return self.filter(status="draft")


class ScanQuerySet(ScopedQuerySet):
    """Scans and their pages lie with the bureau that issued the papers; a filed scan is read with its paper."""

    access = {role: Grant(Reach.EVERY, FULL) for role in (Role.SUPERVISION, Role.DEPUTY, Role.DIRECTOR)}

    def waiting(self) -> Self:
        """Pages that nobody has filed or set aside."""
        return self.filter(settled_at=None)


class BulletinQuerySet(ScopedQuerySet):
    """Whoever reads the red list reads the bulletins of it; which rows, says `bulletins.shown_to`."""

    access = {role: Grant(Reach.EVERY, grant.projection) for role, grant in RED_LIST_ACCESS.items()}

    def files_visible_to(self, officer: Any) -> Self:
        """Printed, it holds the rows of all units: for whoever reads every unit's rows."""
        return super().files_visible_to(officer) if RedListQuerySet.units_of(officer) is None else self.none()


class ReferralQuerySet(SubjectQuerySet):
    """Candidates and hand-overs, read with the papers; district supervision reads what was handed over to it."""

    access = {**PAPER_ACCESS, Role.DISTRICT_SUPERVISION: Grant(Reach.HANDED_OVER, FULL)}

    def reach_of(self, posting: Posting, reach: Reach) -> Q:
        return Q(handed_over_at__isnull=False) if reach is Reach.HANDED_OVER else super().reach_of(posting, reach)

    def for_list(self) -> Self:
        return self.select_related(
            "unit",
            "owed_by",
            "rung__clock",
            "decided_by",
            "approved_by",
            "received_by",
            "withdrawal_asked_by",
            "withdrawn_by",
        )

    def undecided(self) -> Self:
        return self.filter(status="candidate")

    def handed_over(self) -> Self:
        """With a number, whatever became of it since."""
        return self.filter(handed_over_at__isnull=False)

    def unreceived(self, at: datetime) -> Self:
        """Handed over, not received, and it is time to tell again."""
        return self.filter(tell_again_at__lte=at)


class SealedAnswerQuerySet(models.QuerySet):
    """Answers on sealed paper, read with their referral."""

    def waiting(self) -> Self:
        """Entered, and neither confirmed nor rejected."""
        return self.filter(verdict="")


class CandidateListQuerySet(ReferralQuerySet):
    """Candidates as figures of the board: read with the red list."""

    access = RED_LIST_ACCESS
