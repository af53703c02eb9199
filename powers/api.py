"""The list as of any date; everybody with a key or a session reads all of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from bureau.desk.api.fields import Day
from bureau.desk.api.serializers import StrictSerializer
from bureau.desk.api.views import ApiView, ScopedListView
from powers.filters import HandbookFilter, PowerFilter
from powers.models import Edition, HandbookItem, Power
from powers.serializers import EditionOut, HandbookItemOut, PowerDetailOut, PowerOut


class PublicList(ScopedListView):
    """The list is no secret: its scope is everything."""

    def visible(self) -> QuerySet[Any]:
        return self.get_queryset()


class OfADay(PublicList):
    """In force today unless an edition or a day is asked for."""

    def visible(self) -> QuerySet[Any]:
        rows: Any = self.get_queryset()
        if not any(self.request.query_params.get(name) for name in ("edition", "on")):
            rows = rows.in_force(timezone.localdate(self.now()))
        return rows  # type: ignore[no-any-return]


class EditionList(PublicList):
    queryset = Edition.objects.all()
    serializer_class = EditionOut
    scope_name = "powers"
    orderings = {"-valid_from": ("-valid_from", "-pk")}


class PowerList(OfADay):
    queryset = Power.objects.for_list()
    serializer_class = PowerOut
    filterset_class = PowerFilter
    scope_name = "powers"
    orderings = {"code": ("code", "pk")}


class HandbookList(OfADay):
    queryset = HandbookItem.objects.for_list()
    serializer_class = HandbookItemOut
    filterset_class = HandbookFilter
    scope_name = "powers"
    orderings = {"code": ("code", "pk")}


class OnDay(StrictSerializer):
    on = Day(required=False)


class PowerDetail(ApiView):
    """One power as of a day, `?on=2026-06-22`; today without it."""

    queryset = Power.objects.select_related("edition").prefetch_related("handbook_items__power")
    serializer_class = PowerDetailOut
    scope_name = "powers"
    parameters = frozenset({"on"})

    @extend_schema(parameters=[OpenApiParameter("on", date)])
    def get(self, request: Request, code: str) -> Response:
        asked = OnDay(data=request.query_params.dict()).checked()
        rows: Any = self.get_queryset()
        power = get_object_or_404(rows.in_force(asked.get("on") or timezone.localdate(self.now())), code=code)
        return Response(self.get_serializer(power).data)
