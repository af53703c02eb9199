"""What a numbered notice says: taken from the subject once, when it is issued, in Chinese as the paper is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
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
from bureau.desk.fence import cards_of
from bureau.desk.models.clock import Clock, ClockSpan, RungName
from bureau.desk.numbering import take_numbers
from bureau.models import Organisation
from oversight.models import LATE, Paper, PaperDraft, Rung
from oversight.receivers import Directory

PAPER_OF = {RungName.URGE: Paper.Kind.URGING, RungName.SUPERVISE: Paper.Kind.SUPERVISION}
MARKS = {
    Paper.Kind.URGING: "oversight_urging_mark",
    Paper.Kind.SUPERVISION: "oversight_supervision_mark",
    Paper.Kind.COMBINED: "oversight_combined_mark",
}
figures.declare(
    oversight_urging_mark="闵城管催", oversight_supervision_mark="闵城管督", oversight_combined_mark="闵城管催督"
)
figures.declare(oversight_notice_form="separate")
figures.choose(oversight_notice_form=("separate", "combined"))
figures.describe(
    oversight_notice_form=_("Urging and supervision as two notices or as one"),
    oversight_urging_mark=_("Mark in the number of urging notices"),
    oversight_supervision_mark=_("Mark in the number of supervision notices"),
    oversight_combined_mark=_("Mark in the number of urging and supervision notices"),
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
    papers: list[Paper] = []
    spans = spans_of_clocks(one.clock for one in raisings)
    standing: dict[Any, Paper] = {}
    for rung_name, kind in kinds_on(timezone.localdate(at)).items():
        due = sorted(
            (one for one in raisings if one.rung.name == rung_name), key=lambda one: (one.rung.reached_at, one.number)
        )
        if rung_name == RungName.SUPERVISE:
            standing = standing_for(due, papers)
            due = [one for one in due if one.rung.pk not in standing]
        numbers = numbers_of(kind, directory.bureau, len(due), at=at)
        with override("zh-hans"):
            papers += [
                written(raising, kind, number, directory, calendar, spans, at=at)
                for raising, number in zip(due, numbers, strict=True)
            ]
    insert_rows(papers)
    return {paper.rung_id: paper for paper in papers} | standing


def kinds_on(day: date) -> dict[RungName, Paper.Kind]:
    """Which paper each rung brings: two, or one for both (figure `oversight_notice_form`)."""
    is_combined = figures.figure("oversight_notice_form", day) == "combined"
    return PAPER_OF | ({RungName.URGE: Paper.Kind.COMBINED} if is_combined else {})


def standing_for(raisings: Sequence[Raising], new: Iterable[Paper]) -> dict[Any, Paper]:
    """By rung: the combined notice that the clock's round brought already, so that no second paper follows.

    What the rung before brought decides, not the figure of today: a change of the figure in between loses no paper.
    """
    if not raisings:
        return {}
    clocks = [one.clock.pk for one in raisings]
    kept = Paper.objects.filter(kind=Paper.Kind.COMBINED, rung__clock__in=clocks).select_related("rung")
    found = {
        (paper.rung.clock_id, paper.rung.round): paper
        for paper in [*kept, *new]
        if paper.rung and paper.kind == Paper.Kind.COMBINED
    }
    by_rung = {one.rung.pk: found.get((one.clock.pk, one.rung.round)) for one in raisings}
    return {rung: paper for rung, paper in by_rung.items() if paper is not None}


def spans_of_clocks(clocks: Iterable[Clock]) -> dict[Any, list[ClockSpan]]:
    """The spans of many clocks, by clock: most have none."""
    found: dict[Any, list[ClockSpan]] = {clock.pk: [] for clock in clocks}
    for span in ClockSpan.objects.filter(clock__in=list(found)) if found else ():
        found[span.clock_id].append(span)
    return found


def numbers_of(kind: Paper.Kind, bureau: Organisation, count: int, *, at: datetime) -> list[str]:
    """`闵城管催〔2026〕118号` and the next ones (grid.md R13)."""
    if not count:
        return []
    today = timezone.localdate(at)
    mark = figures.figure(MARKS[kind], today)
    return [f"{mark}〔{today.year}〕{number}号" for number in take_numbers(bureau.code, kind, today.year, count)]


def written(
    raising: Raising, kind: Paper.Kind, number: str, directory: Directory, calendar: WorkingCalendar,
    spans: Mapping[Any, Sequence[ClockSpan]], *, at: datetime,
) -> Paper:  # fmt: skip
    clock, rung = raising.clock, raising.rung
    timing = timing_of(clock, calendar, spans[clock.pk])
    to = directory.addressee(clock, rung.name)
    could_go_at = max(rung.reached_at, clock.held_until or rung.reached_at)
    return Paper(
        **raising.about,
        rung=rung,
        kind=kind,
        number=number,
        to_organisation=to,
        facts=facts_of_paper(raising, to, directory, timing),
        red_at=clock.due_at,
        rectify_by=clock.refer_at if kind == Paper.Kind.SUPERVISION else clock.supervise_at,
        issued_at=at,
        is_late=calendar.working_time_between(could_go_at, at) > LATE,
    )


def facts_of_paper(raising: Raising, to: Organisation, directory: Directory, timing: Timing) -> dict[str, Any]:
    """The whole text of the paper as values, in the language in force: it never changes when its subject does."""
    clock, card = raising.clock, raising.card
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
        "second_by": iso(clock.refer_at),
        "round": clock.round,
    }


def facts_by_hand(
    draft: PaperDraft, to: Organisation, directory: Directory, calendar: WorkingCalendar
) -> dict[str, Any]:
    """The same values for a notice that a person drafted, with the reason; what no clock says stays empty."""
    clock, card = draft.clock, cards_of([draft]).get(draft.subject_id)
    handler = directory.organisations.get(draft.owed_by_id)
    return {
        "issuer": directory.bureau.name_zh,
        "to": to.name_zh,
        "number": card.number if card else str(draft.subject_id),
        "type": str(card.title) if card else "",
        "place": str(card.place) if card else "",
        "handler": handler.name_zh if handler else "",
        "limit": limit_in_words(clock.limit) if clock else "",
        "started_at": iso(clock.started_at) if clock else None,
        "red_at": iso(clock.due_at) if clock else None,
        "reached_at": None,
        "period": "",
        "counted": sentence(timing_of(clock, calendar)) if clock else "",
        "reason": draft.words,
        "round": clock.round if clock else 0,
    }


def period_ends_at(raising: Raising) -> datetime | None:
    """The end of the period that this rung began."""
    clock = raising.clock
    return clock.supervise_at if raising.rung.name == RungName.URGE else clock.refer_at


def period_in_words(timing: Timing) -> str:
    """The rectification period Q (grid.md R6), in the limit's own kind of hours."""
    unit = Unit.WORKING_HOURS if timing.kind is Kind.WORKING else Unit.CLOCK_HOURS
    hours = timing.rectification / timedelta(hours=1)
    return limit_in_words(Limit(Decimal(f"{hours:g}"), unit))


def told_of(raising: Raising, paper: Paper | None) -> dict[str, Any]:
    """The plain values for the words of a message."""
    until = period_ends_at(raising)
    told: Mapping[str, Any] = {
        "number": raising.number,
        "place": str(raising.place),
        "at": f"{timezone.localtime(raising.rung.reached_at):%m-%d %H:%M}",
        "paper": paper.number if paper else "",
        "paper_id": str(paper.pk) if paper else "",
        "by": f"{timezone.localtime(until):%m-%d %H:%M}" if paper and until else "",
    }
    return dict(told)
