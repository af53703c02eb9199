"""One filter of issues, for page and API alike."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bureau.desk.calendar import midnight
from bureau.desk.fields import TextField
from bureau.desk.filters import StrictFilterSet
from bureau.desk.models.clock import Light
from bureau.models import Organisation, Unit
from grid.models import Issue, IssueType
from grid.querysets import IssueQuerySet, clock_of_issue

ONE_DAY = timedelta(days=1)
NUMBER = re.compile(r"[0-9]{4,6}(-[0-9]{0,6})?")
DATE_BOX = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
ORDERINGS = {
    "-reported_at": ("-reported_at", "-pk"),
    "due_at": ("clock_due_at", "pk"),  # open issues only: what is over is due no more
}


class WordsFilter(django_filters.Filter):
    """Words to look for, cleaned as all that people type."""

    field_class = TextField


class IssueFilter(StrictFilterSet):
    """Over `Issue.objects.for_list(at)`: the light is that of the queryset's own instant. `mine` needs `request`."""

    status = django_filters.MultipleChoiceFilter(choices=Issue.Status.choices, label=_("status"))
    unit = django_filters.ModelChoiceFilter(
        queryset=Unit.objects.all(), label=pgettext_lazy("territory", "unit"), empty_label=_("all")
    )
    category = django_filters.CharFilter("type__category_code", label=_("category"))
    type = django_filters.ModelChoiceFilter(queryset=IssueType.objects.all(), label=_("type"), empty_label=_("all"))
    channel = django_filters.MultipleChoiceFilter(choices=Issue.Channel.choices, label=_("channel"))
    light = django_filters.ChoiceFilter(choices=Light.choices, method="showing", label=_("light"), empty_label=_("all"))
    handled_by = django_filters.ModelChoiceFilter(
        queryset=Organisation.objects.all(), to_field_name="code", label=_("handled by"), empty_label=_("all")
    )
    reported_after = django_filters.DateFilter(
        method="from_day", label=_("reported from"), input_formats=["%Y-%m-%d"], widget=DATE_BOX
    )
    reported_before = django_filters.DateFilter(
        method="to_day", label=_("reported until"), input_formats=["%Y-%m-%d"], widget=DATE_BOX
    )
    due_on = django_filters.DateFilter(
        method="due_that_day", label=_("due on"), input_formats=["%Y-%m-%d"], widget=DATE_BOX
    )
    q = WordsFilter(
        method="holding", label=_("number or address"), max_length=60, required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )  # fmt: skip
    mine = django_filters.BooleanFilter(method="of_mine", label=_("mine"))
    open = django_filters.BooleanFilter(method="still_open", label=_("open"))

    class Meta:
        model = Issue
        fields: list[str] = []

    def showing(self, rows: IssueQuerySet, _name: str, light: str) -> IssueQuerySet:
        return rows.with_light(light, rows.at)

    def from_day(self, rows: IssueQuerySet, _name: str, on: date) -> IssueQuerySet:
        return rows.filter(reported_at__gte=midnight(on))

    def to_day(self, rows: IssueQuerySet, _name: str, on: date) -> IssueQuerySet:
        """That day included."""
        return rows.filter(reported_at__lt=midnight(on + ONE_DAY))

    def due_that_day(self, rows: IssueQuerySet, _name: str, on: date) -> IssueQuerySet:
        return rows.filter(Exists(clock_of_issue().due_on(on)))

    def holding(self, rows: IssueQuerySet, _name: str, words: str) -> IssueQuerySet:
        """A number by its beginning, an address by its beginning; both are served by an index."""
        if NUMBER.fullmatch(words):
            return rows.filter(number__startswith=words)
        return rows.filter(Q(address__startswith=words) | Q(number=words)) if words else rows

    def of_mine(self, rows: IssueQuerySet, _name: str, mine: bool) -> IssueQuerySet:
        officer: Any = self.request.user
        return rows.of(officer) if mine else rows

    def still_open(self, rows: IssueQuerySet, _name: str, is_open: bool) -> IssueQuerySet:
        return rows.open() if is_open else rows.closed()
