"""What a person must do next: the running clocks that this person owes, by light and then by due time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Case, Count, IntegerField, Q, Value, When
from django.utils import timezone

from bureau.desk.models.clock import Clock, ClockQuerySet, Light
from bureau.models.people import Posting
from bureau.models.roles import Role

CENTRE_POSTS: Final = (Role.OPERATOR, Role.SHIFT_LEADER, Role.DISPATCHER)
RANKS: Final = {Light.RED: 0, Light.YELLOW: 1, Light.GREEN: 2, Light.GREY: 3}


def owed_by(officer: Any) -> ClockQuerySet:
    """Running clocks owed by this person by name, or by a post of this person when nobody is named."""
    mine = Q(owed_officers__contains=[officer.pk])
    for posting in officer.postings_now:
        mine |= Q(owed_officers=[]) & of_post(posting)
    return Clock.objects.running().filter(mine)


def of_post(posting: Posting) -> Q:
    """What a post owes. A sub-centre's desk stands in for the centre's posts within its own unit (grid.md 1.2)."""
    found = Q(owed_by_id=posting.organisation_id, owed_role__in=("", posting.role))
    if posting.role == Role.UNIT_DESK and posting.organisation.unit_id:
        found |= Q(owed_role__in=CENTRE_POSTS, unit_id=posting.organisation.unit_id)
    return found


def ranked(clocks: ClockQuerySet, at: datetime) -> ClockQuerySet:
    """Red first, then yellow, green and suspended; within a light by due time."""
    rank = Case(
        *(When(light_now=light, then=Value(place)) for light, place in RANKS.items()),
        default=Value(len(RANKS)),
        output_field=IntegerField(),
    )
    return clocks.with_light(at).annotate(rank=rank).order_by("rank", "due_at", "pk")


def tally(clocks: ClockQuerySet, at: datetime) -> dict[str, int]:
    """How many there are of each light, in one query; `all` is their sum, `today` what falls due until midnight."""
    lights = {light.value: Count("pk", filter=Q(light_now=light)) for light in Light}
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    due_today = Count("pk", filter=Q(suspended_at=None, due_at__gte=at, due_at__lte=midnight))
    found = clocks.with_light(at).aggregate(**lights, today=due_today)
    return {**found, "all": sum(found[light] for light in lights)}


def red_count(officer: Any, *, at: datetime) -> int:
    return owed_by(officer).red(at).count()
