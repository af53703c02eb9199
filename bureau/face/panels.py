"""Values of the larger components: moves, the happenings of a timeline, the words below a strip."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Final

from django.template.context import Context
from django.utils.translation import gettext, pgettext

from bureau.desk.refusal import Words
from bureau.face.ruler import LIMIT_SHARE, PERIOD_SHARE, Label, Ruler

PRIMARY_SHOWN: Final = 1


@dataclass(frozen=True)
class ShownMove:
    """A move that is open to me: its form or a single button, or a link to its own page (`is_link`)."""

    verb: str
    label: Words
    url: str = ""
    hint: Words = ""
    form: Any = None
    is_link: bool = False
    is_irreversible: bool = False


@dataclass(frozen=True)
class ClosedMove:
    label: Words
    reason: Words
    first_at: datetime | None = None


@dataclass(frozen=True)
class Happening:
    """A line of a timeline. `mark` is a light, `seal` a rung; `changes` are (what, old, new); `folded` hides it."""

    at: datetime
    what: Words
    who: Words = ""
    rule: Words = ""
    note: str = ""
    url: str = ""
    mark: str = ""
    seal: str = ""
    seal_state: str = "done"
    changes: tuple[tuple[Any, Any, Any], ...] = field(default=())
    folded: bool = False
    struck: bool = False
    photos: tuple[Any, ...] = field(default=())


def shown_moves(open: Iterable[Any], url: str, forms: Mapping[str, Any]) -> dict[str, Any]:
    """The first move that can be undone is the primary one; irreversible ones stand last, apart."""
    listed = [shown_move(found, url, forms) for found in open]
    plain = [move for move in listed if not move.is_irreversible]
    return {
        "primary": plain[0] if plain else None,
        "others": plain[PRIMARY_SHOWN:],
        "careful": [move for move in listed if move.is_irreversible],
    }


def shown_move(found: Any, url: str, forms: Mapping[str, Any]) -> ShownMove:
    if isinstance(found, ShownMove):
        return found
    if isinstance(found, Mapping):
        known = {name.name for name in fields(ShownMove)}
        values = {"url": url, "form": forms.get(found["verb"])} | {k: v for k, v in found.items() if k in known}
        return ShownMove(**values)
    move = getattr(found, "move", found)
    return ShownMove(
        move.verb, move.label or move.verb, url, form=forms.get(move.verb), is_irreversible=move.is_irreversible
    )


def closed_moves(closed: Iterable[Any]) -> list[ClosedMove]:
    return [closed_move(found) for found in closed]


def closed_move(found: Any) -> ClosedMove:
    if isinstance(found, ClosedMove):
        return found
    if isinstance(found, Mapping):
        return ClosedMove(found["label"], found["reason"], found.get("first_at"))
    return ClosedMove(found.move.label or found.move.verb, str(found.refusal), found.refusal.first_at)


def happening(entry: Any) -> Happening:
    if isinstance(entry, Happening):
        return entry
    known = {name.name for name in fields(Happening)}
    return Happening(**{name: value for name, value in entry.items() if name in known})


def as_list(photos: Any) -> list[Any]:
    """One photo, several, or none, as a list."""
    if photos in (None, ""):
        return []
    return list(photos) if isinstance(photos, (list, tuple)) or hasattr(photos, "__next__") else [photos]


def csrf_of(context: Context) -> dict[str, Any]:
    """What a form inside a component needs of the page's context."""
    return {name: context.get(name) for name in ("csrf_token", "request", "now") if context.get(name) is not None}


def strip_labels(drawn: Ruler, light: str, start_word: Words, instants: tuple[datetime | None, ...]) -> list[Label]:
    """The instants named below a strip, in their place; those that are not known are left out."""
    start_at, warn_at, due_at, supervise_at, refer_at = instants
    end = drawn.ends[0]
    has_ladder = len(drawn.ends) > 1
    red = gettext("Red, urging") if has_ladder else gettext("Red light")
    labels = [
        Label(0, "start", "r-text-b", str(start_word or pgettext("ruler", "Start")), start_at),
        Label(drawn.tick, "middle", "r-text-b" if light == "yellow" else "r-text", gettext("Yellow light"), warn_at),
        Label(end, "middle" if has_ladder else "end", "r-text-red" if light == "red" else "r-text-b", red, due_at),
    ]
    if has_ladder:
        second = drawn.width * (LIMIT_SHARE + PERIOD_SHARE)
        labels.append(Label(second, "middle", "r-text", gettext("Supervision"), supervise_at))
        labels.append(Label(drawn.width, "end", "r-text", gettext("Referral candidate"), refer_at))
    return [label for label in labels if label.at is not None]
