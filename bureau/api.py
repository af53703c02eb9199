"""Who, and when they work: units, organisations, officers, the calendar, and my messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from bureau.desk.almanac import year_table
from bureau.desk.api.trail import DenialRow
from bureau.desk.api.views import ApiView, ScopedDetailView, ScopedListView
from bureau.desk.calendar import FIRST_YEAR, LAST_YEAR
from bureau.desk.fence import cards_of
from bureau.desk.inbox import sent_to
from bureau.desk.models.denial import Denial
from bureau.desk.models.notice import Notice
from bureau.desk.refusal import BadValue
from bureau.filters import MessageFilter, OfficerFilter, OrganisationFilter, UnitFilter
from bureau.filters_trail import DenialFilter
from bureau.models import Officer, Organisation, Unit
from bureau.rosters import people_visible_to
from bureau.serializers import (
    CalendarSerializer,
    MessageSerializer,
    OfficerSerializer,
    OrganisationSerializer,
    UnitSerializer,
)

Orderings = Mapping[str, Sequence[str]]


class Unfenced:
    """Everybody who is signed in reads who belongs to whom."""

    def visible(self: Any) -> QuerySet[Any]:
        return self.get_queryset()  # type: ignore[no-any-return]


class UnitList(Unfenced, ScopedListView):
    queryset = Unit.objects.all()
    serializer_class = UnitSerializer
    filterset_class = UnitFilter
    scope_name = "units"
    orderings: ClassVar[Orderings] = {"code": ("code",)}


class UnitDetail(Unfenced, ScopedDetailView):
    queryset = Unit.objects.all()
    serializer_class = UnitSerializer
    scope_name = "units"
    lookup_field = "code"


class OrganisationList(Unfenced, ScopedListView):
    queryset = Organisation.objects.prefetch_related("ties__to")
    serializer_class = OrganisationSerializer
    filterset_class = OrganisationFilter
    scope_name = "organisations"
    orderings: ClassVar[Orderings] = {"code": ("code", "pk")}


class OrganisationDetail(Unfenced, ScopedDetailView):
    queryset = Organisation.objects.prefetch_related("ties__to")
    serializer_class = OrganisationSerializer
    scope_name = "organisations"
    lookup_field = "code"


class OfficerList(ScopedListView):
    """Active people and their posts of now; a partner, a station and a social supervisor read themselves alone."""

    queryset = Officer.objects.all()
    serializer_class = OfficerSerializer
    filterset_class = OfficerFilter
    scope_name = "officers"
    orderings: ClassVar[Orderings] = {"username": ("username", "pk")}

    def visible(self) -> QuerySet[Any]:
        return people_visible_to(self.request.user)


class MessageList(ScopedListView):
    """Messages addressed to me by name or to a post of mine, newest first."""

    queryset = Notice.objects.all()
    serializer_class = MessageSerializer
    filterset_class = MessageFilter
    scope_name = "messages"
    orderings: ClassVar[Orderings] = {"-created_at": ("-created_at", "-pk")}

    def visible(self) -> QuerySet[Any]:
        return sent_to(self.request.user)

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(self.visible()))
        return self.get_paginated_response(
            MessageSerializer(rows, many=True, context={"cards": cards_of(rows or ())}).data
        )


class Calendar(ApiView):
    """A year day by day, as it counts today."""

    serializer_class = CalendarSerializer
    scope_name = "calendar"
    parameters = frozenset({"year"})

    @extend_schema(
        parameters=[OpenApiParameter("year", OpenApiTypes.INT, description="1950 to 2099; this year unless said.")],
        responses=CalendarSerializer,
    )
    def get(self, request: Request) -> Response:
        return Response(CalendarSerializer(year_table(year_asked(request, timezone.localdate(self.now())))).data)


def year_asked(request: Request, today: date) -> int:
    text = request.query_params.get("year", str(today.year))
    if not (text.isascii() and text.isdigit() and len(text) == 4 and FIRST_YEAR <= int(text) <= LAST_YEAR):
        raise BadValue(_("There is a calendar from 1950 to 2099 only."), code="invalid_number", pointer="/year")
    return int(text)


class DenialList(ScopedListView):
    """Refused requests, for the auditor and the inspectorate."""

    queryset = Denial.objects.select_related("account")
    serializer_class = DenialRow
    filterset_class = DenialFilter
    scope_name = "trail"
    orderings: ClassVar[Orderings] = {"-at": ("-at", "-pk")}
