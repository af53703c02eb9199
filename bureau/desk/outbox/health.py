"""How the outbox is: for the system page, the metrics and whoever is on watch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from bureau.desk.models.delivery import Delivery, Lane
from bureau.desk.models.notice import MOST_TRIES, Notice


@dataclass(frozen=True)
class Health:
    """`queued` are messages that are due and still here, `oldest_age` the age of the eldest of them, zero for none.

    `dead` wait for a person, `unheard` reached nobody and were read by nobody; `failing` are the ways out that do
    not answer.
    """

    queued: int
    oldest_age: timedelta
    dead: int
    unheard: int
    failing: tuple[Lane, ...]

    @property
    def is_well(self) -> bool:
        return not (self.dead or self.unheard or self.failing) and self.oldest_age < timedelta(minutes=10)


def health(*, at: datetime) -> Health:
    """Four queries."""
    due = Q(due_at__lte=at, state__in=(Delivery.State.QUEUED, Delivery.State.LEASED))
    out = Delivery.objects.aggregate(
        queued=Count("pk", filter=due), oldest=Min("due_at", filter=due), dead=Count("pk", filter=Q(state="dead"))
    )
    stuck = Q(tries__gte=MOST_TRIES)
    inside = Notice.objects.unsent().aggregate(
        queued=Count("pk", filter=~stuck), oldest=Min("created_at", filter=~stuck), dead=Count("pk", filter=stuck)
    )
    eldest = min((moment for moment in (out["oldest"], inside["oldest"]) if moment), default=at)
    return Health(
        queued=out["queued"] + inside["queued"],
        oldest_age=max(at - eldest, timedelta(0)),
        dead=out["dead"] + inside["dead"],
        unheard=Notice.objects.unheard().count(),
        failing=tuple(Lane.objects.filter(failures__gt=0).order_by("failing_since")),
    )
