"""What the bureau's lists can be narrowed by, on page and API alike."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from bureau.desk.filters import StrictFilterSet
from bureau.models import Notice, Officer, Organisation, Role, Unit
from bureau.rosters import posted_now


class DatedFilterSet(StrictFilterSet):
    on = django_filters.DateFilter(method="in_force_on", label=_("In force on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form.fields["on"].widget.input_type = "date"

    def in_force_on(self, queryset: Any, name: str, on: Any) -> QuerySet[Any]:
        return queryset.in_force(on)  # type: ignore[no-any-return]


class UnitFilter(DatedFilterSet):
    kind = django_filters.ChoiceFilter(choices=Unit.Kind.choices, label=_("Kind"))

    class Meta:
        model = Unit
        fields: ClassVar[list[str]] = []


class OrganisationFilter(DatedFilterSet):
    kind = django_filters.ChoiceFilter(choices=Organisation.Kind.choices, label=_("Kind"), empty_label=_("all kinds"))
    unit = django_filters.ModelChoiceFilter(
        queryset=Unit.objects.all(), label=_("Unit"), empty_label=_("all units"), to_field_name="code"
    )

    class Meta:
        model = Organisation
        fields: ClassVar[list[str]] = []


class OfficerFilter(StrictFilterSet):
    role = django_filters.ChoiceFilter(choices=Role.choices, method="of_role")
    organisation = django_filters.CharFilter(method="of_organisation", max_length=40)
    unit = django_filters.CharFilter(method="of_unit", max_length=9)
    q = django_filters.CharFilter(method="named", max_length=40)

    class Meta:
        model = Officer
        fields: ClassVar[list[str]] = []

    def of_role(self, queryset: Any, name: str, role: str) -> QuerySet[Any]:
        return posted_now(queryset, role=role)

    def of_organisation(self, queryset: Any, name: str, code: str) -> QuerySet[Any]:
        return posted_now(queryset, organisation__code=code)

    def of_unit(self, queryset: Any, name: str, code: str) -> QuerySet[Any]:
        return posted_now(queryset, organisation__unit=code)

    def named(self, queryset: Any, name: str, text: str) -> QuerySet[Any]:
        return queryset.filter(Q(name__icontains=text) | Q(username__istartswith=text))  # type: ignore[no-any-return]


class MessageFilter(StrictFilterSet):
    is_read = django_filters.BooleanFilter()

    class Meta:
        model = Notice
        fields: ClassVar[list[str]] = []
