"""What a numbered notice says: taken from the subject once, when it is issued, in Chinese as the paper is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from bureau.desk import figures
from bureau.desk.bulk import insert_rows
from bureau.desk.calendar import WorkingCalendar
from bureau.desk.clocks import iso, timing_of
from bureau.desk.clockwork import Kind, Limit, Timing, Unit
from bureau.desk.contributions import SubjectCard
from bureau.desk.explain import limit_in_words, sentence
from bureau.desk.models.clock import Clock, RungName
from bureau.desk.numbering import take_numbers
from bureau.models import Organisation
from oversight.models import LATE, Paper, Rung
from oversight.receivers import Directory

PAPER_OF = {RungName.URGE: Paper.Kind.URGING, RungName.SUPERVISE: Paper.Kind.SUPERVISION}
MARKS = {Paper.Kind.URGING: "oversight_urging_mark", Paper.Kind.SUPERVISION: "oversight_supervision_mark"}
figures.declare(oversight_urging_mark="闵城管催", oversight_supervision_mark="闵城管督")
figures.describe(
    oversight_urging_mark=_("Mark in the number of urging notices"),
    oversight_supervision_mark=_("Mark in the number of supervision notices"),
)


@dataclass(frozen=True)
class Raising:
    """A rung about to be raised, with its clock and the card of what the clock is about."""

    rung: Rung
    clock: Clock
    card: SubjectCard | None

    @property
    def about(self) -> dict[str, Any]:
        clock = self.clock
        return {
            "subject_type_id": clock.subject_type_id,
            "subject_id": clock.subject_id,
            "unit_id": clock.unit_id,
            "owed_by_id": clock.owed_by_id,
        }

    @property
    def number(self) -> str:
        return self.card.number if self.card else str(self.clock.subject_id)

    @property
    def place(self) -> str:
        return self.card.place if self.card else ""


def issue_papers(
    raisings: Sequence[Raising], directory: Directory, calendar: WorkingCalendar, *, at: datetime
) -> dict[Any, Paper]:
    """Number and save the papers of these rungs in the caller's transaction; by rung.

    Numbers of a kind follow the order of the computed instants; the year is that of the real day of issue.
    """
    papers = []
    for rung_name, kind in PAPER_OF.items():
        due = sorted(
            (one for one in raisings if one.rung.name == rung_name), key=lambda one: (one.rung.reached_at, one.number)
        )
        numbers = numbers_of(kind, directory.bureau, len(due), at=at)
        with override("zh-hans"):
            papers += [
                written(raising, kind, number, directory, calendar, at=at)
                for raising, number in zip(due, numbers, strict=True)
            ]
    insert_rows(papers)
    return {paper.rung_id: paper for paper in papers}


def numbers_of(kind: Paper.Kind, bureau: Organisation, count: int, *, at: datetime) -> list[str]:
    """`闵城管催〔2026〕118号` and the next ones (grid.md R13)."""
    if not count:
        return []
    today = timezone.localdate(at)
    mark = figures.figure(MARKS[kind], today)
    return [f"{mark}〔{today.year}〕{number}号" for number in take_numbers(bureau.code, kind, today.year, count)]


def written(
    raising: Raising, kind: Paper.Kind, number: str, directory: Directory, calendar: WorkingCalendar, *, at: datetime
) -> Paper:
    clock, rung = raising.clock, raising.rung
    to = directory.addressee(clock, rung.name)
    could_go_at = max(rung.reached_at, clock.held_until or rung.reached_at)
    return Paper(
        **raising.about,
        rung=rung,
        kind=kind,
        number=number,
        to_organisation=to,
        facts=facts_of_paper(raising, to, directory, calendar),
        red_at=clock.due_at,
        rectify_by=clock.supervise_at if kind == Paper.Kind.URGING else clock.refer_at,
        issued_at=at,
        is_late=calendar.working_time_between(could_go_at, at) > LATE,
    )


def facts_of_paper(
    raising: Raising, to: Organisation, directory: Directory, calendar: WorkingCalendar
) -> dict[str, Any]:
    """The whole text of the paper as values, in the language in force: it never changes when its subject does."""
    clock, card = raising.clock, raising.card
    timing = timing_of(clock, calendar)
    handler = directory.organisations.get(clock.owed_by_id)
    return {
        "issuer": directory.bureau.name_zh,
        "to": to.name_zh,
        "number": raising.number,
        "type": str(card.title) if card else "",
        "place": str(raising.place),
        "handler": handler.name_zh if handler else "",
        "limit": limit_in_words(clock.limit),
        "started_at": iso(clock.started_at),
        "red_at": iso(clock.due_at),
        "reached_at": iso(raising.rung.reached_at),
        "period": period_in_words(timing),
        "counted": sentence(timing),
        "round": clock.round,
    }


def period_in_words(timing: Timing) -> str:
    """The rectification period Q (grid.md R6), in the limit's own kind of hours."""
    unit = Unit.WORKING_HOURS if timing.kind is Kind.WORKING else Unit.CLOCK_HOURS
    hours = timing.rectification / timedelta(hours=1)
    return limit_in_words(Limit(Decimal(f"{hours:g}"), unit))


def told_of(raising: Raising, paper: Paper | None) -> dict[str, Any]:
    """The plain values for the words of a message."""
    told: Mapping[str, Any] = {
        "number": raising.number,
        "place": str(raising.place),
        "at": f"{timezone.localtime(raising.rung.reached_at):%m-%d %H:%M}",
        "paper": paper.number if paper else "",
        "paper_id": str(paper.pk) if paper else "",
        "by": f"{timezone.localtime(paper.rectify_by):%m-%d %H:%M}" if paper and paper.rectify_by else "",
    }
    return dict(told)
