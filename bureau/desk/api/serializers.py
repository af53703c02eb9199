"""Shapes of input that report all their defects together, and shapes of output that keep to a projection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.translation import override
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from bureau.desk.api.errors import details_in, name_of, words_of
from bureau.desk.api.fields import Instant, Text
from bureau.desk.refusal import BadValue, Refusal, Several
from bureau.desk.scope import Projection
from bureau.desk.wording import either


class StrictSerializer(serializers.Serializer):
    """Input: what is unknown, missing or wrong is refused at once, each with its pointer, in both languages."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, Mapping):
            raise serializers.ValidationError([ErrorDetail(str(words_of("invalid_object")), "invalid_object")])
        known = {name for name, field in self.fields.items() if not field.read_only}
        wrong: dict[str, Any] = {
            str(name): [ErrorDetail(str(words_of("unknown_field")), "unknown_field")]
            for name in data
            if name not in known
        }
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as error:
            raise serializers.ValidationError({**as_mapping(error.detail), **wrong}) from error
        if wrong:
            raise serializers.ValidationError(wrong)
        return value

    def checked(self) -> dict[str, Any]:
        """The validated input; raises one BadValue or Several."""
        if self.is_valid():
            return dict(self.validated_data)
        refusals = self.refusals()
        raise refusals[0] if len(refusals) == 1 else Several(refusals)

    def refusals(self) -> list[Refusal]:
        """Every defect, its words taken once in each language."""
        in_zh, in_en = self._leaves("zh-hans"), self._leaves("en")
        return [
            BadValue(either(str(zh), str(en)), code=name_of(zh.code), pointer=pointer)
            for (pointer, zh), (_, en) in zip(in_zh, in_en, strict=True)
        ]

    def _leaves(self, language: str) -> list[tuple[str, ErrorDetail]]:
        with override(language):
            try:
                self.run_validation(self.initial_data)
            except serializers.ValidationError as error:
                return list(details_in(error.detail))
        return []


def as_mapping(detail: Any) -> dict[str, Any]:
    return dict(detail) if isinstance(detail, Mapping) else {"non_field_errors": detail}


class MoveSerializer(StrictSerializer):
    """A move: its verb, a note, and what the verb needs; a room adds its facts as fields that are not required."""

    verb = Text(max_length=40)
    note = Text(max_length=2000, lines=True, required=False, allow_blank=True)


class ProjectedSerializer(serializers.Serializer):
    """Output that leaves out what the reader's projection does not show.

    `person_fields` show only in FULL; in METADATA only `metadata_fields` remain.
    """

    person_fields: ClassVar[tuple[str, ...]] = ()
    metadata_fields: ClassVar[tuple[str, ...]] = ("id",)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        told: dict[str, Any] = super().to_representation(instance)
        projection = self.projection_of(instance)
        if projection is Projection.FULL:
            return told
        if projection is Projection.METADATA:
            return {name: value for name, value in told.items() if name in self.metadata_fields}
        return {name: value for name, value in told.items() if name not in self.person_fields}

    def projection_of(self, instance: Any) -> Projection:
        """That of the view; a list of mixed nouns overrides it by row."""
        return Projection(self.context.get("projection", Projection.METADATA))


class OpenMoveSerializer(serializers.Serializer):
    verb = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # the stubs take it for Field.label
    needs = serializers.ListField(child=serializers.CharField())


class ClosedMoveSerializer(serializers.Serializer):
    verb = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # the stubs take it for Field.label
    code = serializers.CharField()
    reason = serializers.CharField()
    first_at = Instant(allow_null=True)


class MovesSerializer(serializers.Serializer):
    moves = OpenMoveSerializer(many=True)
    closed = ClosedMoveSerializer(many=True)


class TimelineSerializer(ProjectedSerializer):
    """One line of a trail; METADATA shows verbs, statuses and times only, NO_PERSONS leaves out notes and names."""

    person_fields = ("note", "by")
    metadata_fields = ("seq", "verb", "source", "target", "at", "recorded_at", "hash")

    seq = serializers.IntegerField()
    verb = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # the stubs take it for Field.source
    target = serializers.CharField()
    at = Instant()
    recorded_at = Instant()
    by = serializers.CharField(source="by.username", default=None, allow_null=True)
    acting_as = serializers.CharField(required=False)
    acting_for = serializers.CharField(source="acting_for.code", default=None, allow_null=True)
    note = serializers.CharField(required=False)
    facts = serializers.JSONField(required=False)
    hash = serializers.CharField()
