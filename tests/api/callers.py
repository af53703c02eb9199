"""Callers of the API: by session, by personal key, by a partner's key."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from rest_framework.test import APIClient

from bureau.desk.keys import issue_key
from bureau.models import Officer, Organisation, Role
from tests.make import bureau as make

V1 = "/api/v1"


def by_session(officer: Officer, *, checks_csrf: bool = False) -> APIClient:
    client = APIClient(enforce_csrf_checks=checks_csrf)
    client.force_login(officer, backend="bureau.sign_in.StaffNumberOrMobileBackend")
    return client


def by_key(officer: Officer, **said: Any) -> APIClient:
    _, plain = issue_key(officer, at=timezone.now(), **said)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {plain}")
    return client


def by_partner(**said: Any) -> APIClient:
    home = make.organisation(Organisation.Kind.PARTNER)
    account = make.officer(role=Role.PARTNER)
    return by_key(account, partner=home, expires_at=timezone.now() + timedelta(days=365), **said)


def codes_in(response: Any) -> dict[str, str]:
    """pointer -> code of every defect told."""
    return {error["pointer"]: error["code"] for error in response.json()["errors"]}
