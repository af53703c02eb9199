"""A sign of life that beat, queue and worker give together: a time in Valkey, which forgets it within the hour."""

from __future__ import annotations

from datetime import datetime

import redis

KEY = "portal:heartbeat"
KEPT = 3600  # seconds


def beat_once(line: redis.Redis, *, at: datetime) -> None:
    line.set(KEY, at.isoformat(), ex=KEPT)


def last_beat(line: redis.Redis) -> datetime | None:
    told = line.get(KEY)
    return datetime.fromisoformat(told.decode()) if isinstance(told, bytes) else None
