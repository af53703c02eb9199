"""Pages of the bulletins: the list, one bulletin, its spreadsheet, and the order for a meeting."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bureau.desk.paging import page_of
from bureau.desk.press import printed
from bureau.desk.refusal import Refusal
from bureau.views.who import officer_of
from oversight import bulletins
from oversight.bulletin_print import order_pdf
from oversight.bulletin_sheet import sheet_of
from oversight.models import Bulletin
from oversight.printing import pdf_answer
from oversight.querysets import RED_LIST_ACCESS

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@login_required
def bulletin_list(request: HttpRequest) -> HttpResponse:
    if request.user.roles_now.isdisjoint(RED_LIST_ACCESS):
        raise Http404
    page = page_of(Bulletin.objects.select_related("ordered_by").order_by("-frozen_at", "-pk"), request.GET)
    context = {"page": page, "may_order": bool(request.user.roles_now & bulletins.ORDERERS.roles)}
    return render(request, "oversight/bulletin_list.html", context)


@require_GET
@login_required
def bulletin(request: HttpRequest, pk: UUID) -> HttpResponse:
    one = found(request, pk)
    content = bulletins.shown_to(one, request.user)
    names = {row["code"]: row["name"] for row in content["units"]}
    rows = [{**row, "unit_name": names.get(row["unit"], ""), **instants(row)} for row in content["reds"]]
    held = [{**row, "unit_name": names.get(row["unit"], ""), **instants(row)} for row in content["suspended"]]
    context = {"bulletin": one, "content": content, "rows": rows, "held": held, "is_whole": bulletins.is_whole(one)}
    context["may_print"] = Bulletin.objects.files_visible_to(request.user).filter(pk=one.pk).exists()
    context["pdf"] = printed(one)
    return render(request, "oversight/bulletin_detail.html", context)


@require_GET
@login_required
def bulletin_sheet(request: HttpRequest, pk: UUID) -> HttpResponse:
    one = found(request, pk)
    answer = HttpResponse(sheet_of(one.number, bulletins.shown_to(one, request.user)), content_type=XLSX)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(one.number)}.xlsx"
    return answer


@require_POST
@login_required
def bulletin_order(request: HttpRequest) -> HttpResponse:
    if request.user.roles_now.isdisjoint(RED_LIST_ACCESS):
        raise Http404
    try:
        one = bulletins.order_bulletin(by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("oversight:bulletins")
    messages.success(request, _("%(number)s is published.") % {"number": one.number})
    return redirect(one)


@login_required
@require_http_methods(["GET", "POST"])
def bulletin_pdf(request: HttpRequest, pk: UUID) -> HttpResponse | FileResponse:
    """The kept PDF; while there is none, POST orders it and leads to the page of the job."""
    one = get_object_or_404(Bulletin.objects.files_visible_to(request.user), pk=pk)
    standing = printed(one)
    if standing:
        return pdf_answer(standing) if request.method == "GET" else redirect("oversight:bulletin-pdf", one.pk)
    if request.method == "GET":
        return redirect(one)
    return redirect(order_pdf(one, by=officer_of(request), at=timezone.now()))


def found(request: HttpRequest, pk: UUID) -> Bulletin:
    one: Bulletin = get_object_or_404(Bulletin.objects.visible_to(request.user).select_related("ordered_by"), pk=pk)
    return one


def instants(row: dict[str, Any]) -> dict[str, Any]:
    """The instants of a row read back from ISO 8601."""
    return {name: parse_datetime(row[name]) for name in ("red_since", "since", "resumes_at") if row.get(name)}
