"""One filter of enforcement cases, for page and API alike."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bureau.desk.filters import StrictFilterSet
from bureau.desk.models.clock import Light
from bureau.desk.scope import Projection
from bureau.models import Unit
from cases.models import Case
from cases.querysets import CaseQuerySet
from grid.filters import WordsFilter

DATE_BOX = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
ORDERINGS = {
    "-opened_at": ("-opened_at", "-pk"),
    "-filed_on": ("-filed_on", "-pk"),
    "due_at": ("clock_due_at", "pk"),
}


class CaseFilter(StrictFilterSet):
    """Over `Case.objects.for_list(at)`: the light is that of the queryset's own instant. It needs `request`."""

    q = WordsFilter(
        method="holding", label=_("number, place or power"), max_length=60, required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )  # fmt: skip
    status = django_filters.MultipleChoiceFilter(choices=Case.Status.choices, label=_("status"))
    unit = django_filters.ModelChoiceFilter(
        queryset=Unit.objects.all(), label=pgettext_lazy("territory", "unit"), empty_label=_("all")
    )
    light = django_filters.ChoiceFilter(choices=Light.choices, method="showing", label=_("light"), empty_label=_("all"))
    power = django_filters.CharFilter("power__code", label=_("power"))
    issue = django_filters.UUIDFilter("issue_id", label=_("issue"))
    filed_after = django_filters.DateFilter(
        "filed_on", "gte", label=_("filed from"), input_formats=["%Y-%m-%d"], widget=DATE_BOX
    )
    filed_before = django_filters.DateFilter(
        "filed_on", "lte", label=_("filed until"), input_formats=["%Y-%m-%d"], widget=DATE_BOX
    )
    mine = django_filters.BooleanFilter(method="of_mine", label=_("mine"))
    open = django_filters.BooleanFilter(method="still_open", label=_("open"))

    class Meta:
        model = Case
        fields: list[str] = []

    def showing(self, rows: CaseQuerySet, _name: str, light: str) -> CaseQuerySet:
        return rows.with_light(light, rows.at)

    def holding(self, rows: CaseQuerySet, _name: str, words: str) -> CaseQuerySet:
        """By number and power; by place only for whoever reads places, so that a filter tells nothing more."""
        if not words:
            return rows
        found = Q(lead_number__icontains=words) | Q(filing_number__icontains=words) | Q(power__code__iexact=words)
        found |= Q(power__name_zh__icontains=words) | Q(power__name_en__icontains=words)
        if CaseQuerySet.projection_for(self.request.user) == Projection.FULL:
            found |= Q(place__icontains=words)
        return rows.filter(found)

    def of_mine(self, rows: CaseQuerySet, _name: str, mine: bool) -> CaseQuerySet:
        officer: Any = self.request.user
        return rows.of(officer) if mine else rows

    def still_open(self, rows: CaseQuerySet, _name: str, is_open: bool) -> CaseQuerySet:
        return rows.open() if is_open else rows.closed()
