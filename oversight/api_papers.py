"""Papers in the API: the same scope, filters and actions as the pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from bureau.desk.api.idempotency import answer_once
from bureau.desk.api.moves import open_moves
from bureau.desk.api.parsers import FileParser, StrictJSONParser
from bureau.desk.api.views import MovesView, ScopedDetailView, ScopedListView, TimelineView
from oversight import service
from oversight.actions import acknowledge_paper, act_on_withdrawal, move_paper, reply_to_paper
from oversight.filters import PaperFilter
from oversight.models import Paper
from oversight.paper_serializers import PaperMove, PaperOut, PaperRow, ReplyIn, WithdrawalIn
from oversight.printing import pdf_answer, pdf_of
from oversight.serializers import NothingIn
from oversight.workflow_notices import NOTICE_FLOW


class Told:
    queryset = Paper.objects.for_detail()
    serializer_class = PaperOut
    scope_name = "notices"

    def answer(self: Any, paper: Paper) -> Response:
        service.replies_of(paper)
        paper.told_withdrawals = service.withdrawals_of(paper, self.request.user)[0]  # type: ignore[attr-defined]
        paper.told_moves = open_moves(NOTICE_FLOW, paper, self.request.user)  # type: ignore[attr-defined]
        answered: Response = super().answer(paper)  # type: ignore[misc]
        return answered


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

    def filter_queryset(self, queryset: QuerySet[Paper]) -> QuerySet[Paper]:
        """By the instant of red only what was red: a notice by hand may be about something that is not."""
        by_red = self.request.query_params.get("ordering", "").lstrip("-") == "red_at"
        return super().filter_queryset(queryset.exclude(red_at=None) if by_red else queryset)


class PaperDetail(Told, ScopedDetailView):
    pass


class PaperMoves(Told, MovesView):
    flow = NOTICE_FLOW
    move_serializer_class = PaperMove

    def move(self, subject: Any, verb: str, *, by: Any, at: datetime, note: str = "", **facts: Any) -> Any:
        return move_paper(subject, verb, by=by, at=at, note=note, **facts)


class PaperTimeline(TimelineView):
    queryset = Paper.objects.all()
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


class PaperWithdrawals(PaperDetail):
    """Propose to take the paper back, or decide on what somebody else proposed; the answer is the paper."""

    http_method_names = ["post", "options"]

    @extend_schema(request=WithdrawalIn, responses=PaperOut)
    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        paper = self.get_object()
        return answer_once(request, lambda: self.acted(request, paper), at=self.now())

    def acted(self, request: Request, paper: Paper) -> Response:
        data = self.read(WithdrawalIn, request)
        act_on_withdrawal(paper, data["verb"], data.get("words", ""), by=request.user, at=self.now())
        return self.answer(self.visible().get(pk=paper.pk))


class PaperReplies(PaperDetail):
    """Answer the paper in writing, as JSON, or as multipart with up to ten `files`; the answer is the paper."""

    http_method_names = ["post", "options"]
    parser_classes = [StrictJSONParser, FileParser]

    @extend_schema(request=ReplyIn, responses=PaperOut)
    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        paper = self.get_object()
        return answer_once(request, lambda: self.replied(request, paper), at=self.now())

    def replied(self, request: Request, paper: Paper) -> Response:
        data = self.read(ReplyIn, request)
        files = data.get("files", [])
        return self.answer(reply_to_paper(paper, data["text"], files=files, by=request.user, at=self.now()))
