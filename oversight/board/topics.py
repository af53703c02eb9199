"""The reds by the sort of their subject: an issue's type, or an enforcement case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from bureau.desk.contributions import topics
from bureau.desk.models.clock import RungName
from bureau.desk.refusal import Words
from oversight.querysets import NOT_RAISED, RedListQuerySet


@dataclass(frozen=True)
class TopicRow:
    """The figures of one sort of subject."""

    topic: str
    label: Words
    red: int
    urge: int
    supervise: int
    refer: int
    waiting: int


def topic_rows(clocks: RedListQuerySet, *, at: datetime) -> list[TopicRow]:
    """Every sort with a red light, the most first; what has none has no row. Nothing red asks for no names."""
    groups = clocks.red(at).order_by().values("topic").annotate(
        red=Count("pk"),
        urge=Count("pk", filter=Q(next_rung=RungName.SUPERVISE)),
        supervise=Count("pk", filter=Q(next_rung=RungName.REFER)),
        refer=Count("pk", filter=Q(next_rung="")),
        waiting=Count("pk", filter=Q(next_rung__in=NOT_RAISED)),
    ).order_by("-red", "topic")  # fmt: skip
    found = list(groups)
    labels = topics() if found else {}
    return [TopicRow(label=labels.get(one["topic"], one["topic"]), **one) for one in found]
