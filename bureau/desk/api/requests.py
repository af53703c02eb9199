"""`requests/`: what was asked about clocks and what became of it; `clocks/{id}/what-if/` before anybody asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, cast

import django_filters
from django.db import models
from django.db.models import QuerySet
from django.http import HttpResponseBase
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from bureau.desk.api.clocks import ClockDetail, WhySerializer
from bureau.desk.api.fields import Instant, Text
from bureau.desk.api.idempotency import answer_once
from bureau.desk.api.permissions import refuse_decision_by_key
from bureau.desk.api.serializers import ProjectedSerializer, StrictSerializer
from bureau.desk.api.subjects import SubjectSerializer, told_subject
from bureau.desk.api.views import ScopedDetailView, ScopedListView
from bureau.desk.explain import as_json, sentence
from bureau.desk.fence import cards_of, fenced, sights_of
from bureau.desk.filters import StrictFilterSet
from bureau.desk.models.clock import Clock
from bureau.desk.models.request import ClockRequest
from bureau.desk.requests import Asked, ask, decide, lift, what_if, withdraw
from bureau.desk.scope import Projection
from bureau.models.people import Officer


def officer_of(request: Request) -> Officer:
    return cast("Officer", request.user)  # no view of ours answers a visitor


class RequestSerializer(ProjectedSerializer):
    """`level` 1 is decided by the centre, 2 by the district; `effect` has old and new due date once it is granted.

    Words and names show to whoever sees every column of the subject itself; the title to nobody below that.
    """

    person_fields = ("words", "decision", "asked_by", "decided_by")
    metadata_fields = (
        "id", "kind", "status", "level", "clock", "asked", "resumes_at", "asked_for", "asked_at", "decide_by",
        "decided_at", "subject",
    )  # fmt: skip

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=ClockRequest.Kind.choices)
    status = serializers.ChoiceField(choices=ClockRequest.Status.choices)
    level = serializers.IntegerField()
    clock = serializers.UUIDField(source="clock_id")
    asked = serializers.SerializerMethodField()
    resumes_at = Instant(allow_null=True)
    reason = serializers.CharField()
    words = serializers.CharField(required=False)
    asked_by = serializers.CharField(source="asked_by.username", required=False)
    asked_for = serializers.CharField(source="asked_for.code")
    asked_at = Instant()
    decide_by = Instant(allow_null=True)
    decided_by = serializers.CharField(source="decided_by.username", default=None, allow_null=True)
    decided_at = Instant(allow_null=True)
    decision = serializers.CharField(required=False)
    effect = serializers.JSONField()
    subject = serializers.SerializerMethodField()

    def get_asked(self, request: ClockRequest) -> str | None:
        return str(request.asked_limit) if request.asked_limit else None

    @extend_schema_field(SubjectSerializer)
    def get_subject(self, request: ClockRequest) -> dict[str, Any]:
        is_full = self.projection_of(request) is Projection.FULL
        return told_subject(request, self.context["cards"], with_title=is_full)

    def projection_of(self, instance: ClockRequest) -> Projection:
        """That of the noun which the request is about."""
        sight = self.context["sights"].get(instance.subject_type_id)
        return sight.projection if sight else Projection.METADATA


class RequestIn(StrictSerializer):
    """`amount` with `unit` for an extension, `resume_on` for a suspension or deferral."""

    kind = Text(max_length=10)
    reason = Text(max_length=40)
    words = Text(max_length=1000, required=False, allow_blank=True, lines=True)
    amount = Text(max_length=10, required=False)
    unit = Text(max_length=16, required=False)
    resume_on = serializers.DateField(required=False)


class DecisionIn(StrictSerializer):
    granted = serializers.BooleanField()
    reason = Text(max_length=1000, lines=True)
    to = Text(max_length=40, required=False)


class NothingAsked(StrictSerializer):
    """An empty body."""


class WhatIfIn(StrictSerializer):
    amount = Text(max_length=10, required=False)
    unit = Text(max_length=16, required=False)
    resume_on = serializers.DateField(required=False)


class RequestFilter(StrictFilterSet):
    status = django_filters.ChoiceFilter(choices=ClockRequest.Status.choices)
    kind = django_filters.ChoiceFilter(choices=ClockRequest.Kind.choices)
    unit = django_filters.CharFilter(field_name="unit_id", max_length=9)

    class Meta:
        model = ClockRequest
        fields: ClassVar[list[str]] = []


class OfSubjects:
    """Requests about subjects that I may read."""

    def visible(self: Any) -> QuerySet[Any]:
        return fenced(ClockRequest.objects.for_list(), self.request.user)

    def tell(self: Any, found: Any, **options: Any) -> Any:
        rows = found if options else [found]
        context = {"cards": cards_of(rows), "sights": sights_of(self.request.user), "at": self.now()}
        return RequestSerializer(found, context=context, **options).data


class RequestList(OfSubjects, ScopedListView):
    queryset = ClockRequest.objects.for_list()
    serializer_class = RequestSerializer
    filterset_class = RequestFilter
    scope_name = "requests"
    orderings: ClassVar[Mapping[str, Sequence[str]]] = {"-asked_at": ("-asked_at", "-pk")}

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(self.visible())) or []
        return self.get_paginated_response(self.tell(rows, many=True))


class RequestDetail(OfSubjects, ScopedDetailView):
    queryset = ClockRequest.objects.for_list()
    serializer_class = RequestSerializer
    scope_name = "requests"

    def answer(self, subject: Any) -> Response:
        return Response(self.tell(subject))


class RequestDecision(RequestDetail):
    """Grant or refuse; the answer is the request."""

    http_method_names = ["post", "options"]

    @extend_schema(request=DecisionIn, responses=RequestSerializer)
    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = self.get_object()
        return answer_once(request, lambda: self.decided(request, found), at=self.now())

    def decided(self, request: Request, found: ClockRequest) -> Response:
        refuse_decision_by_key(request, "decide")
        data = self.read(DecisionIn, request)
        data["is_granted"] = data.pop("granted")
        return self.answer(decide(found, **data, by=officer_of(request), at=self.now()))


class RequestWithdrawal(RequestDetail):
    """Take a pending request back; the answer is the request."""

    http_method_names = ["post", "options"]

    @extend_schema(request=NothingAsked, responses=RequestSerializer)
    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = self.get_object()
        return answer_once(request, lambda: self.withdrawn(request, found), at=self.now())

    def withdrawn(self, request: Request, found: ClockRequest) -> Response:
        self.read(NothingAsked, request)
        return self.answer(withdraw(found, by=officer_of(request), at=self.now()))


class RequestsOf(OfSubjects, ScopedDetailView):
    """What was asked about one subject; POST asks. A room names its `queryset`."""

    serializer_class = RequestSerializer

    def visible(self) -> QuerySet[Any]:
        return ScopedDetailView.visible(self)

    @extend_schema(responses=RequestSerializer(many=True))
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found = list(ClockRequest.objects.about(self.get_object()).for_list())
        return Response(self.tell(found, many=True))

    @extend_schema(request=RequestIn, responses={201: RequestSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        subject = self.get_object()
        return answer_once(request, lambda: self.asked(request, subject), at=self.now())

    def asked(self, request: Request, subject: models.Model) -> Response:
        made = ask(subject, Asked(**self.read(RequestIn, request)), by=officer_of(request), at=self.now())
        return Response(self.tell(made), status=201)


class WhatIf(ClockDetail):
    """The date that an extension or a suspension from now on would give; nothing is stored, nothing is asked."""

    http_method_names = ["post", "options"]

    @extend_schema(request=WhatIfIn, responses=WhySerializer)
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        clock: Clock = self.get_object()
        timing = what_if(clock, **self.read(WhatIfIn, request), at=self.now())
        return Response({**as_json(timing), "sentence": sentence(timing)})


class Resumption(ClockDetail):
    """Let a suspended clock go on before its day; the answer is the clock."""

    http_method_names = ["post", "options"]

    @extend_schema(request=NothingAsked)
    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        clock: Clock = self.get_object()
        return answer_once(request, lambda: self.resumed(request, clock), at=self.now())

    def resumed(self, request: Request, clock: Clock) -> Response:
        self.read(NothingAsked, request)
        subject: Any = clock.subject
        lifted = lift(clock, subject, by=officer_of(request), at=self.now())
        return self.answer(lifted)
