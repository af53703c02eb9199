"""The grid in the API: the same actions, filters and scope as the pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from bureau.desk.api.idempotency import answer_once
from bureau.desk.api.keys import is_partner_key
from bureau.desk.api.moves import open_moves
from bureau.desk.api.parsers import FileParser
from bureau.desk.api.requests import RequestsOf
from bureau.desk.api.views import CreateMixin, MovesView, ScopedDetailView, ScopedListView, TimelineView
from bureau.desk.refusal import required
from grid.actions import Caller, add_photo, move_issue, report_issue
from grid.atlas import current_atlas
from grid.filters import ORDERINGS, IssueFilter
from grid.models import Cell, Issue, IssueType
from grid.places import WGS84, read_point
from grid.serializers import (
    CellOut,
    IssueCreate,
    IssueMove,
    IssueOut,
    IssueRow,
    IssueTypeOut,
    PhotoIn,
    PhotoOut,
    PointIn,
)
from grid.workflow import ISSUE_FLOW


class OfNow:
    """Issues with their lights of this request's instant."""

    def get_queryset(self: Any) -> QuerySet[Issue]:
        return Issue.objects.for_list(self.now())


class Told(OfNow):
    """One issue told whole: its clocks, its photos, and what is open to me."""

    queryset = Issue.objects.select_related("reported_by")
    serializer_class = IssueOut
    scope_name = "issues"

    def get_queryset(self: Any) -> QuerySet[Issue]:
        return Issue.objects.for_list(self.now()).select_related("reported_by", "merged_into")

    def answer(self: Any, issue: Issue) -> Response:
        if not hasattr(issue, "clock_due_at"):  # it left the reader's sight with this very move
            issue = self.get_queryset().get(pk=issue.pk)
        issue.told_clocks = list(issue.clocks.with_light(self.now()).order_by("started_at"))
        issue.told_photos = list(issue.photos)
        issue.told_reports = 1 + issue.children.count()
        issue.told_moves = open_moves(ISSUE_FLOW, issue, self.request.user)
        return super().answer(issue)


class IssueList(OfNow, CreateMixin, ScopedListView):
    queryset = Issue.objects.all()
    serializer_class = IssueRow
    create_serializer_class = IssueCreate
    filterset_class = IssueFilter
    orderings = ORDERINGS
    scope_name = "issues"

    def filter_queryset(self, queryset: QuerySet[Issue]) -> QuerySet[Issue]:
        """By due date only what is open: what is over is due no more, and the cost follows what is open."""
        by_due = self.request.query_params.get("ordering", "").lstrip("-") == "due_at"
        return super().filter_queryset(queryset.open() if by_due else queryset)

    def create(self, data: dict[str, Any], *, by: Any, at: datetime) -> Issue:
        if is_partner_key(self.request) and "crs" not in data:
            raise required("crs")
        caller = data.pop("reporter", None)
        return report_issue(**data, reporter=Caller(**caller) if caller else None, by=by, at=at)

    def told(self, made: Issue) -> Any:
        """As the list tells it, from what was just made: the query of the list costs as much as taking it in."""
        clock = made.clocks.running().first()
        made.clock_due_at, made.light = (clock.due_at, clock.light(self.now())) if clock else (None, None)
        return self.get_serializer(made).data


class IssueDetail(Told, ScopedDetailView):
    pass


class IssueMoves(Told, MovesView):
    flow = ISSUE_FLOW
    move_serializer_class = IssueMove

    def move(self, subject: Issue, verb: str, *, by: Any, at: datetime, note: str = "", **facts: Any) -> Issue:
        return move_issue(subject, verb, by=by, at=at, note=note, **facts)


class IssueTimeline(TimelineView):
    queryset = Issue.objects.all()
    scope_name = "issues"


class IssueRequests(RequestsOf):
    """What was asked about the clock of an issue; POST asks for an extension, a suspension, a return, ..."""

    queryset = Issue.objects.all()
    scope_name = "issues"


class IssuePhotos(ScopedDetailView):
    """POST multipart `file` and `stage`, `before` or `after`."""

    queryset = Issue.objects.all()
    serializer_class = PhotoOut
    parser_classes = [FileParser]
    scope_name = "issues"

    @extend_schema(responses=PhotoOut(many=True))
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(self.get_serializer(self.get_object().photos, many=True).data)

    @extend_schema(request=PhotoIn, responses={201: PhotoOut})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        issue = self.get_object()
        return answer_once(request, lambda: self.answer_kept(request, issue), at=self.now())

    @transaction.atomic
    def answer_kept(self, request: Request, issue: Issue) -> Response:
        data = self.read(PhotoIn, request)
        photo = add_photo(issue, data["file"], stage=data["stage"], by=request.user, at=self.now())
        return Response(self.get_serializer(photo).data, status=201)


class IssueTypeList(ScopedListView):
    """The catalogue is no secret."""

    queryset = IssueType.objects.all()
    serializer_class = IssueTypeOut
    orderings = {"code": ("pk",)}
    scope_name = "issue-types"

    def visible(self) -> QuerySet[IssueType]:
        return self.get_queryset()


class CellList(ScopedListView):
    """All cells; with `lat` and `lng` the one around that point, or none outside the district."""

    queryset = Cell.objects.all()
    serializer_class = CellOut
    orderings = {"code": ("pk",)}
    scope_name = "cells"

    def visible(self) -> QuerySet[Cell]:
        return self.get_queryset()

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "atlas": current_atlas(), "on": timezone.localdate(self.now())}

    def filter_queryset(self, queryset: QuerySet[Cell]) -> QuerySet[Cell]:
        given = {name: value for name, value in self.request.query_params.dict().items() if name not in PAGING}
        if not given:
            return queryset
        asked = PointIn(data=given).checked()
        point = read_point(asked["lng"], asked["lat"], asked.get("crs", WGS84))
        return queryset.filter(pk=current_atlas().cell_at(*point))

    @extend_schema(parameters=[OpenApiParameter("lat", float), OpenApiParameter("lng", float), OpenApiParameter("crs")])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


PAGING = frozenset({"cursor", "page_size", "ordering"})
