"""The shape of issues, cells and types in the API."""

from __future__ import annotations

from rest_framework import serializers

from bureau.desk.api.fields import Instant, Number, Phone, Text
from bureau.desk.api.serializers import MoveSerializer, OpenMoveSerializer, ProjectedSerializer, StrictSerializer
from grid.likeness import Likeness
from grid.models import Issue

SHOWN_TO_ALL = (
    "id", "number", "type", "status", "channel", "light", "due_at", "cell", "unit", "handled_by", "reported_at",
    "outcome", "rework_count",
)  # fmt: skip


class CallerIn(StrictSerializer):
    name = Text(max_length=40, required=False, allow_blank=True)
    phone = Phone(required=False, allow_blank=True)


class IssueCreate(StrictSerializer):
    """What is reported; what is wrong with type, channel and place is said by the action, all together."""

    type = Text(max_length=8)
    description = Text(max_length=5000, lines=True)
    latitude = Number(required=False)
    longitude = Number(required=False)
    crs = Text(max_length=20, required=False)
    address = Text(max_length=200, required=False, allow_blank=True)
    channel = Text(max_length=20)
    occurred_at = Instant(required=False)
    reporter = CallerIn(required=False)
    unit = Text(max_length=9, required=False)
    cell = Text(max_length=15, required=False)
    external_ref = Text(max_length=60, required=False, allow_blank=True)


class IssueMove(MoveSerializer):
    """What a verb needs: `reason` to refuse or void, `to` to dispatch, `officers` to take, `outcome` to feed back."""

    reason = Text(max_length=200, required=False)
    to = Text(max_length=40, required=False)
    officers = serializers.ListField(child=Text(max_length=40), required=False, allow_empty=False, max_length=20)
    outcome = Text(max_length=20, required=False)
    case = Text(max_length=60, required=False)


class PhotoIn(StrictSerializer):
    file = serializers.FileField(allow_empty_file=True)
    stage = Text(max_length=10)


class PhotoOut(serializers.Serializer):
    id = serializers.UUIDField()
    stage = serializers.CharField()
    at = Instant()
    sha256 = serializers.CharField()
    content_type = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    url = serializers.CharField(source="get_absolute_url")


class ClockOut(serializers.Serializer):
    """One obligation: `light` is that of the moment of the answer."""

    id = serializers.UUIDField()
    kind = serializers.CharField()
    ladder = serializers.CharField()
    limit = serializers.CharField()
    light = serializers.CharField(source="light_now")
    started_at = Instant()
    warn_at = Instant(allow_null=True)
    due_at = Instant(allow_null=True)
    next_rung = serializers.CharField(allow_blank=True)
    next_rung_at = Instant(allow_null=True)
    is_provisional = serializers.BooleanField()
    met_at = Instant(allow_null=True)


class IssueRow(ProjectedSerializer):
    """One row of the list; of `Issue.objects.for_list(at)`."""

    person_fields = ("reported_by",)
    metadata_fields = SHOWN_TO_ALL

    id = serializers.UUIDField()
    number = serializers.CharField()
    type = serializers.CharField(source="type_id")
    status = serializers.ChoiceField(choices=Issue.Status.choices)
    channel = serializers.ChoiceField(choices=Issue.Channel.choices)
    light = serializers.CharField(allow_null=True)
    due_at = Instant(source="clock_due_at", allow_null=True)
    cell = serializers.CharField(source="cell_id", allow_null=True)
    unit = serializers.CharField(source="unit_id")
    handled_by = serializers.CharField(source="handled_by.code", default=None, allow_null=True)
    address = serializers.CharField(required=False)
    longitude = serializers.FloatField(allow_null=True, required=False)
    latitude = serializers.FloatField(allow_null=True, required=False)
    reported_at = Instant()
    occurred_at = Instant(required=False)
    outcome = serializers.CharField(allow_blank=True)
    rework_count = serializers.IntegerField()


class MergeIn(StrictSerializer):
    """`into` is the number of the issue that it goes along with."""

    into = Text(max_length=12)
    note = Text(max_length=1000, required=False, allow_blank=True, lines=True)


class UnmergeIn(StrictSerializer):
    reason = Text(max_length=200)


class DuplicateOut(serializers.Serializer):
    """One open issue that may be the same: how likely (0 to 1), how far (m, null without a point), and why."""

    issue = serializers.UUIDField(source="issue.pk")
    number = serializers.CharField(source="issue.number")
    score = serializers.FloatField()
    metres = serializers.FloatField(allow_null=True)
    hours = serializers.SerializerMethodField()
    is_same_type = serializers.BooleanField()
    words = serializers.FloatField()

    def get_hours(self, likeness: Likeness) -> float:
        return round(likeness.apart.total_seconds() / 3600, 2)


class IssueOut(IssueRow):
    """One issue with its clocks, its photos and the moves open to me; the reporter is never in it.

    `merged_into` is the number of the issue it goes along with; `reports` how many report this problem.
    """

    description = serializers.CharField(required=False)
    given_crs = serializers.CharField(required=False)
    case_number = serializers.CharField(required=False)
    reported_by = serializers.CharField(source="reported_by.username", default=None, allow_null=True, required=False)
    clocks = ClockOut(source="told_clocks", many=True)
    photos = PhotoOut(source="told_photos", many=True, required=False)
    moves = OpenMoveSerializer(source="told_moves", many=True)

    merged_into = serializers.CharField(source="merged_into.number", default=None, allow_null=True)
    reports = serializers.IntegerField(source="told_reports")

    metadata_fields = (*SHOWN_TO_ALL, "clocks", "moves", "merged_into", "reports")


class IssueTypeOut(serializers.Serializer):
    code = serializers.CharField()
    category_code = serializers.CharField()
    category_zh = serializers.CharField()
    category_en = serializers.CharField()
    name_zh = serializers.CharField()
    name_en = serializers.CharField()
    origin = serializers.CharField()
    lead_kind = serializers.CharField()
    cooperating_kinds = serializers.ListField(child=serializers.CharField())
    response_limit = serializers.CharField(allow_null=True)
    handling_limit = serializers.CharField()
    filing_condition_zh = serializers.CharField()
    filing_condition_en = serializers.CharField()
    closing_condition_zh = serializers.CharField()
    closing_condition_en = serializers.CharField()
    campaign = serializers.CharField()
    power_hint = serializers.CharField()


class PointIn(StrictSerializer):
    lat = Number()
    lng = Number()
    crs = Text(max_length=20, required=False)


class CellOut(serializers.Serializer):
    """A cell and its unit of today."""

    code = serializers.CharField()
    unit = serializers.SerializerMethodField()
    longitude = serializers.FloatField()
    latitude = serializers.FloatField()
    wkt = serializers.CharField()

    def get_unit(self, cell: object) -> str | None:
        return self.context["atlas"].unit_of(cell.code, self.context["on"])
