"""Clocks on the ladder, and papers, made by sweeping; the calendar of real years is loaded first."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bureau.desk import clocks
from bureau.desk.almanac import load_year
from bureau.desk.clocks import ClockSpec, Duty
from bureau.desk.clockwork import Limit
from bureau.desk.models.clock import Clock, Ladder
from bureau.loaders import calendar
from bureau.models import Officer, Organisation, Role, Unit
from config.launcher.places import ROOT
from grid.models import Issue
from oversight import ladder
from oversight.actions import acknowledge_paper, draft_paper, file_scan, move_draft, move_referral, reply_to_paper
from oversight.models import Paper, PaperDraft, ReferralCandidate, ScanPage
from tests.make import bureau, grid

FOLDER = ROOT / "reference" / "minhang"


def real_calendar(*years: int) -> None:
    """The working days of these years (2015 and 2026 when none is named) as a district loads them."""
    known = calendar.read_days(FOLDER / calendar.DAYS)
    for year in years or (2015, 2026):
        load_year(year, known[year], by=None, at=None, source="reference data")


def seats(unit: Unit) -> dict[str, Officer]:
    """One person for each post that the ladder tells: the unit's own, and those of the bureau and the centre."""
    posts = {
        "leader": Role.SQUAD_LEADER,
        "officer": Role.SQUAD_OFFICER,
        "desk": Role.UNIT_DESK,
        "town": Role.TOWN_LEADER,
    }
    district = {"supervisor": Role.SUPERVISION, "deputy": Role.DEPUTY, "shift": Role.SHIFT_LEADER}
    return {
        **{name: seat(unit, role, f"{unit.slug}-{name}") for name, role in posts.items()},
        **{name: seat(None, role, name) for name, role in district.items()},
    }


def seat(unit: Unit | None, role: Role, username: str) -> Officer:
    found = Officer.objects.filter(username=username).first()
    return found or bureau.officer(unit, role, username=username)


def clock_on(
    issue: Issue,
    limit: str,
    *,
    at: datetime,
    kind: str = "handling",
    ladder: str = Ladder.FULL,
    owed_by: Organisation | None = None,
    role: str = Role.SQUAD_LEADER,
    officers: tuple[Any, ...] = (),
) -> Clock:
    """A clock of the unit's squad (or of another) that began at `at`."""
    duty = Duty(owed_by or bureau.squad(issue.unit), "" if officers else role, officers)
    return clocks.start_clock(issue, kind, ClockSpec(Limit.parse(limit), ladder), duty, at=at)


def reported_at(at: datetime, unit: Unit | None = None, **said: Any) -> Issue:
    """An issue without any clock but those that a test starts."""
    issue = grid.reported_issue(unit, at=at, **said)
    Clock.objects.about(issue).delete()
    return issue


def urging_paper(unit: Unit | None = None, **said: Any) -> Paper:
    """The urging notice of a 4-hour clock that began on Monday 2026-06-22 09:00 and that nobody met by 14:00."""
    unit = unit or bureau.unit()
    seats(unit)
    clock_on(reported_at(grid.MONDAY, unit, **said), "4 working_hours", at=grid.MONDAY)
    ladder.climb(at=bureau.shanghai("2026-06-22 14:00:10"))
    return Paper.objects.latest("issued_at", "id")


def answered_paper(unit: Unit | None = None) -> Paper:
    """The same paper, signed for at 14:30 and answered at 15:00 by the squad's leader."""
    paper = urging_paper(unit)
    leader = seat(paper.unit, Role.SQUAD_LEADER, f"{paper.unit.slug}-leader")  # type: ignore[union-attr]
    acknowledge_paper(paper, by=leader, at=bureau.shanghai("2026-06-22 14:30"))
    return reply_to_paper(paper, "已到场，今日内完成。", by=leader, at=bureau.shanghai("2026-06-22 15:00"))


def red_issue(unit: Unit | None = None) -> Issue:
    """The issue of that paper, red since Monday 14:00 and urged by the ladder."""
    return Issue.objects.get(pk=urging_paper(unit).subject_id)


DRAFTED = bureau.shanghai("2026-06-22 15:00")
PUT_RIGHT = bureau.shanghai("2026-06-24 12:00")


def drafted(unit: Unit | None = None, kind: str = "supervision", by: Officer | None = None) -> PaperDraft:
    """A notice by hand about a red issue, drafted by supervision at 15:00, to be put right by Wednesday noon."""
    issue = red_issue(unit)
    by = by or seat(None, Role.SUPERVISION, "supervisor")
    return draft_paper(issue, kind, words="群众多次反映。", rectify_by=PUT_RIGHT, by=by, at=DRAFTED)


def issued_by_hand(unit: Unit | None = None, kind: str = "supervision") -> Paper:
    draft = drafted(unit, kind)
    moved = move_draft(draft, "issue", by=seat(None, Role.DEPUTY, "deputy"), at=bureau.shanghai("2026-06-22 15:30"))
    assert moved.paper is not None
    return moved.paper


def waiting_page() -> ScanPage:
    """A page of a scan that bears no code, in the tray."""
    by = seat(None, Role.SUPERVISION, "supervisor")
    return file_scan(grid.photo(), by=by, at=bureau.shanghai("2026-06-22 17:00")).pages.get()


DECIDED = bureau.shanghai("2026-06-23 15:00")
APPROVED = bureau.shanghai("2026-06-23 16:00")
REASON = {"reason": "unanswered", "words": "两次整改期满均未反馈。"}


def candidate(unit: Unit | None = None, **said: Any) -> ReferralCandidate:
    """The candidate that the same clock left behind on Tuesday at 14:00."""
    urging_paper(unit, **said)
    ladder.climb(at=bureau.shanghai("2026-06-23 14:00:05"))
    return ReferralCandidate.objects.latest("reached_at", "pk")


def proposed(unit: Unit | None = None) -> ReferralCandidate:
    return propose(candidate(unit))


def propose(one: ReferralCandidate) -> ReferralCandidate:
    by = seat(None, Role.SUPERVISION, "supervisor")
    return move_referral(one, "transfer", by=by, at=DECIDED, **REASON)


def handed_over(unit: Unit | None = None) -> ReferralCandidate:
    return hand_over(candidate(unit))


def hand_over(one: ReferralCandidate) -> ReferralCandidate:
    one = propose(one)
    seat(None, Role.DISTRICT_SUPERVISION, "district")
    return move_referral(one, "approve", by=seat(None, Role.DEPUTY, "deputy"), at=APPROVED, digest=one.digest)
