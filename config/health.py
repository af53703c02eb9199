"""Is it alive, is it ready, and how much of everything: /healthz, /readyz and /metrics."""

import hmac
import tempfile
from collections.abc import Callable
from pathlib import Path

import redis
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest

from bureau.desk.skew import MOST_SKEW, database_time

LOOPBACK = ("127.0.0.1", "::1", "")
UP = Gauge("portal_part_up", "1 when a part of the portal answers", ["part"])
SKEW = Gauge("portal_clock_skew_seconds", "How far this machine's clock and the database's differ")
WAITING = Gauge("portal_queue_waiting", "Tasks that wait in the queue")


class ClockOff(Exception):
    """This machine's clock and the database's differ."""


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; asks nothing of anybody else."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Database, clock, queue and storage: 200 when all answer, else 503 with the part and the kind of its failure."""
    parts = {name: _try(check) for name, check in CHECKS.items()}
    ready = all(state == "ok" for state in parts.values())
    return JsonResponse({"ready": ready, "parts": parts}, status=200 if ready else 503)


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus's text, for loopback or `Authorization: Bearer METRICS_TOKEN`; anybody else finds nothing here."""
    if not _may_measure(request):
        return HttpResponseNotFound()
    for name, check in CHECKS.items():
        UP.labels(name).set(_try(check) == "ok")
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _may_measure(request: HttpRequest) -> bool:
    sent = request.headers.get("Authorization", "")
    if settings.METRICS_TOKEN and hmac.compare_digest(sent.encode(), f"Bearer {settings.METRICS_TOKEN}".encode()):
        return True
    return request.META.get("REMOTE_ADDR", "") in LOOPBACK


def _try(check: Callable[[], None]) -> str:
    """`ok`, or the kind of failure without its text, which may hold addresses."""
    try:
        check()
    except (DatabaseError, redis.RedisError, OSError, ClockOff) as error:
        return f"failed: {type(error).__name__}"
    return "ok"


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _clock() -> None:
    """A machine whose clock is wrong takes no part: what it writes would lie about when."""
    skew = abs(timezone.now() - database_time())
    SKEW.set(skew.total_seconds())
    if skew > MOST_SKEW:
        raise ClockOff(f"off by {skew}")


def _queue() -> None:
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2) as line:
        WAITING.set(line.llen("celery"))


def _storage() -> None:
    Path(settings.MEDIA_ROOT).mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=settings.MEDIA_ROOT) as file:
        file.write(b"ready")


CHECKS: dict[str, Callable[[], None]] = {
    "database": _database,
    "clock": _clock,
    "queue": _queue,
    "storage": _storage,
}
