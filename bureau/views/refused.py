"""The refused requests, for the auditor and the inspectorate: who asked for what, and why it was refused."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from bureau.desk.contributions import error_codes
from bureau.desk.models.denial import Denial, DenialQuerySet
from bureau.desk.paging import page_of
from bureau.desk.refusal import Refusal
from bureau.filters_trail import STATUSES, DenialFilter
from bureau.views.who import officer_of


@require_GET
@login_required
def refused_requests(request: HttpRequest) -> HttpResponse:
    if officer_of(request).roles_now.isdisjoint(DenialQuerySet.access):
        raise Http404
    visible = Denial.objects.visible_to(request.user).select_related("account").order_by("-at", "-pk")
    filters = DenialFilter({name: value for name, value in request.GET.items() if value}, visible)
    refusal, page, status = None, page_of(visible.none(), {}), 200
    try:
        page = page_of(filters.rows(), request.GET)
    except Refusal as refused:
        refusal, status = refused, refused.status
    context = {
        "page": page,
        "rows": [shown(row) for row in page.rows],
        "filters": list(filters.form),
        "is_filtered": any(request.GET.get(name) for name in filters.filters),
        "refusal": refusal,
    }
    return render(request, "trail/refused.html", context, status=status)


def shown(row: Denial) -> dict[str, object]:
    """The kind of the refusal, and the words of its code where a room has any; those of the API speak to its caller."""
    kind = next((words for status, words in STATUSES if status == row.status), row.status)
    return {"denial": row, "kind": kind, "words": error_codes.get(row.code)}
