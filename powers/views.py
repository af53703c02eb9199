"""The list of powers and its items: open to everybody, signed in or not (security.md section 3, power: read)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bureau.desk.paging import Page, page_of
from powers.filters import HandbookFilter, PowerFilter
from powers.kinds import Category, HandbookKind
from powers.models import Edition, HandbookItem, Power
from powers.querysets import HandbookQuerySet, PowerQuerySet

NARROWING = ("q", "category", "domain", "issue_type", "confidence")


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
        **shown_edition(page),
        "is_filtered": any(request.GET.get(name) for name in NARROWING),
    }
    return render(request, "powers/power_list.html", context, status=400 if defects else 200)


def shown_edition(page: Page[Any]) -> dict[str, Any]:
    """The edition of the rows; where there are none, the list counts as a reference list."""
    edition = page.rows[0].edition if page.rows else None
    return {"edition": edition, "is_reference": edition is None or edition.is_reference}


def starting_point(request: HttpRequest) -> PowerQuerySet:
    """Every power when an edition or a day is asked for, else those in force today."""
    if request.GET.get("edition") or request.GET.get("on"):
        return Power.objects.all()
    return Power.objects.in_force(timezone.localdate())


def tabs_of(request: HttpRequest, defects: list[Any]) -> list[dict[str, Any]]:
    others = without(request, "category")
    counts = {} if defects else PowerFilter(others, queryset=starting_point(request)).qs.by_category()
    labels = {"": _("all categories"), **{kind.value: kind.label for kind in Category}}
    return tabs("category", labels, counts, request.GET.get("category", ""), others)


def without(request: HttpRequest, name: str) -> QueryDict:
    """The query without one filter and without the page."""
    others = request.GET.copy()
    for gone in (name, "cursor"):
        others.pop(gone, None)
    return others


def tabs(
    name: str, labels: Mapping[str, Any], counts: Mapping[str, int], chosen: str, others: QueryDict
) -> list[dict[str, Any]]:
    """One tab for each value of a filter, the first for all; its address keeps the other filters."""
    made = []
    for value, label in labels.items():
        query = others.copy()
        if value:
            query[name] = value
        count = counts.get(value, 0) if value else sum(counts.values())
        made.append({"label": label, "count": count, "is_here": value == chosen, "url": f"?{query.urlencode()}"})
    return made


@require_safe
@login_required
def handbook(request: HttpRequest) -> HttpResponse:
    """The working handbook of the squads: each power's steps, and the duties that cite no power."""
    found = HandbookFilter(request.GET, queryset=starting_items(request))
    defects = found.defects()
    rows: HandbookQuerySet = HandbookItem.objects.none() if defects else found.qs
    others = without(request, "kind")
    counts = {} if defects else HandbookFilter(others, queryset=starting_items(request)).qs.by_kind()
    labels = {"": _("all kinds"), **{kind.value: kind.label for kind in HandbookKind}}
    page = page_of(rows.for_list(), request.GET)
    context = {
        "filter": found,
        "defects": defects,
        "page": page,
        "tabs": tabs("kind", labels, counts, request.GET.get("kind", ""), others),
        **shown_edition(page),
    }
    return render(request, "powers/handbook.html", context, status=400 if defects else 200)


def starting_items(request: HttpRequest) -> HandbookQuerySet:
    if request.GET.get("edition") or request.GET.get("on"):
        return HandbookItem.objects.all()
    return HandbookItem.objects.in_force(timezone.localdate())


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
