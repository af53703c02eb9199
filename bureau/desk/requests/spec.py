"""What a room says of each kind of request about its noun: reasons, who asks, who decides, and what a grant does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db import models

from bureau.desk.contributions import Registry
from bureau.desk.models.request import ClockRequest
from bureau.desk.refusal import Refusal, Words
from bureau.desk.workflow import Actors
from bureau.models.roles import Role
from bureau.models.units import Organisation

Kind = ClockRequest.Kind
CENTRE, DISTRICT = 1, 2


@dataclass(frozen=True)
class RequestSpec:
    """One kind of request about one noun.

    `deciders` and `posts` stand by level: the centre, then the district. `foreign_to` says whose people never decide:
    those of the body that asked, or those of the body that handles. `grant(subject, request=, by=, at=, note=, to=)`
    does what the desk cannot know and answers facts for the trail; without it the desk changes the clock itself.
    `names_body`: at the level of the district the decision names an organisation.
    """

    kind: str
    clock_kind: str
    statuses: frozenset[str]
    askers: Actors
    deciders: tuple[Actors, ...]
    reasons: Mapping[str, Words]
    consequence: Words
    posts: Callable[[Any, int], Iterable[tuple[Organisation | None, Role]]]
    guards: tuple[Callable[[Any, Any], Refusal | None], ...] = ()
    grant: Callable[..., dict[str, Any]] | None = None
    foreign_to: Literal["asker", "handler"] = "asker"
    names_body: bool = False
    wants_met_clock: bool = False
    is_irreversible: bool = False

    @property
    def label(self) -> str:
        return str(Kind(self.kind).label)

    def deciders_at(self, level: int) -> Actors:
        return self.deciders[min(level, len(self.deciders)) - 1]


@dataclass(frozen=True)
class NounSpecs:
    """The requests of one noun; `lifters` may let a suspended clock go on before its day."""

    kinds: Mapping[str, RequestSpec]
    lifters: Actors
    bodies: Callable[[Any, datetime], Iterable[Organisation]]  # that a decision may name


request_specs: Registry[NounSpecs] = Registry()  # by app_label.model


def noun_specs(subject: models.Model) -> NounSpecs | None:
    return request_specs.get(subject._meta.label_lower)


def specs_of(subject: models.Model) -> list[RequestSpec]:
    found = noun_specs(subject)
    return list(found.kinds.values()) if found else []


def spec_for(subject: models.Model, kind: str) -> RequestSpec | None:
    found = noun_specs(subject)
    return found.kinds.get(kind) if found else None
