"""The list of enforcement cases: saved views, filters, and a page by cursor."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Exists, Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from bureau.desk.almanac import current_calendar
from bureau.desk.models import Clock
from bureau.desk.paging import Page, page_of
from bureau.desk.readings import read_clock
from bureau.desk.refusal import BadValue, Refusal, Words
from bureau.models import Unit
from cases.actions import can_open_case
from cases.filters import ORDERINGS, CaseFilter
from cases.models import Case
from cases.presenting.case import reads_all
from cases.querysets import CLOCK_COLUMNS, CaseQuerySet, clock_of_case
from cases.statuses import Status
from grid.views.listing import OneOfSeveral, Tab, lists_of

SHOWN_FILTERS = ("q", "unit", "status", "light", "filed_after", "filed_before")
PAGING = ("cursor", "ordering")
ONE_TICK = timedelta(microseconds=1)


@require_GET
@login_required
def case_list(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    visible = Case.objects.visible_to(request.user)
    filters = CaseFilter(asked_of(request.GET), visible.for_list(at), request=request)
    shape_filters(filters.form)
    counts, is_filtered = counts_of(visible, at), filters_anything(request.GET)
    page, refusal = paged(filters, request.GET, None if is_filtered else counts["all"])
    context = {
        "page": page,
        "rows": rows_of(page.rows, at, request.user),
        "filters": [filters.form[name] for name in SHOWN_FILTERS],
        "is_filtered": is_filtered,
        "counts": counts,
        "tabs": tabs_of(request, counts),
        "refusal": refusal,
        "reads_all": reads_all(request.user),
        "may_open": can_open_case(request.user),
    }
    return render(request, "cases/case_list.html", context, status=refusal.status if refusal else 200)


def asked_of(data: QueryDict) -> QueryDict:
    """What the address asks for; empty fields of the form ask for nothing."""
    asked = data.copy()
    for name in [name for name in asked if not any(asked.getlist(name))]:
        del asked[name]
    return asked


def filters_anything(data: QueryDict) -> bool:
    return any(data.get(name) for name in data if name not in PAGING)


def shape_filters(form: Any) -> None:
    """The status as a plain list; the units read once, however often the list is walked."""
    form.fields["status"].widget = OneOfSeveral(choices=[("", _("all")), *Case.Status.choices])
    form.fields["unit"].widget.choices = [("", _("all")), *((unit.pk, str(unit)) for unit in Unit.objects.all())]


def paged(filters: CaseFilter, data: QueryDict, total: int | None) -> tuple[Page, Refusal | None]:
    """One page; `total` spares the counting when it is known."""
    known = {} if total is None else {"total": total}
    try:
        ordering = data.get("ordering") or "-opened_at"
        if ordering not in ORDERINGS:
            raise BadValue(_("This order is not known here."), code="unknown_ordering", pointer="/ordering")
        return page_of(filters.rows().order_by(*ORDERINGS[ordering]), data, **known), None
    except Refusal as refused:
        return Page([], None, None, 0, data), refused


def rows_of(cases: list[Case], at: datetime, reader: Any) -> list[dict[str, Any]]:
    """A case with its nearest clock and the reading of it, and its party as this person may read it; no query a row."""
    calendar = current_calendar()
    return [
        {
            "case": case,
            "clock": (clock := nearest_clock(case)),
            "reading": read_clock(clock, at=at, calendar=calendar) if clock else None,
            "due_on": last_day_of(clock),
            "party": case.party.name_for(reader),
        }
        for case in cases
    ]


def nearest_clock(case: Any) -> Clock | None:
    """The clock that `for_list` put on the row."""
    if not case.clock_kind:
        return None
    return Clock(**{name: getattr(case, f"clock_{name}") for name in CLOCK_COLUMNS})


def last_day_of(clock: Clock | None) -> date | None:
    """A limit in days ends at 24:00 of its last day, which is this one."""
    return timezone.localdate(clock.due_at - ONE_TICK) if clock and clock.due_at else None


def counts_of(visible: CaseQuerySet, at: datetime) -> dict[str, int]:
    """How many cases of each kind this person sees, in one query."""
    stands = {status.value: Count("pk", filter=Q(status=status)) for status in Status}
    red = Count("pk", filter=Exists(clock_of_case().red(at)))
    return visible.aggregate(all=Count("pk"), red=red, **stands)


def tabs_of(request: HttpRequest, counts: dict[str, int]) -> list[Tab]:
    views: list[tuple[Words, dict[str, Any], int | None]] = [
        (_("All cases"), {}, counts["all"]),
        (_("Red light"), {"light": "red"}, counts["red"]),
        *((status.label, {"status": status.value}, counts[status.value]) for status in Status),
        (_("Mine"), {"mine": "true"}, None),
    ]
    here = {name: values for name, values in request.GET.lists() if name not in PAGING and any(values)}
    return [Tab(label, "?" + urlencode(said), count, here == lists_of(said)) for label, said, count in views]
