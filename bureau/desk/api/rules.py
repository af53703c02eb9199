"""`rules/`: the figures in force, and their changes: proposed by one, enacted by another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from bureau.desk import figures
from bureau.desk.api.fields import Instant, Text
from bureau.desk.api.serializers import MoveSerializer, StrictSerializer
from bureau.desk.api.views import ApiView, CreateMixin, MovesView, ScopedDetailView, ScopedListView
from bureau.desk.models.rule_change import RuleChange
from bureau.desk.rule_changes import RULE_FLOW, move_change, propose_change, shown_digest


class FigureSerializer(serializers.Serializer):
    """`valid_from` and `reason` are null while the default holds."""

    name = serializers.CharField()
    called = serializers.CharField(source="label")
    value = serializers.CharField()
    default = serializers.CharField()
    valid_from = serializers.DateField(source="row.valid_from", default=None, allow_null=True)
    reason = serializers.CharField(source="row.reason", default=None, allow_null=True)


class FiguresSerializer(serializers.Serializer):
    results = FigureSerializer(many=True)


class RuleChangeSerializer(serializers.Serializer):
    """`digest` names the outcome for running clocks: whoever enacts sends it back."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    value = serializers.CharField()
    valid_from = serializers.DateField()
    reason = serializers.CharField()
    recalculates = serializers.BooleanField()
    status = serializers.ChoiceField(choices=RuleChange.Status.choices)
    proposed_by = serializers.CharField(source="proposed_by.username")
    proposed_at = Instant()
    decided_by = serializers.CharField(source="decided_by.username", default=None, allow_null=True)
    decided_at = Instant(allow_null=True)
    moved = serializers.IntegerField(allow_null=True)


class RuleChangeDetailSerializer(RuleChangeSerializer):
    digest = serializers.SerializerMethodField()

    def get_digest(self, change: RuleChange) -> str:
        return shown_digest(change, at=self.context["at"]) if change.status == RuleChange.Status.PROPOSED else ""


class RuleChangeIn(StrictSerializer):
    name = Text(max_length=60)
    value = Text(max_length=60, required=False, allow_blank=True)
    valid_from = serializers.DateField()
    reason = Text(max_length=200)
    recalculates = serializers.BooleanField(required=False)


class RuleChangeMove(MoveSerializer):
    digest = Text(max_length=64, required=False)


class FigureList(ApiView):
    """Every figure of a rule with what holds today."""

    serializer_class = FiguresSerializer
    scope_name = "rules"

    @extend_schema(responses=FiguresSerializer)
    def get(self, request: Request) -> Response:
        known = figures.known_figures(figures.local_day(self.now()))
        return Response(FiguresSerializer({"results": known}).data)


class ChangeList(CreateMixin, ScopedListView):
    queryset = RuleChange.objects.select_related("proposed_by", "decided_by")
    serializer_class = RuleChangeSerializer
    create_serializer_class = RuleChangeIn
    scope_name = "rules"
    orderings: ClassVar[Mapping[str, Sequence[str]]] = {"-proposed_at": ("-proposed_at", "-pk")}

    def create(self, data: dict[str, Any], *, by: Any, at: datetime) -> RuleChange:
        given = {"value": "", "recalculates": False, **data}
        return propose_change(given.pop("name"), **given, by=by, at=at)


class ChangeDetail(ScopedDetailView):
    queryset = RuleChange.objects.select_related("proposed_by", "decided_by")
    serializer_class = RuleChangeDetailSerializer
    scope_name = "rules"


class ChangeMoves(ChangeDetail, MovesView):
    flow = RULE_FLOW
    move_serializer_class = RuleChangeMove

    def move(self, subject: RuleChange, verb: str, *, by: Any, at: datetime, note: str = "", **facts: Any) -> Any:
        return move_change(subject, verb, by=by, at=at, note=note, **facts)
