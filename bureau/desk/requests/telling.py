"""Whom a request is put before, and who hears what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bureau.desk.models.request import ClockRequest
from bureau.desk.notices import post_notice
from bureau.desk.requests.spec import RequestSpec


def tell_deciders(subject: Any, request: ClockRequest, spec: RequestSpec, at: datetime) -> None:
    for body, role in spec.posts(subject, request.level):
        if body is not None:
            post_notice(
                subject, f"request_{request.kind}", at=at, dedupe_key=f"request:{request.pk}:{body.pk}:{role}",
                to_organisation=body, to_role=role, params=params_of(subject, request),
            )  # fmt: skip


def tell_asker(subject: Any, request: ClockRequest, at: datetime) -> None:
    post_notice(
        subject, f"request_{request.status}", at=at, dedupe_key=f"request_{request.status}:{request.pk}",
        to_officer=request.asked_by, params={**params_of(subject, request), "kind": request.kind},
    )  # fmt: skip


def params_of(subject: Any, request: ClockRequest) -> dict[str, Any]:
    return {"number": subject.number, "place": str(getattr(subject, "place", "")), "request_id": str(request.pk)}
