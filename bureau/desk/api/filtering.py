"""The filters of a page, used as they are by its list in the API."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.contrib.django_filters import DjangoFilterExtension
from drf_spectacular.drainage import set_override
from drf_spectacular.types import OpenApiTypes
from rest_framework.request import Request

from bureau.desk.api.errors import unknown
from bureau.desk.fields import TextField
from bureau.desk.filters import StrictFilterSet
from bureau.desk.refusal import raise_all


class SharedFilters(DjangoFilterBackend):
    """Refuses unknown names and values that do not fit; a list without filters takes only paging and order."""

    def filter_queryset(self, request: Request, queryset: QuerySet, view: Any) -> QuerySet:
        chosen: Any = self.get_filterset_class(view, queryset)
        if chosen is None:
            raise_all(unknown(sorted(set(request.query_params) - StrictFilterSet.passing), "unknown_filter"))
            return queryset
        filterset = chosen(request.query_params, queryset=queryset, request=request)
        return filterset.rows()  # type: ignore[no-any-return]


class SharedFiltersScheme(DjangoFilterExtension):  # type: ignore[no-untyped-call]  # registers itself
    """Describes filters by what they take: text of our own field, and choices as they are given."""

    target_class: Any = SharedFilters
    priority = 1

    def resolve_filter_field(
        self, auto_schema: Any, model: Any, filterset_class: Any, field_name: str, filter_field: Any
    ) -> Any:
        if issubclass(filter_field.field_class, TextField):
            set_override(filter_field, "field", OpenApiTypes.STR)
        choices = filter_field.extra.get("choices")
        if choices is not None:
            codes = [str(code) for code, _words in (choices() if callable(choices) else choices) if code != ""]
            set_override(filter_field, "field", {"type": "string", "enum": codes})
        plain: Any = super()
        return plain.resolve_filter_field(auto_schema, model, filterset_class, field_name, filter_field)
