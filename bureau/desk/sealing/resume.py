"""After a restore: the next root takes a number that no root outside has, and says to what the portal was set back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import connection, transaction

from bureau.desk.models.root import TrailRoot
from bureau.desk.sealing.readings import key_ring
from bureau.desk.sealing.sealer import SEALER_LOCK, Resumed, next_root
from bureau.proofs.roots import Root


@transaction.atomic
def resume(outside: Mapping[int, Root], *, at: datetime) -> tuple[TrailRoot, Resumed]:
    """Make the root that goes on. Raises ValueError where nothing outside is newer, or what is newer is not ours."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEALER_LOCK])
    resumed = resumed_after(outside)
    root = next_root(at=at, resumed=resumed)
    assert root is not None
    return root, resumed


def resumed_after(outside: Mapping[int, Root]) -> Resumed:
    known = max(outside, default=0)
    if not known:
        raise ValueError("there is no root")
    ours = dict(TrailRoot.objects.filter(n__in=list(outside)).values_list("n", "digest"))
    agreed = max((n for n, digest in ours.items() if digest == outside[n].digest), default=0)
    if agreed == known:
        raise ValueError(f"the newest root there, {known}, is the database's own; nothing was set back")
    fault = outside[known].fault(key_ring())
    if fault:
        raise ValueError(f"root {known}: {fault}")
    return Resumed(agreed, known, outside[known].digest)
