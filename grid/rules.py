"""The figures of the catalogue that a person may change by date, and the running clocks that hang on each (R15)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from bureau.desk import figures
from bureau.desk.clocks import ClockSpec
from bureau.desk.clockwork import Limit
from bureau.desk.models.clock import Clock, Ladder
from bureau.desk.recalculation import Ruled, ruled_clocks
from bureau.desk.refusal import Words
from grid.duties import LIMITS_OF_TYPES, SWITCHED_OFF
from grid.models import Issue, IssueType

LABELS: Mapping[str, Words] = {
    "handling": _("Handling limit of {code} {type}"),
    "response": _("Response limit of {code} {type}"),
}
LADDER_PREFIX = "grid_ladder_"


def limits(kind: str) -> dict[str, tuple[str, Words]]:
    """Default and label of each type's limit of this kind."""
    found = {}
    for one in IssueType.objects.all():
        limit = LIMITS_OF_TYPES[kind](one)
        if limit is not None:
            found[f"grid_{kind}_limit_{one.pk}"] = (str(limit), format_lazy(LABELS[kind], code=one.pk, type=str(one)))
    return found


def ladders() -> dict[str, tuple[str, Words]]:
    label = _("Ladder of {code} {type}: full, light_only or off")
    return {
        f"{LADDER_PREFIX}{one.pk}": (str(Ladder.FULL), format_lazy(label, code=one.pk, type=str(one)))
        for one in IssueType.objects.all()
    }


def clocks_of_type(prefix: str, kinds: tuple[str, ...], name: str) -> QuerySet[Clock]:
    """The running clocks of these kinds about issues of the type that the figure's name ends in."""
    of_type = Issue.objects.filter(type=name.removeprefix(prefix)).values("pk")
    return Clock.objects.running().filter(kind__in=kinds, subject_id__in=of_type)


def with_limit(clock: Clock, value: str) -> ClockSpec:
    return ClockSpec(Limit.parse(value), clock.ladder, clock.counts_days)


def with_ladder(clock: Clock, value: str) -> ClockSpec | None:
    return None if value == SWITCHED_OFF else ClockSpec(clock.limit, value, clock.counts_days)


def register() -> None:
    for kind in LIMITS_OF_TYPES:
        prefix = f"grid_{kind}_limit_"
        figures.declare_family(prefix, figures.Family(partial(limits, kind)))
        ruled_clocks.add(prefix, Ruled(partial(clocks_of_type, prefix, (kind,)), with_limit))
    choices: tuple[Any, ...] = (*Ladder.values, SWITCHED_OFF)
    figures.declare_family(LADDER_PREFIX, figures.Family(ladders, choices))
    kinds = tuple(LIMITS_OF_TYPES)
    ruled_clocks.add(LADDER_PREFIX, Ruled(partial(clocks_of_type, LADDER_PREFIX, kinds), with_ladder))
