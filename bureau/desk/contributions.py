"""What rooms hand down, so that a page of the desk gathers from rooms it may not know.

A registry holds named values; each room registers in its `AppConfig.ready`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from django.db import models

from bureau.desk.refusal import Words
from bureau.models.roles import Role

Value = TypeVar("Value")


class Registry(Generic[Value]):
    """Values by name, in the order of their `order`, then of their names."""

    def __init__(self) -> None:
        self._values: dict[str, tuple[int, Value]] = {}

    def add(self, name: str, value: Value, *, order: int = 100) -> None:
        self._values[name] = (order, value)

    def get(self, name: str) -> Value | None:
        found = self._values.get(name)
        return found[1] if found else None

    def items(self) -> Iterator[tuple[str, Value]]:
        for name, (_, value) in sorted(self._values.items(), key=lambda pair: (pair[1][0], pair[0])):
            yield name, value

    def __iter__(self) -> Iterator[Value]:
        return (value for _, value in self.items())


@dataclass(frozen=True)
class SubjectCard:
    """How a subject shows in lists of the desk: the board, my desk, notices, search."""

    number: str
    title: str
    place: str
    url: str
    status: str = ""
    holder: str = ""


@dataclass(frozen=True)
class SubjectKind:
    """A noun that clocks, notices and entries may be about. `cards` answers for many ids in one query.

    `visible` is the noun's own `visible_to`: opening a subject goes through it. `topics` names the sorts of it by the
    code that its clocks bear as `topic`: an issue's type, say.
    """

    model: type[models.Model]
    label: Words
    cards: Callable[[Iterable[Any]], Mapping[Any, SubjectCard]]
    clock_labels: Mapping[str, Words] = field(default_factory=dict)
    verb_labels: Mapping[str, Words] = field(default_factory=dict)
    status_labels: Mapping[str, Words] = field(default_factory=dict)
    topics: Callable[[], Mapping[str, Words]] = dict


@dataclass(frozen=True)
class NavEntry:
    """An entry of the rail. `count` answers a figure for the officer, or None to show none."""

    label: Words
    url_name: str
    icon: str
    group: str
    roles: frozenset[Role] | None = None  # None: everybody who is signed in
    count: Callable[[Any], int | None] | None = None
    is_red: bool = False


@dataclass(frozen=True)
class UnitPanel:
    """A panel on a unit's page: `context(unit, officer, at)` gives what `template` needs, or None to be left out."""

    title: Words
    template: str
    context: Callable[..., dict[str, Any] | None]


@dataclass(frozen=True)
class SubjectPanel:
    """What a room adds to the page of another room's subject, `of` being the subject's app_label.model.

    `context(subject, officer, at)` gives what `template` needs, or None to be left out; `is_wide` puts it into the
    main column.
    """

    of: str
    title: Words
    template: str
    context: Callable[..., dict[str, Any] | None]
    is_wide: bool = False


@dataclass(frozen=True)
class NoticeKind:
    """The words of a kind of message: format strings over its `params`."""

    title: Words
    body: Words


@dataclass(frozen=True)
class SearchSource:
    """`find(text, officer, limit)` answers cards."""

    label: Words
    find: Callable[..., list[SubjectCard]]


ReferenceLoader = Callable[[Path], str]

subject_kinds: Registry[SubjectKind] = Registry()  # by app_label.model, as ContentType has it
navigation: Registry[NavEntry] = Registry()
unit_panels: Registry[UnitPanel] = Registry()
subject_panels: Registry[SubjectPanel] = Registry()
act_labels: Registry[Words] = Registry()  # verbs that another room writes on a subject's trail, by verb
notice_kinds: Registry[NoticeKind] = Registry()
search_sources: Registry[SearchSource] = Registry()
reference_loaders: Registry[ReferenceLoader] = Registry()
code_lists: Registry[Callable[[], list[dict[str, Any]]]] = Registry()  # GET codes/{list}/
error_codes: Registry[Words] = Registry()  # what a room's refusals are called; GET codes/errors/
demo_steps: Registry[Callable[..., None]] = Registry()
handed_over: Registry[Callable[[], Any]] = Registry()  # a query of the ids of subjects that left for supervision
workflows: Registry[Any] = Registry()  # name of the noun -> its Workflow, for the drawings


def topics() -> dict[str, Words]:
    """Every sort of subject that a clock may be about, by its code; a query for each room that keeps them in rows."""
    return {code: words for kind in subject_kinds for code, words in kind.topics().items()}


def kind_of(model: type[models.Model]) -> SubjectKind | None:
    return subject_kinds.get(model._meta.label_lower)
