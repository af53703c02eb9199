"""`clocks/`: what runs, by light, unit, kind and who owes it; one clock with the working behind its date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from bureau.desk.api.fields import Instant
from bureau.desk.api.subjects import SubjectSerializer, told_subject
from bureau.desk.api.views import ScopedDetailView, ScopedListView
from bureau.desk.clocks import timing_of
from bureau.desk.explain import as_json, sentence
from bureau.desk.fence import cards_of, fenced, sights_of
from bureau.desk.filters import StrictFilterSet
from bureau.desk.models.clock import Clock, Ladder, Light
from bureau.desk.scope import Projection


class ClockFilter(StrictFilterSet):
    """Running clocks by light (at the instant of asking), unit, kind, ladder and who owes them."""

    light = django_filters.MultipleChoiceFilter(choices=Light.choices, method="of_lights")
    unit = django_filters.CharFilter(field_name="unit_id", max_length=9)
    kind = django_filters.CharFilter(max_length=30)
    ladder = django_filters.ChoiceFilter(choices=Ladder.choices)
    owed_by = django_filters.CharFilter(field_name="owed_by__code", max_length=40)

    class Meta:
        model = Clock
        fields: ClassVar[list[str]] = []

    def of_lights(self, queryset: Any, name: str, lights: list[str]) -> QuerySet:
        at = timezone.now()
        found = queryset.none()
        for light in lights:
            found |= of_light(queryset, light, at)
        return found if lights else queryset  # type: ignore[no-any-return]


def of_light(queryset: Any, light: str, at: datetime) -> Any:
    if light == Light.GREY:
        return queryset.suspended()
    return {Light.RED: queryset.red, Light.YELLOW: queryset.yellow, Light.GREEN: queryset.green}[Light(light)](at)


class ClockSerializer(serializers.Serializer):
    """`warn_at` and `due_at` are null while the clock is suspended for longer than anybody knows."""

    id = serializers.UUIDField()
    kind = serializers.CharField()
    ladder = serializers.ChoiceField(choices=Ladder.choices)
    light = serializers.SerializerMethodField()
    limit = serializers.SerializerMethodField()
    started_at = Instant()
    warn_at = Instant(allow_null=True)
    due_at = Instant(allow_null=True)
    next_rung = serializers.CharField()
    next_rung_at = Instant(allow_null=True)
    round = serializers.IntegerField()
    is_provisional = serializers.BooleanField()
    unit = serializers.CharField(source="unit_id", allow_null=True)
    owed_by = serializers.CharField(source="owed_by.code", allow_null=True, default=None)
    owed_role = serializers.CharField()
    subject = serializers.SerializerMethodField()

    def get_light(self, clock: Clock) -> str:
        return str(clock.light(self.context["at"]))

    def get_limit(self, clock: Clock) -> str:
        return str(clock.limit)

    @extend_schema_field(SubjectSerializer)
    def get_subject(self, clock: Clock) -> dict[str, Any]:
        sight = self.context["sights"].get(clock.subject_type_id)
        is_full = sight is not None and sight.projection is Projection.FULL
        return told_subject(clock, self.context["cards"], with_title=is_full)


class ClockList(ScopedListView):
    """Running clocks within my reach; only of kinds that I may read."""

    queryset = Clock.objects.running().select_related("owed_by")
    serializer_class = ClockSerializer
    filterset_class = ClockFilter
    scope_name = "clocks"
    orderings: ClassVar[Mapping[str, Sequence[str]]] = {
        "due_at": ("due_at", "pk"),
        "started_at": ("started_at", "pk"),
        "next_rung_at": ("next_rung_at", "pk"),
    }

    def visible(self) -> QuerySet[Any]:
        return fenced(Clock.objects.running().select_related("owed_by"), self.request.user)

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        clocks = self.paginate_queryset(self.filter_queryset(self.visible())) or []
        context = {"at": self.now(), "cards": cards_of(clocks), "sights": sights_of(request.user)}
        return self.get_paginated_response(ClockSerializer(clocks, many=True, context=context).data)


class WhySpan(serializers.Serializer):
    """A stretch [from, to): instants, or dates for a clock that counts dates."""

    kind = serializers.CharField()
    name = serializers.CharField(required=False)
    reason = serializers.CharField(required=False)

    def get_fields(self) -> dict[str, serializers.Field]:
        ends = {"from": serializers.CharField(), "to": serializers.CharField()}
        return {**ends, **super().get_fields()}


class WhySerializer(serializers.Serializer):
    """The working behind the date, as `explain_deadline` prints it, and in one sentence."""

    start = serializers.CharField()
    limit = serializers.CharField()
    warn_at = Instant(allow_null=True)
    due_at = Instant(allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    rolled_from = serializers.DateField(allow_null=True)
    provisional = serializers.BooleanField()
    spans = WhySpan(many=True)
    sentence = serializers.CharField()


class ClockDetailSerializer(ClockSerializer):
    """A clock that runs or is over; `why` is computed from its own rows and its own edition of the calendar."""

    met_at = Instant(allow_null=True)
    suspended_at = Instant(allow_null=True)
    supervise_at = Instant(allow_null=True)
    refer_at = Instant(allow_null=True)
    why = serializers.SerializerMethodField()

    @extend_schema_field(WhySerializer)
    def get_why(self, clock: Clock) -> dict[str, Any]:
        timing = timing_of(clock)
        return {**as_json(timing), "sentence": sentence(timing)}


class ClockDetail(ScopedDetailView):
    """Why this date: one clock of a subject that I may read."""

    queryset = Clock.objects.select_related("owed_by")
    serializer_class = ClockDetailSerializer
    scope_name = "clocks"

    def visible(self) -> QuerySet[Any]:
        return fenced(Clock.objects.select_related("owed_by"), self.request.user)

    def answer(self, subject: Any) -> Response:
        context = {"at": self.now(), "cards": cards_of([subject]), "sights": sights_of(self.request.user)}
        return Response(ClockDetailSerializer(subject, context=context).data)
