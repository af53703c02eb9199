"""The list of powers and its items: open to everybody, signed in or not (security.md section 3, power: read)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bureau.desk.paging import page_of
from powers.filters import PowerFilter
from powers.kinds import Category
from powers.models import Edition, HandbookItem, Power
from powers.querysets import PowerQuerySet


@require_safe
def power_list(request: HttpRequest) -> HttpResponse:
    """Tabs by category count what the other filters leave; a wrong filter is told above the rows it cannot filter."""
    found = PowerFilter(request.GET, queryset=starting_point(request))
    defects = found.defects()
    rows: PowerQuerySet = Power.objects.none() if defects else found.qs
    page = page_of(rows.for_list(), request.GET)
    context = {
        "filter": found,
        "defects": defects,
        "page": page,
        "tabs": tabs_of(request, defects),
        "edition": page.rows[0].edition if page.rows else None,
        "is_filtered": any(request.GET.get(name) for name in ("q", "domain", "issue_type", "confidence")),
    }
    return render(request, "powers/power_list.html", context, status=400 if defects else 200)


def starting_point(request: HttpRequest) -> PowerQuerySet:
    """Every power when an edition or a day is asked for, else those in force today."""
    if request.GET.get("edition") or request.GET.get("on"):
        return Power.objects.all()
    return Power.objects.in_force(timezone.localdate())


def tabs_of(request: HttpRequest, defects: list[Any]) -> list[dict[str, Any]]:
    others = request.GET.copy()
    for name in ("category", "cursor"):
        others.pop(name, None)
    counts = {} if defects else PowerFilter(others, queryset=starting_point(request)).qs.by_category()
    chosen = request.GET.get("category", "")
    tabs = [("", _("all categories"), sum(counts.values()))]
    tabs += [(kind.value, str(kind.label), counts.get(kind.value, 0)) for kind in Category]
    return [
        {"label": label, "count": count, "is_here": value == chosen, "url": "?" + address(others, value)}
        for value, label, count in tabs
    ]


def address(others: Any, category: str) -> str:
    query = others.copy()
    if category:
        query["category"] = category
    return str(query.urlencode())


@require_safe
def power_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One item as of a day: `?on=2026-06-22`, today without it."""
    on = asked_day(request)
    power = Power.objects.in_force(on).select_related("edition").filter(code=code).first()
    editions = list(Edition.objects.filter(powers__code=code))
    if not editions:
        raise Http404(_("There is no power of this code."))
    context: dict[str, Any] = {"on": on, "is_today": on == timezone.localdate(), "code": code, "editions": editions}
    if power is None:
        return render(request, "powers/power_absent.html", context, status=404)
    handbook = list(HandbookItem.objects.filter(power=power))
    return render(request, "powers/power_detail.html", context | {"power": power, "handbook": handbook})


def asked_day(request: HttpRequest) -> date:
    text = request.GET.get("on", "")
    if not text:
        return timezone.localdate()
    try:
        found = parse_date(text) if len(text) == 10 else None
    except ValueError:
        found = None
    if found is None:
        raise Http404(_("This is not a day: write it as 2026-06-22."))
    return found
