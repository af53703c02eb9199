"""Whether the portal lives, is ready, and lets itself be measured by the right ones."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

pytestmark = pytest.mark.django_db
PARTS = ("database", "clock", "queue", "storage")


def test_a_living_process_says_so(client: Client) -> None:
    assert client.get("/healthz").content == b"ok\n"


def test_it_is_ready_when_database_queue_and_storage_answer(client: Client) -> None:
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "parts": dict.fromkeys(PARTS, "ok")}


def test_a_silent_queue_is_named_and_makes_it_unready(client: Client, settings) -> None:
    settings.REDIS_URL = "unix:///nowhere/valkey.sock"

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["parts"] == dict.fromkeys(PARTS, "ok") | {"queue": "failed: ConnectionError"}


def test_a_machine_whose_clock_is_off_takes_no_part(client: Client, monkeypatch) -> None:
    monkeypatch.setattr("config.health.database_time", lambda: timezone.now() + timedelta(hours=1))

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["parts"] == dict.fromkeys(PARTS, "ok") | {"clock": "failed: ClockOff"}


def test_metrics_are_for_loopback_or_the_bearer_of_the_token_only(client: Client, settings) -> None:
    settings.METRICS_TOKEN = "a-token"
    abroad = {"REMOTE_ADDR": "203.0.113.9"}

    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", **abroad).status_code == 404
    assert client.get("/metrics", headers={"authorization": "Bearer b"}, **abroad).status_code == 404
    assert b"portal_part_up" in client.get("/metrics", headers={"authorization": "Bearer a-token"}, **abroad).content
