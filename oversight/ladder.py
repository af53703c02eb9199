"""The ladder over clocks (grid.md R5 to R8, R16): yellow reminds, red urges, its lapse supervises, a second refers.

Oversight watches clocks, not cases: whatever has a clock with a full ladder climbs it, whoever owns the noun. Twice is
once: a clock is locked while it climbs, a rung of a round is unique, and what is told bears a key.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import QuerySet
from django.utils.translation import override

from bureau.desk.almanac import current_calendar
from bureau.desk.bulk import insert_rows, uncollected
from bureau.desk.calendar import WorkingCalendar
from bureau.desk.clocks import iso, store_rungs
from bureau.desk.contributions import SubjectCard
from bureau.desk.fence import cards_of
from bureau.desk.limits import HOURS_OF_A_WORKING_DAY
from bureau.desk.models.clock import RUNGS, Clock, Ladder, RungName
from bureau.desk.models.notice import MOST_TRIES, Notice
from bureau.desk.trail import Line, write_entries
from bureau.models import Role
from oversight.actions.referrals import open_candidates
from oversight.models import Paper, ReferralCandidate, Rung
from oversight.papers import PAPER_OF, Raising, issue_papers, period_ends_at, told_of
from oversight.receivers import Directory, Receiver, directory_around

BATCH: Final = 1000
STUCK: Final = "clock_cannot_climb"
UNKNOWN: Final = UUID(int=0)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WORKING_DAY: Final = timedelta(hours=HOURS_OF_A_WORKING_DAY)
logger = logging.getLogger(__name__)
VERBS: Final = {RungName.URGE: "urge", RungName.SUPERVISE: "supervise", RungName.REFER: "refer"}


def climb(*, at: datetime, limit: int = BATCH) -> int:
    """Raise every rung that has come by `at`, `limit` clocks a transaction; answers how many rungs were raised.

    The cost follows what is newly due. Clocks that another sweep holds, or whose subject someone is moving, are left
    to the next sweep: nobody is waited for, so nothing can deadlock.
    """
    raised, size, passed_by = 0, limit, set[Any]()
    while True:
        try:
            with transaction.atomic(), uncollected():
                count, taken, left = climb_batch(at, size, passed_by)
        except (OperationalError, InterfaceError):
            raise  # the database is away: that is no fault of any clock
        except Exception:  # whatever it is, the clocks behind it must not wait (security.md I22)
            logger.exception("a batch of %s clocks could not climb", size)
            if size == 1:
                passed_by.add(set_aside(at, passed_by))
            size = max(1, size // 10) if size > 1 else limit
            continue
        raised += count
        passed_by |= left
        if taken < size:
            return raised


@transaction.atomic
def set_aside(at: datetime, passed_by: set[Any]) -> Any:
    """The first clock that is due cannot climb: it is tried again in an hour, later once a day, and alarmed each time.

    Only the sweep's pointer moves; the rung, once raised, has its computed instant.
    """
    due = Clock.objects.newly_due(at).exclude(pk__in=passed_by).order_by("next_rung_at", "pk")
    clock = due.select_for_update(skip_locked=True, of=("self",)).first()
    if clock is None:
        return UNKNOWN
    rung = Rung(clock=clock, round=clock.round, name=clock.next_rung, reached_at=clock.next_rung_at, raised_at=at)
    told = alarm(Raising(rung, clock, None), STUCK, directory_around([clock], at=at), at=at)
    told.dedupe_key += f":{at.isoformat()}"
    tell([told])
    tries = Notice.objects.filter(kind=STUCK, subject_id=clock.subject_id).count()
    clock.next_rung_at = at + (HOUR if tries < MOST_TRIES else DAY)
    clock.save(update_fields=["next_rung_at"])
    return clock.pk


def climb_batch(at: datetime, limit: int, passed_by: set[Any]) -> tuple[int, int, set[Any]]:
    """One batch: rungs raised, clocks taken, and the clocks whose subjects somebody else held."""
    due = Clock.objects.newly_due(at).exclude(pk__in=passed_by).order_by("next_rung_at", "pk")
    taken = list(due.select_for_update(skip_locked=True, of=("self",))[:limit])
    clocks = with_free_subjects(taken)
    left = {clock.pk for clock in taken} - {clock.pk for clock in clocks}
    if not clocks:
        return 0, len(taken), left
    calendar = current_calendar()
    directory = directory_around(clocks, at=at)
    with override("zh-hans"):  # the cards go onto papers
        cards = cards_of(clocks)
    raisings, waiting = [], []
    for clock in clocks:
        for rung in rungs_reached(clock, calendar, at=at):
            raisings.append(Raising(rung, clock, cards.get(clock.subject_id)))
        if waits(clock, calendar, at=at):
            waiting.append(park(clock, cards.get(clock.subject_id), at=at))
    raisings = newly_inserted(raisings)
    papers = issue_papers([one for one in raisings if has_paper(one)], directory, calendar, at=at)
    open_candidates(candidates_of(raisings, calendar), at=at)
    write_entries([line_of(one, papers.get(one.rung.pk)) for one in raisings if leaves_mark(one)], at=at)
    tell([*notices_of(raisings, papers, directory, at=at), *alarms_of(waiting, directory, at=at)])
    store_rungs(clocks)
    return len(raisings), len(taken), left


# which clocks, which rungs


def with_free_subjects(clocks: Sequence[Clock]) -> list[Clock]:
    """The clocks whose subject nobody is moving, with that subject locked: its trail is about to be written."""
    by_type = defaultdict(set)
    for clock in clocks:
        by_type[clock.subject_type_id].add(clock.subject_id)
    free = {}
    for type_id, ids in by_type.items():
        subjects: QuerySet = ContentType.objects.get_for_id(type_id).model_class()._base_manager.filter(pk__in=ids)
        locked = subjects.order_by("pk").select_for_update(skip_locked=True, of=("self",))
        free[type_id] = set(locked.values_list("pk", flat=True))
    return [clock for clock in clocks if clock.subject_id in free[clock.subject_type_id]]


def rungs_reached(clock: Clock, calendar: WorkingCalendar, *, at: datetime) -> list[Rung]:
    """Every rung that came by `at`, in order, at its computed instant; the clock then waits for the one after."""
    rungs = []
    while clock.next_rung and clock.next_rung_at and clock.next_rung_at <= at and not waits(clock, calendar, at=at):
        rungs.append(
            Rung(
                clock=clock,
                round=clock.round,
                name=clock.next_rung,
                reached_at=clock.rung_instant(clock.next_rung),
                raised_at=at,
            )
        )
        order = RUNGS[Ladder(clock.ladder)]
        place = order.index(RungName(clock.next_rung)) + 1
        clock.next_rung = order[place] if place < len(order) else ""
        clock.next_rung_at = clock.next_rung_comes_at()
    return rungs


def waits(clock: Clock, calendar: WorkingCalendar, *, at: datetime) -> bool:
    """A paper that would hang on a provisional date waits until the year is loaded (design.md section 4).

    An urging notice names the end of its period, so it hangs on that date too.
    """
    if not (clock.is_provisional and clock.ladder == Ladder.FULL and clock.next_rung_at and clock.next_rung_at <= at):
        return False
    last = {
        RungName.WARN: None,
        RungName.URGE: clock.supervise_at,
        RungName.SUPERVISE: clock.refer_at,
        RungName.REFER: clock.refer_at,
    }[RungName(clock.next_rung)]
    return last is not None and calendar.is_provisional(clock.started_at, last)


def park(clock: Clock, card: SubjectCard | None, *, at: datetime) -> Raising:
    """No instant until the clock is computed anew: no sweep asks again, and loading the year sets it going."""
    rung = Rung(clock=clock, round=clock.round, name=clock.next_rung, reached_at=clock.next_rung_at, raised_at=at)
    clock.next_rung_at = None
    return Raising(rung, clock, card)


def newly_inserted(raisings: Sequence[Raising]) -> list[Raising]:
    """Insert the rungs; those that stood already are left out, and whatever would follow from them."""
    kept = insert_rows([raising.rung for raising in raisings], unless_there=True)
    return [raising for raising in raisings if raising.rung.pk in kept]


# what follows from a rung


def leaves_mark(raising: Raising) -> bool:
    return raising.clock.ladder == Ladder.FULL and raising.rung.name in VERBS


def has_paper(raising: Raising) -> bool:
    return raising.clock.ladder == Ladder.FULL and raising.rung.name in PAPER_OF


def line_of(raising: Raising, paper: Paper | None) -> Line:
    facts = {"clock": raising.clock.kind, "round": raising.rung.round, "reached_at": iso(raising.rung.reached_at)}
    if paper:
        facts |= {"paper": paper.number, "paper_id": str(paper.pk), "rectify_by": iso(period_ends_at(raising))}
    return Line(raising.about, VERBS[RungName(raising.rung.name)], facts)


def candidates_of(raisings: Iterable[Raising], calendar: WorkingCalendar) -> list[ReferralCandidate]:
    """The duty to decide begins at the next working instant, and lasts one working day (grid.md R8)."""
    found = []
    for raising in raisings:
        if leaves_mark(raising) and raising.rung.name == RungName.REFER:
            reached = raising.rung.reached_at
            duty = reached if raising.clock.counts_working_time else calendar.next_working_instant(reached)
            decide_by = calendar.add_working_time(duty, WORKING_DAY)
            found.append(
                ReferralCandidate(
                    **raising.about, rung=raising.rung, reached_at=reached, duty_at=duty, decide_by=decide_by
                )
            )
    return found


def notices_of(
    raisings: Iterable[Raising], papers: dict[Any, Paper], directory: Directory, *, at: datetime
) -> list[Notice]:
    """What each rung tells to whom; supervision is alarmed where nobody serves who could read it."""
    posted = []
    for raising in raisings:
        rung, clock = raising.rung, raising.clock
        told = directory.told_at(clock, rung.name)
        kind = f"clock_{rung.name}" if clock.ladder == Ladder.FULL else f"stage_{rung.name}"
        words = told_of(raising, papers.get(rung.pk))
        posted += [notice(raising, kind, receiver, words, at=at) for receiver in told]
        if not any(directory.has_somebody(receiver) for receiver in told):
            posted.append(alarm(raising, "rung_reaches_nobody", directory, at=at))
    return posted


def alarms_of(waiting: Iterable[Raising], directory: Directory, *, at: datetime) -> list[Notice]:
    return [alarm(raising, "paper_waits_for_calendar", directory, at=at) for raising in waiting]


def alarm(raising: Raising, kind: str, directory: Directory, *, at: datetime) -> Notice:
    receiver = Receiver(directory.bureau.pk, Role.SUPERVISION)
    return notice(raising, kind, receiver, told_of(raising, None), at=at)


def notice(raising: Raising, kind: str, receiver: Receiver, params: dict[str, Any], *, at: datetime) -> Notice:
    rung = raising.rung
    return Notice(
        **raising.about,
        kind=kind,
        to_organisation_id=receiver.organisation_id,
        to_role=receiver.role,
        to_officer_id=receiver.officer_id,
        params=params,
        dedupe_key=f"{kind}:{rung.clock_id}:{rung.round}:{rung.name}:{receiver}",
        is_urgent=rung.name != RungName.WARN,
        created_at=at,
    )


def tell(notices: Sequence[Notice]) -> None:
    insert_rows(notices, unless_there=True)
