"""What a client asked: parameters of the query and of the form, read once, every defect told together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.utils.dateparse import parse_datetime

from grid.open311.wrong import Wrong, wrong

SPAN: Final = timedelta(days=90)
MOST_ROWS: Final = 1000
MOST_IDS: Final = 200


def refuse_other_jurisdiction(request: HttpRequest) -> None:
    """The portal serves one jurisdiction: it need not be named, but another one is not found."""
    named = parameter(request, "jurisdiction_id")
    if named and named != settings.OPEN311_JURISDICTION:
        raise wrong(404, "jurisdiction_id not found")


def parameter(request: HttpRequest, name: str) -> str:
    return str(request.POST.get(name) or request.GET.get(name) or "").strip()


@dataclass(frozen=True)
class Wanted:
    """Which requests are asked for; `numbers` overrules everything else, as the specification says."""

    numbers: tuple[str, ...]
    codes: tuple[str, ...]
    statuses: frozenset[str]
    since: datetime
    until: datetime
    first: int
    size: int


def wanted(request: HttpRequest, *, at: datetime) -> Wanted:
    """At most 90 days and 1,000 rows; raises Wrong 400 naming each parameter that cannot be read."""
    defects: list[tuple[str, str]] = []
    numbers, codes = words(request, "service_request_id"), words(request, "service_code")
    if len(numbers) > MOST_IDS:
        defects.append(("400", f"service_request_id: at most {MOST_IDS}"))
    since, until = span_of(request, at, defects)
    page = gather(defects, lambda: whole(request, "page", 1, 10_000), 1)
    size = gather(defects, lambda: whole(request, "page_size", MOST_ROWS, MOST_ROWS), MOST_ROWS)
    statuses = frozenset(words(request, "status"))
    if not statuses <= {"open", "closed"}:
        defects.append(("400", "status: open, closed, or both with a comma"))
    if defects:
        raise Wrong(400, defects)
    return Wanted(numbers, codes, statuses, since, until, (page - 1) * size, size)


def span_of(request: HttpRequest, at: datetime, defects: list[tuple[str, str]]) -> tuple[datetime, datetime]:
    start = gather(defects, lambda: instant(request, "start_date"), None)
    end = gather(defects, lambda: instant(request, "end_date"), None)
    if start and end and start > end:
        defects.append(("400", "start_date: later than end_date"))
    until = end or (min(start + SPAN, at) if start else at)
    return max(start or until - SPAN, until - SPAN), until


def gather(defects: list[tuple[str, str]], read: Callable[[], Any], otherwise: Any) -> Any:
    try:
        return read()
    except Wrong as defect:
        defects.extend(defect.errors)
        return otherwise


def words(request: HttpRequest, name: str) -> tuple[str, ...]:
    return tuple(part for part in (piece.strip() for piece in parameter(request, name).split(",")) if part)


def instant(request: HttpRequest, name: str) -> datetime | None:
    """W3C date and time with its zone, as 2026-06-22T00:00:00Z."""
    text = parameter(request, name).replace(" ", "+")  # a plus sign that a client forgot to quote
    if not text:
        return None
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise wrong(400, f"{name}: a time with its zone is needed, as 2026-06-22T00:00:00Z")
    return found


def whole(request: HttpRequest, name: str, otherwise: int, most: int) -> int:
    text = parameter(request, name)
    if not text:
        return otherwise
    if not (text.isascii() and text.isdigit() and len(text) < 9) or not 1 <= int(text) <= most:
        raise wrong(400, f"{name}: a number between 1 and {most}")
    return int(text)


def decimal_degrees(request: HttpRequest, names: Iterable[str]) -> float | None:
    """`lat` or `long`; raises Wrong 400 for what is no number."""
    name, text = next(((name, found) for name in names if (found := parameter(request, name))), ("", ""))
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        raise wrong(400, f"{name}: a decimal number of degrees is needed") from None
