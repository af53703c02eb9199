"""Red lights in the API: the same scope and filters as the pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from bureau.desk.api.views import ScopedListView
from bureau.desk.fence import cards_of
from bureau.desk.models import Clock
from oversight.filters import RedLightFilter
from oversight.querysets import RedListQuerySet, red_list
from oversight.serializers import RedLight


class RedLightList(ScopedListView):
    """What is red now, longest first."""

    queryset = RedListQuerySet(Clock).running().select_related("owed_by")
    serializer_class = RedLight
    filterset_class = RedLightFilter
    scope_name = "red-lights"
    orderings: ClassVar[Mapping[str, Sequence[str]]] = {"red_since": ("due_at", "pk")}

    def visible(self) -> QuerySet[Any]:
        return red_list(self.request.user).red(self.now()).select_related("owed_by")

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        clocks = self.paginate_queryset(self.filter_queryset(self.visible()))
        context = {**self.get_serializer_context(), "cards": cards_of(clocks)}
        return self.get_paginated_response(RedLight(clocks, many=True, context=context).data)
