"""Where the beat knocks for the portal itself."""

import redis
from celery import shared_task
from django.conf import settings
from django.utils import timezone

from config.system.heart import beat_once


@shared_task
def heartbeat() -> None:
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=5, socket_connect_timeout=5) as line:
        beat_once(line, at=timezone.now())
