"""One engine for every noun that has a status: a table of moves, and the one door through which status changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from bureau.desk import clocks
from bureau.desk.clocks import ClockSpec, Duty
from bureau.desk.refusal import BadValue, IllegalTransition, NotYourMove, Refusal, Words, raise_all, required
from bureau.desk.trail import last_entry, not_before, write_entry
from bureau.models.people import Officer, Posting
from bureau.models.roles import Role

Guard = Callable[[Any, Officer], Refusal | None]
Effect = Callable[..., dict[str, Any] | None]


@dataclass(frozen=True)
class Actors:
    """Who may make a move: roles of the district anywhere, of the subject's unit, or of its handling organisation."""

    district: frozenset[Role] = frozenset()
    unit: frozenset[Role] = frozenset()
    handler: frozenset[Role] = frozenset()

    def posting_of(self, officer: Any, subject: Any) -> Posting | None:
        """The posting as which this person makes the move, or None."""
        return next((p for p in officer.postings_now if self.admits(p, subject)), None)

    def admits(self, posting: Posting, subject: Any) -> bool:
        if posting.role in self.district:
            return True
        unit_id = posting.organisation.unit_id
        if posting.role in self.unit and unit_id is not None and unit_id == subject.unit_id:
            return True
        return posting.role in self.handler and posting.organisation_id == subject.handled_by_id

    @property
    def roles(self) -> frozenset[Role]:
        return self.district | self.unit | self.handler


def actors(*district: Role, unit: tuple[Role, ...] = (), handler: tuple[Role, ...] = ()) -> Actors:
    return Actors(frozenset(district), frozenset(unit), frozenset(handler))


@dataclass(frozen=True)
class Move:
    """One edge: verb, sources, target, who, clocks met, set and resumed, facts needed, guards asked in order.

    `resumes` is for a failed check (the time between does not count), `reopens` for taking one's own word back (it
    does), `drops` for a clock that somebody else's error had started: it ends without a light.
    """

    verb: str
    sources: tuple[str, ...]
    target: str
    who: Actors
    meets: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    resumes: tuple[str, ...] = ()
    reopens: tuple[str, ...] = ()
    drops: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    guards: tuple[Guard, ...] = ()
    label: Words = ""
    is_irreversible: bool = False
    is_detour: bool = False  # leads back or aside; what leads on comes first wherever moves are offered


@dataclass(frozen=True)
class OpenMove:
    """A move this person may make now, and as which posting."""

    move: Move
    posting: Posting


@dataclass(frozen=True)
class ClosedMove:
    """A move of this person's roles that is closed now, and why."""

    move: Move
    refusal: Refusal


@dataclass
class Workflow:
    """The moves of one noun; those of `granted` are made only by granting a request, and nobody is offered them.

    `spec_of(subject, kind, at)` gives a clock's limit, `duty_of(subject)` who owes next.

    A kind for which `spec_of` answers None has no limit on this subject, and no clock.
    """

    table: tuple[Move, ...]
    spec_of: Callable[[Any, str, datetime], ClockSpec | None]
    duty_of: Callable[[Any], Duty]
    granted: tuple[Move, ...] = ()
    guards: tuple[Guard, ...] = ()  # asked before those of each move that has a source
    moves: Mapping[str, Move] = field(init=False)
    granted_moves: Mapping[str, Move] = field(init=False)

    def __post_init__(self) -> None:
        self.table, self.granted = self._guarded(self.table), self._guarded(self.granted)
        self.moves = {move.verb: move for move in self.table}
        self.granted_moves = {move.verb: move for move in self.granted}

    def _guarded(self, moves: tuple[Move, ...]) -> tuple[Move, ...]:
        return tuple(replace(move, guards=(*self.guards, *move.guards)) if move.sources else move for move in moves)

    def open_to(self, subject: Any, by: Any) -> list[OpenMove]:
        """What this person may do now, what leads on first; buttons, API and the door ask this."""
        return self.choices(subject, by)[0]

    def closed_to(self, subject: Any, by: Any) -> list[ClosedMove]:
        """Moves of this person's roles that are closed now, each with its reason."""
        return self.choices(subject, by)[1]

    def choices(self, subject: Any, by: Any) -> tuple[list[OpenMove], list[ClosedMove]]:
        """What is open and what is closed to this person, in one pass: every guard is asked once.

        Nothing is listed where no move leads on: all is over.
        """
        opened: list[OpenMove] = []
        closed: list[ClosedMove] = []
        if not any(subject.status in move.sources for move in self.table):
            return opened, closed
        for move, posting in self._of(subject, by):
            refusal = wrong_status(subject, move) or refused_by(move, subject, by)
            if refusal is None:
                opened.append(OpenMove(move, posting))
            else:
                closed.append(ClosedMove(move, refusal))
        opened.sort(key=lambda found: found.move.is_detour)
        return opened, closed

    def _of(self, subject: Any, by: Any) -> Iterator[tuple[Move, Posting]]:
        for move in self.table:
            posting = move.who.posting_of(by, subject) if move.sources else None
            if posting:
                yield move, posting

    @transaction.atomic(savepoint=False)  # all of the new subject or nothing, with whatever stands around it
    def begin(
        self, subject: Any, verb: str, *, by: Officer | None, at: datetime, note: str = "", facts: Any = None,
        posting: Posting | None = None,
    ) -> Any:  # fmt: skip
        """Save a new subject by its opening move (no source), with its first clock and its first entry."""
        move = self.moves[verb]
        subject.status = move.target
        subject.save(force_insert=True)
        self._leave_mark(subject, move, "", posting, by=by, at=at, note=note, facts=facts or {})
        return subject

    @transaction.atomic
    def apply(
        self, subject: Any, verb: str, *, by: Officer, at: datetime, note: str = "",
        facts: dict[str, Any] | None = None, effect: Effect | None = None, is_granted: bool = False,
    ) -> Any:  # fmt: skip
        """The one door: lock and refresh within what the person may see, ask the table, set, mark.

        Raises the model's DoesNotExist for a row out of sight, else a Refusal. `effect(subject, by=, at=, posting=,
        **facts)` sets the noun's own columns and may answer facts for the trail; a Refusal in it undoes everything.
        """
        mine = type(subject).objects.visible_to(by)
        subject.refresh_from_db(from_queryset=mine.select_for_update(of=("self",)))
        move = (self.granted_moves if is_granted else self.moves).get(verb)
        if move is None or not move.sources:
            raise BadValue(_("There is no such move."), code="unknown_verb", pointer="/verb")
        posting = self._admit(move, subject, by)
        facts = {name: value for name, value in (facts or {}).items() if value not in (None, "", [])}
        self._ask_needs(move, note, facts)
        at = not_before(last_entry(subject), at)
        source, subject.status = subject.status, move.target
        told = effect(subject, by=by, at=at, posting=posting, **facts) if effect else facts
        subject.save()
        self._leave_mark(subject, move, source, posting, by=by, at=at, note=note, facts=told or {})
        return subject

    def _admit(self, move: Move, subject: Any, by: Officer) -> Posting:
        posting = move.who.posting_of(by, subject)
        if posting is None:
            raise NotYourMove(_("This move belongs to another post."), pointer="/verb")
        refusal = wrong_status(subject, move) or refused_by(move, subject, by)
        if isinstance(refusal, IllegalTransition) and not refusal.open_verbs:
            refusal.open_verbs = tuple(found.move.verb for found in self.open_to(subject, by))
        if refusal is not None:
            raise refusal
        return posting

    def _ask_needs(self, move: Move, note: str, facts: dict[str, Any]) -> None:
        given = {**facts, "note": note.strip()}
        raise_all([required(need) for need in move.needs if not given.get(need)])

    def _leave_mark(
        self, subject: Any, move: Move, source: str, posting: Posting | None, *, by: Officer | None, at: datetime,
        note: str, facts: dict[str, Any],
    ) -> None:  # fmt: skip
        """Clocks and entry, in the transaction of the move."""
        duty = self.duty_of(subject)
        if move.meets:
            clocks.meet_clocks(subject, move.meets, at=at)
        if move.drops:
            clocks.drop_clocks(subject, move.drops, at=at)
        if move.sources:
            clocks.hand_over(subject, duty)
        for kind in move.sets:
            if spec := self.spec_of(subject, kind, at):
                clocks.start_clock(subject, kind, spec, duty, at=at)
        if move.resumes:
            clocks.resume_clocks(subject, move.resumes, duty, at=at)
        if move.reopens:
            clocks.reopen_clocks(subject, move.reopens, duty, at=at)
        write_entry(
            subject, move.verb, by=by, at=at, posting=posting, source=source, target=move.target, note=note,
            facts=facts, is_first=not move.sources,
        )  # fmt: skip


def wrong_status(subject: Any, move: Move) -> IllegalTransition | None:
    """A move of another status, explained by the status in which it is made."""
    return None if subject.status in move.sources else wrong_status_words(subject, move.sources)


def wrong_status_words(subject: Any, sources: Iterable[str]) -> IllegalTransition:
    labels = dict(subject._meta.get_field("status").flatchoices)
    named = ", ".join(str(labels.get(source, source)) for source in sources)
    return IllegalTransition(format_lazy(_("Only while the status is: {status}."), status=named))


def refused_by(move: Move, subject: Any, by: Any) -> Refusal | None:
    """The first guard that refuses."""
    return next((refusal for guard in move.guards if (refusal := guard(subject, by))), None)
