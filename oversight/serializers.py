"""The shape of red lights and papers in the API."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from bureau.desk.api.fields import Instant, Text
from bureau.desk.api.serializers import ProjectedSerializer, StrictSerializer
from bureau.desk.api.subjects import SubjectSerializer, told_subject
from bureau.desk.models import Clock
from bureau.desk.scope import Projection
from oversight.actions import LONGEST_REPLY, open_to
from oversight.board import RUNG_AFTER
from oversight.models import Paper


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


class PaperRow(ProjectedSerializer):
    metadata_fields: ClassVar[tuple[str, ...]] = ("id", "number", "kind", "unit", "issued_at")

    id = serializers.UUIDField()
    number = serializers.CharField()
    kind = serializers.CharField()
    unit = serializers.CharField(source="unit_id", allow_null=True)
    to_organisation = serializers.CharField(source="to_organisation.code")
    owed_by = serializers.CharField(source="owed_by.code", allow_null=True, default=None)
    subject = serializers.SerializerMethodField()
    red_at = Instant()
    rectify_by = Instant(allow_null=True)
    issued_at = Instant()
    is_late = serializers.BooleanField()
    received_at = Instant(allow_null=True)
    replied_at = Instant(allow_null=True)

    @extend_schema_field(SubjectSerializer)
    def get_subject(self, paper: Paper) -> dict[str, Any]:
        told = told_subject(paper, {})
        return told | {"number": paper.facts["number"], "title": paper.facts["type"]}


class PaperOut(PaperRow):
    """One paper with all that it says, its reply, and what is open to the caller."""

    facts = serializers.JSONField()
    received_by = serializers.CharField(source="received_by.username", allow_null=True, default=None)
    replied_by = serializers.CharField(source="replied_by.username", allow_null=True, default=None)
    reply = serializers.CharField()
    open = serializers.SerializerMethodField()

    def get_open(self, paper: Paper) -> list[str]:
        return list(open_to(paper, self.context["request"].user))


class NothingIn(StrictSerializer):
    """A receipt says nothing beyond itself."""


class ReplyIn(StrictSerializer):
    text = Text(max_length=LONGEST_REPLY, lines=True)
