"""Red lights and papers in the API: the same scope, filters and actions as the pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from bureau.desk.api.idempotency import answer_once
from bureau.desk.api.views import ScopedDetailView, ScopedListView
from bureau.desk.fence import cards_of
from bureau.desk.models import Clock
from oversight.actions import acknowledge_paper, reply_to_paper
from oversight.filters import PaperFilter, RedLightFilter
from oversight.models import Paper
from oversight.printing import pdf_answer, pdf_of
from oversight.querysets import RedListQuerySet, red_list
from oversight.serializers import NothingIn, PaperOut, PaperRow, RedLight, ReplyIn

FOR_DETAIL = ("received_by", "replied_by")


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


class PaperList(ScopedListView):
    """Urging and supervision notices, newest first."""

    queryset = Paper.objects.for_list()
    serializer_class = PaperRow
    filterset_class = PaperFilter
    scope_name = "notices"
    orderings: ClassVar[Mapping[str, Sequence[str]]] = {
        "-issued_at": ("-issued_at", "-pk"),
        "red_at": ("red_at", "pk"),
    }


class PaperDetail(ScopedDetailView):
    queryset = Paper.objects.for_list().select_related(*FOR_DETAIL)
    serializer_class = PaperOut
    scope_name = "notices"


class PaperPdf(PaperDetail):
    """The paper as an official PDF."""

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        return pdf_answer(pdf_of(self.get_object(), at=self.now()))


class PaperReceipt(PaperDetail):
    """Sign for the paper; the answer is the paper."""

    http_method_names = ["post", "options"]

    @extend_schema(request=NothingIn, responses=PaperOut)
    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        paper = self.get_object()
        return answer_once(request, lambda: self.received(request, paper), at=self.now())

    def received(self, request: Request, paper: Paper) -> Response:
        self.read(NothingIn, request)
        return self.answer(acknowledge_paper(paper, by=request.user, at=self.now()))


class PaperReply(PaperDetail):
    """Answer the paper in writing; the answer is the paper."""

    http_method_names = ["post", "options"]

    @extend_schema(request=ReplyIn, responses=PaperOut)
    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        paper = self.get_object()
        return answer_once(request, lambda: self.replied(request, paper), at=self.now())

    def replied(self, request: Request, paper: Paper) -> Response:
        data = self.read(ReplyIn, request)
        return self.answer(reply_to_paper(paper, data["text"], by=request.user, at=self.now()))
