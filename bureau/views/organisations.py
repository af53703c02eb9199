"""Who belongs to whom: units, organisations, their ties by date, and who serves there now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_GET

from bureau.desk.contributions import unit_panels
from bureau.desk.paging import page_of
from bureau.filters import OrganisationFilter
from bureau.models import Organisation, OrganisationTie, Unit
from bureau.rosters import certified_in, postings_in, sees_people

LISTED = (Organisation.Kind.GOVERNMENT, Organisation.Kind.SQUAD, Organisation.Kind.SUB_CENTRE)


@require_GET
@login_required
def unit_list(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    units = list(Unit.objects.select_related("cells_stay_with").order_by("valid_from", "code"))
    bodies = {
        (found.unit_id, found.kind): found for found in Organisation.objects.in_force(today).filter(kind__in=LISTED)
    }
    rows = [
        {"unit": unit, "in_force": unit.is_in_force(today), **{kind: bodies.get((unit.code, kind)) for kind in LISTED}}
        for unit in units
    ]
    return render(request, "bureau/unit_list.html", {"rows": rows, "in_force": sum(row["in_force"] for row in rows)})


@require_GET
@login_required
def unit_detail(request: HttpRequest, code: str) -> HttpResponse:
    """A unit's page: its bodies, whose they are by date, its facts, and what each room adds."""
    at = timezone.now()
    unit = get_object_or_404(Unit.objects.select_related("cells_stay_with"), code=code)
    ties = OrganisationTie.objects.filter(organisation__unit=unit).select_related("organisation", "to")
    context = {
        "unit": unit,
        "bodies": unit.organisations.order_by("kind", "code"),
        "ties": ties,
        "guests": Unit.objects.filter(cells_stay_with=unit),
        "panels": list(panels_of(request, unit, at)),
    }
    return render(request, "bureau/unit_detail.html", context)


def panels_of(request: HttpRequest, unit: Unit, at: datetime) -> Iterable[dict[str, Any]]:
    """What the rooms contribute to a unit's page, drawn; a room that has nothing to say is left out."""
    for panel in unit_panels:
        context = panel.context(unit, request.user, at)
        if context is not None:
            content = {"unit": unit, "now": at, **context}
            yield {"title": panel.title, "html": render_to_string(panel.template, content, request)}


@require_GET
@login_required
def organisation_list(request: HttpRequest) -> HttpResponse:
    chosen = OrganisationFilter(
        request.GET, queryset=Organisation.objects.select_related("unit").order_by("kind", "code")
    )
    page = page_of(chosen.qs, request.GET)
    context = {"form": chosen.form, "page": page, "is_filtered": any(request.GET.get(name) for name in chosen.filters)}
    return render(request, "bureau/organisation_list.html", context)


@require_GET
@login_required
def organisation_detail(request: HttpRequest, code: str) -> HttpResponse:
    """A body: its ties by date; its people now and their certificates, for the staff of the system."""
    body = get_object_or_404(Organisation.objects.select_related("unit"), code=code)
    context = {
        "body": body,
        "ties": body.ties.select_related("organisation", "to"),
        "ties_from": body.ties_from.select_related("organisation", "to"),
        "sees_people": sees_people(request.user),
    }
    if context["sees_people"]:
        context |= {"postings": postings_in(body), "certified": certified_in(body, timezone.localdate())}
    return render(request, "bureau/organisation_detail.html", context)
