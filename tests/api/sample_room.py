"""A room's API as CONTRIBUTING has it, over the issues of the grid: what the bases promise is tried here."""

from __future__ import annotations

import django_filters
from django.urls import include, path
from rest_framework import serializers
from rest_framework.response import Response

from bureau.desk.api.fields import Choice, Number, Text
from bureau.desk.api.parsers import FileParser
from bureau.desk.api.serializers import MoveSerializer, ProjectedSerializer, StrictSerializer
from bureau.desk.api.views import (
    ApiView,
    CreateMixin,
    MovesView,
    ScopedDetailView,
    ScopedListView,
    TimelineView,
)
from bureau.desk.filters import StrictFilterSet
from config.urls import urlpatterns as portal
from grid.actions import move_issue, report_issue
from grid.models import Issue
from grid.workflow import ISSUE_FLOW


class IssueFilter(StrictFilterSet):
    status = django_filters.MultipleChoiceFilter(choices=Issue.Status.choices)
    unit = django_filters.CharFilter("unit_id", max_length=9)
    reported = django_filters.DateFromToRangeFilter("reported_at")

    class Meta:
        model = Issue
        fields: list[str] = []


class IssueIn(StrictSerializer):
    type = Text(max_length=8)
    description = Text(max_length=5000, lines=True)
    latitude = Number(min_value=-90, max_value=90)
    longitude = Number(min_value=-180, max_value=180)
    channel = Choice(choices=Issue.Channel.choices)


class IssueMove(MoveSerializer):
    outcome = Choice(choices=Issue.Outcome.choices, required=False)
    reason = Text(max_length=40, required=False)
    officers = serializers.ListField(child=Text(max_length=40), required=False)


class IssueOut(ProjectedSerializer):
    person_fields = ("description",)
    metadata_fields = ("id", "number", "status")

    id = serializers.UUIDField()
    number = serializers.CharField()
    status = serializers.CharField()
    description = serializers.CharField(required=False)


class IssueList(CreateMixin, ScopedListView):
    queryset = Issue.objects.all()
    serializer_class = IssueOut
    create_serializer_class = IssueIn
    filterset_class = IssueFilter
    scope_name = "issues"
    orderings = {"-reported_at": ("-reported_at", "-pk"), "status": ("status", "pk")}

    def create(self, data, *, by, at):
        return report_issue(**data, by=by, at=at)


class IssueDetail(ScopedDetailView):
    queryset = Issue.objects.all()
    serializer_class = IssueOut
    scope_name = "issues"


class IssueMoves(MovesView):
    queryset = Issue.objects.all()
    serializer_class = IssueOut
    move_serializer_class = IssueMove
    flow = ISSUE_FLOW
    scope_name = "issues"

    def move(self, subject, verb, *, by, at, note="", **facts):
        return move_issue(subject, verb, by=by, at=at, note=note, **facts)


class IssueTimeline(TimelineView):
    queryset = Issue.objects.all()
    scope_name = "issues"


class Files(ApiView):
    parser_classes = [FileParser]

    def post(self, request):
        return Response({"size": request.data["file"].size})


sample = [
    path("issues/", IssueList.as_view()),
    path("issues/<uuid:pk>/", IssueDetail.as_view()),
    path("issues/<uuid:pk>/moves/", IssueMoves.as_view()),
    path("issues/<uuid:pk>/timeline/", IssueTimeline.as_view()),
    path("files/", Files.as_view()),
]
urlpatterns = [path("api/sample/", include(sample)), *portal]
