"""What the refused requests can be narrowed by, on page and API alike."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from bureau.desk.calendar import midnight
from bureau.desk.filters import StrictFilterSet
from bureau.desk.models.denial import Denial

STATUSES = [
    (401, _("not signed in")),
    (403, _("not allowed")),
    (404, _("out of sight")),
    (409, _("not possible now")),
]
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class DenialFilter(StrictFilterSet):
    """`account` is a staff number, or `nobody` for requests without an account."""

    status = django_filters.ChoiceFilter(choices=STATUSES, label=_("refused as"), empty_label=_("all"))
    code = django_filters.CharFilter(label=_("code"), max_length=60)
    account = django_filters.CharFilter(method="of_account", label=_("staff number"), max_length=40)
    after = django_filters.DateFilter(method="from_day", label=_("from day"), widget=DAY)
    before = django_filters.DateFilter(method="to_day", label=_("until day"), widget=DAY)

    class Meta:
        model = Denial
        fields: ClassVar[list[str]] = []

    def of_account(self, queryset: Any, name: str, text: str) -> QuerySet[Any]:
        chosen = Q(account=None) if text == "nobody" else Q(account__username=text)
        return queryset.filter(chosen)  # type: ignore[no-any-return]

    def from_day(self, queryset: Any, name: str, day: date) -> QuerySet[Any]:
        return queryset.filter(at__gte=midnight(day))  # type: ignore[no-any-return]

    def to_day(self, queryset: Any, name: str, day: date) -> QuerySet[Any]:
        return queryset.filter(at__lt=midnight(day + timedelta(days=1)))  # type: ignore[no-any-return]
