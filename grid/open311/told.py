"""What the portal tells: services, requests and updates in the fields of the specification, without persons."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.desk.models import Entry
from grid.models import Issue, IssueType
from grid.open311.formats import Shape
from grid.statuses import OPEN, Status

SERVICES: Final = Shape("services", {"services": "service"})
DEFINITION: Final = Shape("service_definition", {"attributes": "attribute", "values": "value"})
REQUESTS: Final = Shape("service_requests", {"service_requests": "request"})
UPDATES: Final = Shape("service_request_updates", {"service_request_updates": "request_update"})
DISCOVERY: Final = Shape("discovery", {"endpoints": "endpoint", "formats": "format"})
ERRORS: Final = Shape("errors", {"errors": "error"})
CHANGED: Final = "2026-06-01T00:00:00+08:00"
SPECIFICATION: Final = "http://wiki.open311.org/GeoReport_v2"


def moment(at: datetime | None) -> str | None:
    return timezone.localtime(at).isoformat(timespec="seconds") if at else None


def discovery() -> dict[str, Any]:
    return {
        "changeset": CHANGED,
        "contact": _("Grand-linkage centre of Minhang district, 24 h hotline"),
        "key_service": _("Keys are issued by the centre's administrator on application."),
        "endpoints": [
            {
                "specification": SPECIFICATION,
                "url": f"{settings.PUBLIC_URL}/open311/v2",
                "changeset": CHANGED,
                "type": "production" if settings.PORTAL_ENV == "production" else "test",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }


def service(kind: IssueType) -> dict[str, Any]:
    return {
        "service_code": kind.code,
        "service_name": str(kind),
        "description": kind.filing_condition,
        "metadata": True,
        "type": "realtime",
        "keywords": ",".join(filter(None, (kind.name_zh, kind.name_en))),
        "group": kind.category,
    }


def definition(kind: IssueType) -> dict[str, Any]:
    occurred = {
        "variable": True,
        "code": "occurred_at",
        "datatype": "datetime",
        "required": False,
        "datatype_description": _("Time with its zone, as 2026-06-22T08:00:00+08:00"),
        "order": 1,
        "description": _("When did you see it?"),
    }
    return {"service_code": kind.code, "attributes": [occurred]}


def service_request(issue: Issue) -> dict[str, Any]:
    """Without the reporter, without words that strangers typed, without photos: those stay inside.

    One that goes along with another tells how that one stands.
    """
    head = issue.merged_into or issue
    return {
        "service_request_id": issue.number,
        "status": "open" if head.status in OPEN else "closed",
        "status_notes": notes_of(head),
        "service_name": str(issue.type),
        "service_code": issue.type_id,
        "agency_responsible": str(head.handled_by) if head.handled_by else None,
        "requested_datetime": moment(issue.reported_at),
        "updated_datetime": moment(getattr(issue, "moved_at", None) or issue.reported_at),
        "expected_datetime": moment(getattr(issue, "due_at", None)),
        "address": issue.address or None,
        "address_id": issue.cell_id,
        "lat": issue.latitude,
        "long": issue.longitude,
    }


def notes_of(issue: Issue) -> str:
    """The status in words; a closed one says how it ended: fixed, partly fixed or not fixable are not the same."""
    if issue.status == Status.CLOSED and issue.outcome:
        return f"{issue.get_status_display()}: {issue.get_outcome_display()}"
    return str(issue.get_status_display())


def update(entry: Entry, issue: Issue, words: str) -> dict[str, Any]:
    return {
        "update_id": str(entry.pk),
        "service_request_id": issue.number,
        "status": "open" if entry.target in OPEN else "closed",
        "updated_datetime": moment(entry.at),
        "description": words,
    }


def errors(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"code": code, "description": description} for code, description in pairs]
