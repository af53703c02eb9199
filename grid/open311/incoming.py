"""A report and an update that come in by GeoReport v2, made by the same actions as everybody's."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest

from bureau.desk.api.keys import caller_with
from bureau.desk.keys import find_key
from bureau.desk.models.keys import ApiKey
from bureau.desk.refusal import Refusal
from bureau.models import Officer, Unit
from grid.actions import Caller, remark, report_issue
from grid.models import Issue, IssueType
from grid.open311.asked import decimal_degrees, gather, instant, parameter
from grid.open311.media import fetched
from grid.open311.wrong import Wrong, wrong, wrong_by

SCOPES = frozenset({"write", "open311", "open311:write"})


def key_of(request: HttpRequest, *, at: datetime) -> tuple[ApiKey, Officer]:
    """The caller by `api_key`; raises Wrong 403 without one, and for one that may not write here."""
    key = find_key(parameter(request, "api_key"), at=at)
    if key is None:
        raise wrong(403, "api_key missing or invalid")
    if key.scopes and SCOPES.isdisjoint(key.scopes):
        raise wrong(403, "api_key has no right to report here")
    return key, caller_with(key)


def take_report(request: HttpRequest, *, by: Officer, at: datetime) -> Issue:
    """Raises Wrong with every defect of the form together."""
    defects: list[tuple[str, str]] = []
    kind = gather(defects, lambda: service_asked(request), None)
    place = gather(defects, lambda: place_asked(request), {})
    occurred_at = gather(defects, lambda: instant(request, "attribute[occurred_at]"), None)
    if not parameter(request, "description"):
        defects.append(("400", "description: needed"))
    if defects:
        status = 404 if all(code == "404" for code, _words in defects) else 400
        raise Wrong(status, defects)
    photos = [request.FILES["media"]] if "media" in request.FILES else []
    if not photos and parameter(request, "media_url"):
        photos = [fetched(parameter(request, "media_url"))]
    try:
        return report_issue(
            type=kind.code, description=parameter(request, "description"), channel=Issue.Channel.OPEN311,
            address=parameter(request, "address_string"), occurred_at=occurred_at, reporter=caller_asked(request),
            photos=photos, by=by, at=at, **place,
        )  # fmt: skip
    except Refusal as refusal:
        raise wrong_by(refusal) from refusal


def service_asked(request: HttpRequest) -> IssueType:
    code = parameter(request, "service_code")
    if not code:
        raise wrong(400, "service_code: needed")
    found = IssueType.objects.filter(code=code).first()
    if found is None:
        raise wrong(404, "service_code not found")
    return found


def place_asked(request: HttpRequest) -> dict[str, Any]:
    """A point, a grid cell (`address_id`), or an address that names its street or town."""
    latitude = decimal_degrees(request, ("lat",))
    longitude = decimal_degrees(request, ("long", "lon"))
    if (latitude is None) != (longitude is None):
        raise wrong(400, "lat and long: both are needed")
    if latitude is not None:
        return {"latitude": latitude, "longitude": longitude}
    if parameter(request, "address_id"):
        return {"cell": parameter(request, "address_id")}
    address = parameter(request, "address_string")
    if not address:
        raise wrong(400, "a location is needed: lat and long, address_id, or address_string")
    unit = next((unit for unit in Unit.objects.all() if unit.name_zh in address), None)
    if unit is None:
        raise wrong(400, "address_string: name the street or town as well (as 七宝镇), or send lat and long")
    return {"unit": unit.code}


def caller_asked(request: HttpRequest) -> Caller | None:
    name = " ".join(filter(None, (parameter(request, "first_name"), parameter(request, "last_name"))))
    phone = parameter(request, "phone")
    return Caller(name, phone) if name or phone else None


def take_update(request: HttpRequest, *, by: Officer, at: datetime) -> Any:
    """A remark on an issue that the same key brought in; its status is not changed from outside."""
    number, words = parameter(request, "service_request_id"), parameter(request, "description")
    if not number or not words:
        raise Wrong(400, [("400", f"{name}: needed") for name, given in
                          (("service_request_id", number), ("description", words)) if not given])  # fmt: skip
    issue = Issue.objects.filter(number=number, reported_by=by, channel=Issue.Channel.OPEN311).first()
    if issue is None:
        raise wrong(404, "service_request_id not found")
    try:
        return remark(issue, words, by=by, at=at)
    except Refusal as refusal:
        raise wrong_by(refusal) from refusal
