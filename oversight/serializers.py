"""The shape of red lights in the API."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from bureau.desk.api.fields import Instant
from bureau.desk.api.serializers import ProjectedSerializer, StrictSerializer
from bureau.desk.api.subjects import SubjectSerializer, told_subject
from bureau.desk.models import Clock
from bureau.desk.scope import Projection
from oversight.board import RUNG_AFTER


class RedLight(ProjectedSerializer):
    """A red clock: of which unit, since when, on which rung (`waiting`: no paper is issued yet)."""

    metadata_fields: ClassVar[tuple[str, ...]] = ("id", "kind", "light", "rung", "red_since", "unit", "subject")

    id = serializers.UUIDField()
    kind = serializers.CharField()
    light = serializers.SerializerMethodField()
    rung = serializers.SerializerMethodField()
    red_since = Instant(source="due_at")
    unit = serializers.CharField(source="unit_id", allow_null=True)
    owed_by = serializers.CharField(source="owed_by.code", allow_null=True, default=None, required=False)
    next_rung_at = Instant(allow_null=True, required=False)
    subject = serializers.SerializerMethodField()

    def get_light(self, clock: Clock) -> str:
        return "red"

    def get_rung(self, clock: Clock) -> str:
        return RUNG_AFTER.get(clock.next_rung, "waiting")

    @extend_schema_field(SubjectSerializer)
    def get_subject(self, clock: Clock) -> dict[str, Any]:
        is_full = self.projection_of(clock) is Projection.FULL
        return told_subject(clock, self.context.get("cards", {}), with_title=is_full)


class NothingIn(StrictSerializer):
    """Nothing is said beyond the act itself."""
