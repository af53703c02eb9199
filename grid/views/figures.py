"""The figures K01 to K16: all at a glance, one by unit, type and organisation, and the issues that make it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from bureau.desk.paging import page_of
from bureau.desk.refusal import Words
from bureau.models import Organisation, Unit
from grid.filters import ORDERINGS
from grid.forms.figures import FiguresForm, form_for
from grid.indicators import BY_CODE, GROUPS, READERS, Indicator, Reading, Scope, by_group, readings, rows_behind
from grid.models import IssueType
from grid.presenting.issue import Sight
from grid.presenting.rows import rows_of

LABELS: dict[str, Words] = {"unit": _("By unit"), "type": _("By type"), "organisation": _("By organisation")}


@require_GET
@login_required
def figures(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    form, scope = asked(request, at)
    told = readings(request.user, scope, at=at) if scope else []
    context = {"form": form, "told": [(one, link(one.indicator, scope)) for one in told if scope]}
    return render(request, "grid/figures.html", context, status=200 if scope else 400)


@require_GET
@login_required
def figure(request: HttpRequest, code: str) -> HttpResponse:
    """One indicator in its groups, each number a link to its rows."""
    at, indicator = timezone.now(), known(code)
    form, scope = asked(request, at)
    group = request.GET.get("by", "unit")
    if group not in GROUPS or indicator.missing:
        raise Http404
    told = by_group(indicator, request.user, scope, group, at=at) if scope else {}
    context = {
        "form": form, "indicator": indicator, "group": group, "label": LABELS[group],
        "tabs": [(name, label, name == group) for name, label in LABELS.items()],
        "rows": named(told, group, scope) if scope else [], "query": query_of(scope) if scope else "",
    }  # fmt: skip
    return render(request, "grid/figure.html", context, status=200 if scope else 400)


@require_GET
@login_required
def figure_rows(request: HttpRequest, code: str) -> HttpResponse:
    """The issues behind a number; `whole` shows those that it is a share of."""
    at, indicator = timezone.now(), known(code)
    form, scope = asked(request, at)
    if indicator.missing or scope is None:
        raise Http404
    is_whole = "whole" in request.GET
    rows = rows_behind(indicator, request.user, scope, at=at, is_whole=is_whole).for_list(at)
    page = page_of(rows.order_by(*ORDERINGS["-reported_at"]), request.GET)
    context = {
        "indicator": indicator, "form": form, "page": page, "rows": rows_of(page.rows, at), "is_whole": is_whole,
        "sight": Sight.of(request.user), "query": query_of(scope),
    }  # fmt: skip
    return render(request, "grid/figure_rows.html", context)


def known(code: str) -> Indicator:
    if code not in BY_CODE:
        raise Http404
    return BY_CODE[code]


def asked(request: HttpRequest, at: datetime) -> tuple[FiguresForm, Scope | None]:
    """None when what was asked cannot be read; whoever has no part in the figures finds no such page."""
    if request.user.roles_now.isdisjoint(READERS):
        raise Http404
    form = form_for(request.GET, timezone.localdate(at))
    return form, form.scope() if form.is_valid() else None


def link(indicator: Indicator, scope: Scope | None) -> str:
    return query_of(scope) if scope and not indicator.missing else ""


def query_of(scope: Scope, **more: str) -> str:
    said = {"first": scope.first.isoformat(), "last": scope.last.isoformat(), "unit": scope.unit, "type": scope.type,
            "organisation": scope.organisation, **more}  # fmt: skip
    return urlencode({name: value for name, value in said.items() if value})


def named(told: dict[str, Reading], group: str, scope: Scope) -> list[tuple[Any, Reading, str]]:
    """Rows in the order of the catalogue, each with the query that opens it; every unit stands there."""
    if group == "unit":
        keys = {unit.pk: (unit, unit.pk) for unit in Unit.objects.all()}
    elif group == "type":
        keys = {kind.pk: (kind, kind.pk) for kind in IssueType.objects.all()}
    else:
        found = Organisation.objects.filter(pk__in=[key for key in told if key]).order_by("code")
        keys = {str(one.pk): (one, one.code) for one in found}
    return [
        (name, told[key], query_of(scope, **{group: code})) for key, (name, code) in keys.items() if key in told
    ]  # fmt: skip
