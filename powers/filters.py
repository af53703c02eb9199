"""One filter of the list, for page and API alike."""

from __future__ import annotations

from datetime import date

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from bureau.desk.fields import TextField
from bureau.desk.filters import StrictFilterSet
from powers.kinds import Category, Confidence, Domain, HandbookKind, IssueHint
from powers.models import Edition, HandbookItem, Power
from powers.querysets import HandbookQuerySet, PowerQuerySet


class WordsFilter(django_filters.Filter):
    """Words to look for, cleaned as all that people type."""

    field_class = TextField


class EditionOrDay(StrictFilterSet):
    """`edition` by code, or `on` a day; without either the view says which day."""

    edition = django_filters.ModelChoiceFilter(queryset=Edition.objects.all(), label=_("edition"))
    on = django_filters.DateFilter(
        method="in_force", label=_("in force on"), input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip

    def in_force(
        self, rows: PowerQuerySet | HandbookQuerySet, _name: str, on: date
    ) -> PowerQuerySet | HandbookQuerySet:
        return rows.in_force(on)


class PowerFilter(EditionOrDay):
    category = django_filters.ChoiceFilter(choices=Category.choices, label=_("category"), empty_label=_("all"))
    domain = django_filters.ChoiceFilter(choices=Domain.choices, label=_("field of management"), empty_label=_("all"))
    issue_type = django_filters.ChoiceFilter(
        "issue_type_hint", choices=IssueHint.choices, label=_("group of issue types"), empty_label=_("all")
    )
    confidence = django_filters.ChoiceFilter(choices=Confidence.choices, label=_("confidence"), empty_label=_("all"))
    q = WordsFilter(
        method="holding", label=_("words"), max_length=60, required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )  # fmt: skip

    class Meta:
        model = Power
        fields: list[str] = []

    def holding(self, rows: PowerQuerySet, _name: str, words: str) -> PowerQuerySet:
        return rows.holding(words)


class HandbookFilter(EditionOrDay):
    kind = django_filters.ChoiceFilter(choices=HandbookKind.choices, label=_("kind"))
    power = django_filters.CharFilter("power__code", label=_("power"))

    class Meta:
        model = HandbookItem
        fields: list[str] = []
