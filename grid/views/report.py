"""An issue comes in: the form, and the cell that a point falls into."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from bureau.desk.refusal import BadValue, Refusal
from bureau.models import Officer, Unit
from grid.actions import report_issue
from grid.forms import ReportForm
from grid.forms.report import Offer, grouped
from grid.models import IssueType
from grid.places import WGS84, find_place
from grid.views.sending import Sending, sent
from grid.workflow import INLETS


@login_required
def issue_new(request: HttpRequest) -> HttpResponse:
    """Take an issue in; what was typed and the photos stay when something is refused."""
    by, at = request.user, timezone.now()
    if by.roles_now.isdisjoint(INLETS.roles):
        raise PermissionDenied
    form = ReportForm(*sent(request), offer=offer_for(by))
    sending, refusal = Sending(request, form), None
    if form.is_bound and form.is_valid():
        try:
            issue = report_issue(**form.report(), photos=sending.files(), by=by, at=at)
        except Refusal as refused:
            refusal = refused
        else:
            sending.arrived()
            return redirect(f"{issue.get_absolute_url()}?reported")
    if form.is_bound:
        sending.take_back(refusal, at)
    status = refusal.status if refusal else 400 if form.is_bound else 200
    return render(request, "grid/issue_form.html", {"form": form}, status=status)


def offer_for(by: Officer) -> Offer:
    units = [(unit.pk, str(unit)) for unit in Unit.objects.in_force(timezone.localdate()).filter(cells_stay_with=None)]
    home = next((posting.organisation.unit_id for posting in by.postings_now if posting.organisation.unit_id), "")
    return Offer(grouped(IssueType.objects.all()), units, by.roles_now, home or "")


@require_GET
@login_required
def place(request: HttpRequest) -> HttpResponse:
    """Which cell and unit a point falls into, as a piece of the form; nothing while the point is not whole."""
    try:
        longitude, latitude = degrees(request, "longitude"), degrees(request, "latitude")
        if longitude is None or latitude is None:
            return render(request, "grid/place.html", {})
        found: Any = find_place(longitude, latitude, on=timezone.localdate(), crs=request.GET.get("crs") or WGS84)
    except Refusal as refusal:
        return render(request, "grid/place.html", {"refusal": refusal})
    unit = Unit.objects.get(pk=found.unit_code)
    return render(request, "grid/place.html", {"place": found, "unit": unit})


def degrees(request: HttpRequest, name: str) -> float | None:
    text = request.GET.get(name, "").strip()
    try:
        return float(text) if text else None
    except ValueError as error:
        raise BadValue(_("This is not a coordinate in degrees."), code="invalid_number", pointer=f"/{name}") from error
