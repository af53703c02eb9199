"""One filter of the list, for page and API alike."""

from __future__ import annotations

from datetime import date

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from bureau.desk.fields import TextField
from bureau.desk.filters import StrictFilterSet
from powers.kinds import Category, Confidence, Domain, HandbookKind, IssueHint, Level
from powers.models import Edition, HandbookItem, Power
from powers.querysets import HandbookQuerySet, PowerQuerySet


class WordsFilter(django_filters.Filter):
    """Text to look for, cleaned as all that people type."""

    field_class = TextField


class EditionOrDay(StrictFilterSet):
    """`edition` by code, or `on` a day; without either the view says which day."""

    edition = django_filters.ModelChoiceFilter(
        queryset=Edition.objects.all(), label=_("edition"), empty_label=_("in force")
    )
    on = django_filters.DateFilter(
        method="in_force", label=_("in force on"), input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip

    def in_force(
        self, rows: PowerQuerySet | HandbookQuerySet, _name: str, on: date
    ) -> PowerQuerySet | HandbookQuerySet:
        return rows.in_force(on)

    def holding(
        self, rows: PowerQuerySet | HandbookQuerySet, _name: str, words: str
    ) -> PowerQuerySet | HandbookQuerySet:
        return rows.holding(words)


def words_filter() -> WordsFilter:
    box = forms.TextInput(attrs={"type": "search"})
    return WordsFilter(method="holding", label=_("words"), max_length=60, required=False, widget=box)


class PowerFilter(EditionOrDay):
    category = django_filters.ChoiceFilter(choices=Category.choices, label=_("category"), empty_label=_("all"))
    domain = django_filters.ChoiceFilter(choices=Domain.choices, label=_("field of management"), empty_label=_("all"))
    issue_type = django_filters.ChoiceFilter(
        "issue_type_hint", choices=IssueHint.choices, label=_("group of issue types"), empty_label=_("all")
    )
    confidence = django_filters.ChoiceFilter(choices=Confidence.choices, label=_("confidence"), empty_label=_("all"))
    q = words_filter()

    class Meta:
        model = Power
        fields: list[str] = []


class HandbookFilter(EditionOrDay):
    kind = django_filters.ChoiceFilter(choices=HandbookKind.choices, label=_("kind"), empty_label=_("all"))
    level = django_filters.ChoiceFilter(
        "responsible_level", choices=Level.choices, label=_("responsible level"), empty_label=_("all")
    )
    power = WordsFilter("power__code", label=_("power"), max_length=20, required=False)
    q = words_filter()

    class Meta:
        model = HandbookItem
        fields: list[str] = []
