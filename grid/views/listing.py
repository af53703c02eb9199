"""The list of issues: saved views, filters, and a page by cursor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Exists
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from bureau.desk.paging import Page, page_of
from bureau.desk.refusal import BadValue, Refusal, Words
from grid.filters import ORDERINGS, IssueFilter
from grid.models import Issue
from grid.presenting.issue import Sight
from grid.presenting.rows import rows_of
from grid.querysets import IssueQuerySet, clock_of_issue
from grid.statuses import FINAL, Status
from grid.workflow import INLETS

SHOWN_FILTERS = ("q", "unit", "status", "light", "type", "channel", "reported_after", "reported_before")
PAGING = ("cursor", "ordering")


class OneOfSeveral(forms.Select):
    """A filter that takes several values, shown as a plain list that chooses one."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return [value for value in data.getlist(name) if value]


@dataclass(frozen=True)
class Tab:
    """A saved view: a name, its filters, and how many rows it has when that is cheap to know."""

    label: Words
    url: str
    count: int | None
    is_here: bool


@require_GET
@login_required
def issue_list(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    asked = asked_of(request.GET)
    visible = Issue.objects.visible_to(request.user)
    filters = IssueFilter(asked, visible.for_list(at), request=request)
    shape_filters(filters.form)
    refusal, page = None, Page([], None, None, 0, request.GET)
    try:
        page = page_of(ordered(filters.rows(), asked), request.GET)
    except Refusal as refused:
        refusal = refused
    counts = counts_of(visible, at)
    context = {
        "page": page,
        "rows": rows_of(page.rows, at),
        "filters": [filters.form[name] for name in SHOWN_FILTERS],
        "is_filtered": any(request.GET.get(name) for name in request.GET if name not in PAGING),
        "has_more": any(request.GET.get(name) for name in SHOWN_FILTERS[4:]),
        "is_by_due": is_by_due(asked),
        "tabs": tabs_of(request, counts, at),
        "counts": counts,
        "refusal": refusal,
        "sight": Sight.of(request.user),
        "may_report": not request.user.roles_now.isdisjoint(INLETS.roles),
        "sorts": {name: sorted_by(request, name) for name in ORDERINGS},
    }
    return render(request, "grid/issue_list.html", context, status=refusal.status if refusal else 200)


def asked_of(data: QueryDict) -> QueryDict:
    """What the address asks for; open issues when it says nothing of open, status, or words to look for."""
    asked = data.copy()
    for name in [name for name in asked if not any(asked.getlist(name))]:
        del asked[name]
    if not any(name in asked for name in ("open", "status", "q")):
        asked["open"] = "true"
    return asked


def shape_filters(form: forms.Form) -> None:
    for name in ("status", "channel"):
        field: Any = form.fields[name]
        field.widget = OneOfSeveral(choices=[("", _("all")), *field.choices])


def is_by_due(asked: QueryDict) -> bool:
    """By due date whatever is open; what is over is due no more and comes newest first."""
    over = asked.get("open") == "false" or (
        asked.getlist("status") and set(asked.getlist("status")) <= {status.value for status in FINAL}
    )
    return asked.get("ordering", "-reported_at" if over else "due_at") == "due_at"


def ordered(rows: IssueQuerySet, asked: QueryDict) -> IssueQuerySet:
    if asked.get("ordering", "due_at") not in ORDERINGS:
        raise BadValue(_("This order is not known here."), code="unknown_ordering", pointer="/ordering")
    return rows.order_by(*ORDERINGS["due_at" if is_by_due(asked) else "-reported_at"])


def counts_of(visible: IssueQuerySet, at: datetime) -> dict[str, int]:
    """How many open issues of each kind this person sees, in one query."""
    clocks = clock_of_issue()
    return visible.open().aggregate(
        open=Count("pk"),
        red=Count("pk", filter=Exists(clocks.red(at))),
        today=Count("pk", filter=Exists(clocks.due_on(timezone.localdate(at)))),
        filed=Count("pk", filter=Exists(clocks.filter(kind="dispatch"))),
        verifying=Count("pk", filter=Exists(clocks.filter(kind="verification"))),
        grey=Count("pk", filter=Exists(clocks.suspended())),
    )


def tabs_of(request: HttpRequest, counts: dict[str, int], at: datetime) -> list[Tab]:
    today = timezone.localdate(at).isoformat()
    views: list[tuple[Words, dict[str, Any], int | None]] = [
        (_("All open"), {}, counts["open"]),
        (_("Red light"), {"light": "red"}, counts["red"]),
        (_("Due today"), {"due_on": today}, counts["today"]),
        (_("To be dispatched"), {"status": Status.FILED.value}, counts["filed"]),
        (_("To be verified"), {"status": [Status.HANDLED.value, Status.VERIFYING.value]}, counts["verifying"]),
        (_("Concerning me"), {"mine": "true"}, None),
        (_("Over"), {"open": "false"}, None),
    ]
    here = {
        name: request.GET.getlist(name) for name in request.GET if name not in PAGING and any(request.GET.getlist(name))
    }
    return [
        Tab(label, "?" + urlencode(said, doseq=True), count, here == lists_of(said)) for label, said, count in views
    ]


def lists_of(said: dict[str, Any]) -> dict[str, list[str]]:
    return {name: value if isinstance(value, list) else [value] for name, value in said.items()}


def sorted_by(request: HttpRequest, ordering: str) -> str:
    """The same rows in another order, from their first page."""
    data = request.GET.copy()
    data.pop("cursor", None)
    data["ordering"] = ordering
    return "?" + data.urlencode()
