"""How the bureau's own nouns are told by the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from bureau.desk.api.fields import Day, Instant
from bureau.desk.api.subjects import SubjectSerializer, told_subject
from bureau.desk.models.notice import Notice
from bureau.desk.telling import told


class UnitSerializer(serializers.Serializer):
    code = serializers.CharField()
    slug = serializers.CharField()
    name_zh = serializers.CharField()
    name_en = serializers.CharField()
    kind = serializers.CharField()
    longitude = serializers.FloatField()
    latitude = serializers.FloatField()
    area_km2 = serializers.FloatField(allow_null=True)
    population = serializers.IntegerField(allow_null=True)
    is_pilot = serializers.BooleanField()
    cells_stay_with = serializers.CharField(source="cells_stay_with_id", allow_null=True)
    valid_from = Day()
    valid_to = Day(allow_null=True)


class TieSerializer(serializers.Serializer):
    kind = serializers.CharField()
    to = serializers.CharField(source="to.code")
    valid_from = Day()
    valid_to = Day(allow_null=True)
    basis = serializers.CharField()


class OrganisationSerializer(serializers.Serializer):
    code = serializers.CharField()
    kind = serializers.CharField()
    unit = serializers.CharField(source="unit_id", allow_null=True)
    name_zh = serializers.CharField()
    name_en = serializers.CharField()
    short_zh = serializers.CharField()
    valid_from = Day()
    valid_to = Day(allow_null=True)
    remark = serializers.CharField()
    ties = TieSerializer(many=True)


class OfficerPostSerializer(serializers.Serializer):
    role = serializers.CharField()
    organisation = serializers.CharField(source="organisation.code")
    unit = serializers.CharField(source="organisation.unit_id", allow_null=True)


class OfficerSerializer(serializers.Serializer):
    """No mobile: one's own stands on one's own page."""

    username = serializers.CharField()
    name = serializers.CharField()
    posts = OfficerPostSerializer(source="posts_now", many=True)


class CalendarDaySerializer(serializers.Serializer):
    on = Day()
    kind = serializers.ChoiceField(choices=["working", "make_up", "weekend", "holiday"])
    name = serializers.CharField()


class CalendarSerializer(serializers.Serializer):
    """A provisional year knows weekends and statutory holidays only."""

    year = serializers.IntegerField()
    provisional = serializers.BooleanField()
    working_days = serializers.IntegerField()
    days = CalendarDaySerializer(many=True)


class MessageSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    kind = serializers.CharField()
    title = serializers.SerializerMethodField()
    body = serializers.SerializerMethodField()
    is_urgent = serializers.BooleanField()
    is_read = serializers.BooleanField()
    created_at = Instant()
    subject = serializers.SerializerMethodField()

    def get_title(self, notice: Notice) -> str:
        return told(notice).title

    def get_body(self, notice: Notice) -> str:
        return told(notice).body

    @extend_schema_field(SubjectSerializer)
    def get_subject(self, notice: Notice) -> dict[str, Any]:
        return told_subject(notice, self.context["cards"])
