"""So many requests a minute: by key, by person, and for strangers by the peer's own address."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError
from rest_framework.throttling import BaseThrottle

from bureau.desk.models.keys import ApiKey

log = logging.getLogger(__name__)
WINDOW = 60  # seconds
RATES = {"key": 1200, "person": 1200, "address": 120}


@dataclass(frozen=True)
class Quota:
    """What is left of this minute."""

    limit: int
    used: int
    seconds_left: int

    @property
    def remaining(self) -> int:
        return max(self.limit - self.used, 0)


class PerMinute(BaseThrottle):
    """Counts in fixed minutes by one atomic increment; when the counter is lost, work goes on and it is logged."""

    def allow_request(self, request: Any, view: Any) -> bool:
        self.quota = request.quota = count(*payer_of(request))
        return self.quota.used <= self.quota.limit

    def wait(self) -> float:
        return float(self.quota.seconds_left)


def payer_of(request: Any) -> tuple[str, str]:
    """What kind of rate applies, and whose counter it is. REMOTE_ADDR is the real peer (config.proxy)."""
    if isinstance(request.auth, ApiKey):
        return "key", str(request.auth.pk)
    if request.user is not None and request.user.is_authenticated:
        return "person", str(request.user.pk)
    return "address", request.META.get("REMOTE_ADDR", "")


def count(kind: str, whose: str) -> Quota:
    now = time.time()
    limit = getattr(settings, "API_RATES", {}).get(kind, RATES[kind])
    left = WINDOW - int(now) % WINDOW
    name = f"rate:{kind}:{whose}:{int(now) // WINDOW}"
    try:
        cache.add(name, 0, timeout=WINDOW + 5)
        used = cache.incr(name)
    except (RedisError, OSError):
        log.warning("the counter of requests is not reachable: no rate is held")
        used = 0
    except ValueError:  # it ran out between the two calls
        used = 1
    return Quota(limit, used, left)
