"""The filters of a page, used as they are by its list in the API."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.request import Request

from bureau.desk.api.errors import unknown
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
