"""Enforcement cases in the API: the same actions, filters and scope as the pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from rest_framework.response import Response

from bureau.desk.api.moves import open_moves
from bureau.desk.api.views import CreateMixin, MovesView, ScopedDetailView, ScopedListView, TimelineView
from cases.actions import move_case, open_case
from cases.filters import ORDERINGS, CaseFilter
from cases.models import Case
from cases.serializers import CaseCreate, CaseMove, CaseOut, CaseRow
from cases.workflow import CASE_FLOW


class OfNow:
    """Cases with their lights of this request's instant."""

    queryset = Case.objects.all()
    scope_name = "cases"

    def get_queryset(self: Any) -> QuerySet[Case]:
        return Case.objects.for_list(self.now())


class Told(OfNow):
    """One case told whole: its clocks, and what is open to me."""

    serializer_class = CaseOut

    def answer(self: Any, case: Case) -> Response:
        case = self.get_queryset().get(pk=case.pk)
        case.told_clocks = list(case.clocks.with_light(self.now()).order_by("started_at"))
        case.told_moves = open_moves(CASE_FLOW, case, self.request.user)
        return super().answer(case)


class CaseList(OfNow, CreateMixin, ScopedListView):
    serializer_class = CaseRow
    create_serializer_class = CaseCreate
    filterset_class = CaseFilter
    orderings = ORDERINGS

    def create(self, data: dict[str, Any], *, by: Any, at: datetime) -> Case:
        return open_case(**data, by=by, at=at)

    def told(self, made: Case) -> Any:
        return self.get_serializer(self.get_queryset().get(pk=made.pk)).data


class CaseDetail(Told, ScopedDetailView):
    pass


class CaseMoves(Told, MovesView):
    flow = CASE_FLOW
    move_serializer_class = CaseMove

    def move(self, subject: Case, verb: str, *, by: Any, at: datetime, note: str = "", **facts: Any) -> Case:
        return move_case(subject, verb, by=by, at=at, note=note, **facts)


class CaseTimeline(TimelineView):
    queryset = Case.objects.all()
    scope_name = "cases"
