"""Routes of GeoReport v2; every answer, a refusal too, comes in the format of the address."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from bureau.desk.api.throttles import count
from bureau.desk.models import Entry
from grid.models import Issue, IssueType
from grid.open311 import told
from grid.open311.asked import Wanted, refuse_other_jurisdiction, wanted
from grid.open311.formats import TYPES, Shape, answer
from grid.open311.incoming import key_of, take_report, take_update
from grid.open311.wrong import Wrong, wrong
from grid.querysets import clock_of_issue
from grid.registrations import VERB_LABELS

Handler = Callable[..., tuple[Any, Shape]]


def spoken(**handlers: Handler) -> Callable[..., HttpResponse]:
    """A view of these methods: nobody's session counts here, so there is nothing for a forged form to use."""

    @csrf_exempt
    def view(request: HttpRequest, form: str, **names: str) -> HttpResponse:
        form = form if form in TYPES else "xml"
        handler = handlers.get(str(request.method).lower())
        if handler is None:
            return HttpResponseNotAllowed([method.upper() for method in handlers])
        try:
            hold_the_rate(request)
            refuse_other_jurisdiction(request)
            found, shape = handler(request, at=timezone.now(), **names)
            return answer(found, shape, form, 201 if request.method == "POST" else 200)
        except Wrong as error:
            return answer(told.errors(error.errors), told.ERRORS, form, error.status)

    return functools.wraps(next(iter(handlers.values())))(view)


def hold_the_rate(request: HttpRequest) -> None:
    quota = count("address", request.META.get("REMOTE_ADDR", ""))
    if quota.used > quota.limit:
        raise wrong(429, f"too many requests; go on in {quota.seconds_left} s")


def discovery(request: HttpRequest, *, at: datetime) -> tuple[Any, Shape]:
    return told.discovery(), told.DISCOVERY


def services(request: HttpRequest, *, at: datetime) -> tuple[Any, Shape]:
    return [told.service(kind) for kind in IssueType.objects.all()], told.SERVICES


def service(request: HttpRequest, *, at: datetime, code: str) -> tuple[Any, Shape]:
    kind = IssueType.objects.filter(code=code).first()
    if kind is None:
        raise wrong(404, "service_code not found")
    return told.definition(kind), told.DEFINITION


def requests(request: HttpRequest, *, at: datetime) -> tuple[Any, Shape]:
    asked = wanted(request, at=at)
    found = published(at).order_by("-reported_at", "-pk")
    if asked.numbers:
        rows = found.filter(number__in=asked.numbers)
    else:
        rows = narrowed(found, asked)[asked.first : asked.first + asked.size]
    return [told.service_request(issue) for issue in rows], told.REQUESTS


def narrowed(found: Any, asked: Wanted) -> Any:
    found = found.filter(reported_at__gte=asked.since, reported_at__lte=asked.until)
    if asked.codes:
        found = found.filter(type_id__in=asked.codes)
    if asked.statuses == {"open"}:
        return found.open()
    return found.closed() if asked.statuses == {"closed"} else found


def one_request(request: HttpRequest, *, at: datetime, number: str) -> tuple[Any, Shape]:
    issue = published(at).filter(number=number).first()
    if issue is None:
        raise wrong(404, "service_request_id not found")
    return [told.service_request(issue)], told.REQUESTS


def report(request: HttpRequest, *, at: datetime) -> tuple[Any, Shape]:
    _key, by = key_of(request, at=at)
    issue = take_report(request, by=by, at=at)
    return [{"service_request_id": issue.number}], told.REQUESTS


def token(request: HttpRequest, *, at: datetime, token: str) -> tuple[Any, Shape]:
    """Numbers are given at once, so a token is the number itself."""
    if not published(at).filter(number=token).exists():
        raise wrong(404, "token not found")
    return [{"service_request_id": token, "token": token}], told.REQUESTS


def updates(request: HttpRequest, *, at: datetime) -> tuple[Any, Shape]:
    """What happened to published issues, oldest first; without the words of persons."""
    asked = wanted(request, at=at)
    issues = published(at)
    entries = Entry.objects.filter(Exists(issues.filter(pk=OuterRef("subject_id"))), target__in=Issue.Status.values)
    entries = entries.filter(at__gte=asked.since, at__lte=asked.until).order_by("at", "pk")
    if asked.numbers:
        entries = entries.filter(subject_id__in=issues.filter(number__in=asked.numbers).values("pk"))
    page = list(entries[asked.first : asked.first + asked.size])
    named = {issue.pk: issue for issue in Issue.objects.filter(pk__in={entry.subject_id for entry in page})}
    rows = [told.update(one, named[one.subject_id], str(VERB_LABELS.get(one.verb, one.verb))) for one in page]
    return rows, told.UPDATES


def add_update(request: HttpRequest, *, at: datetime) -> tuple[Any, Shape]:
    _key, by = key_of(request, at=at)
    return [{"update_id": str(take_update(request, by=by, at=at).pk)}], told.UPDATES


def published(at: datetime) -> Any:
    """Issues that came in on a public way, with the time of their last move and the due time of their handling."""
    last = Entry.objects.filter(subject_id=OuterRef("pk")).order_by("-seq").values("at")[:1]
    due = clock_of_issue().filter(kind="handling").order_by("due_at").values("due_at")[:1]
    public = Q(channel__in=(Issue.Channel.OPEN311, Issue.Channel.PUBLIC))
    found = Issue.objects.filter(public).select_related("type", "handled_by", "merged_into__handled_by")
    return found.annotate(moved_at=Subquery(last), due_at=Subquery(due))
