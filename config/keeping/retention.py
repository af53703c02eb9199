"""What is forgotten, so that any moment of the last seven days stays within reach and no older one takes up room."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from config.keeping.bases import Base, bases_of, systems_of
from config.keeping.files import forget_lists_before
from config.keeping.place import Place
from config.keeping.wal import SEGMENT, Segment

WINDOW = timedelta(days=7)


def prune(place: Place, *, at: datetime) -> list[str]:
    """Remove what the window does not need; answers the names. The caller holds the place's lock.

    Only a newer base that was read back whole makes an older one superfluous: without new bases nothing is removed.
    """
    gone = [name for system in systems_of(place) for name in superfluous(place, system, at=at)]
    for name in gone:
        place.forget(name)
    left = [base.files_seq for system in systems_of(place) for base in bases_of(place, system)]
    return gone + (forget_lists_before(place, min(left)) if left else [])


def superfluous(place: Place, system: str, *, at: datetime) -> Iterator[str]:
    """Facts before bases, so that a base is never believed of which a part is gone."""
    bases = bases_of(place, system)
    needed = needed_bases(bases, at=at)
    for base in bases:
        if base not in needed:
            yield from (base.facts, base.tar)
    known = {base.tar for base in bases}  # a base whose taking was killed has no facts and never will
    yield from (name for name in place.names(f"bases/{system}") if name.endswith(".tar") and name not in known)
    if needed:
        yield from _logs_before(place, system, min(base.first.number for base in needed))


def needed_bases(bases: list[Base], *, at: datetime) -> list[Base]:
    """Those of the window and the newest one before it, from which the window's first moment is reached."""
    before = [base for base in bases if base.finished_at <= at - WINDOW]
    return before[-1:] + [base for base in bases if base.finished_at > at - WINDOW]


def _logs_before(place: Place, system: str, number: int) -> Iterator[str]:
    for name in place.names(f"wal/{system}"):
        word = name.rpartition("/")[2][:24]
        if SEGMENT.fullmatch(word) and Segment.named(word).number < number:
            yield name
