"""The shape of referrals in the API."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from bureau.desk.api.fields import Instant, Text
from bureau.desk.api.serializers import MoveSerializer, OpenMoveSerializer, ProjectedSerializer, StrictSerializer
from bureau.desk.api.subjects import SubjectSerializer, told_subject
from oversight.actions.referral_effects import withdrawal_digest
from oversight.models import ReferralCandidate
from oversight.referrals import CONFIRM, REJECT, sealed_answers_of


class SealedAnswerOut(serializers.Serializer):
    """What was entered from sealed paper; `digest` is what its confirmation must name, `scan` a document."""

    id = serializers.UUIDField()
    verb = serializers.CharField()
    number = serializers.CharField()
    on = serializers.DateField()
    words = serializers.CharField()
    days = serializers.IntegerField(allow_null=True)
    scan = serializers.UUIDField(source="scan_id")
    scan_sha256 = serializers.CharField(source="scan.sha256")
    digest = serializers.CharField()
    verdict = serializers.CharField()
    reason = serializers.CharField()
    entered_by = serializers.CharField(source="entered_by.username")
    entered_at = Instant()
    judged_by = serializers.CharField(source="judged_by.username", allow_null=True, default=None)
    judged_at = Instant(allow_null=True)


class SealedAnswerIn(StrictSerializer):
    """What the paper says: the move of district supervision by its verb, with number, date and scan of the paper."""

    verb = Text(max_length=24)
    number = Text(max_length=60)
    on = serializers.DateField()
    words = Text(max_length=1000, lines=True, required=False)
    days = serializers.IntegerField(required=False)
    scan = serializers.FileField(allow_empty_file=True)


class SealedVerdictIn(StrictSerializer):
    """`confirm` names the `digest` of what was entered, `reject` gives a `reason`."""

    verdict = serializers.ChoiceField(choices=(CONFIRM, REJECT))
    digest = Text(max_length=64, required=False)
    reason = Text(max_length=1000, lines=True, required=False)


class ReferralRow(ProjectedSerializer):
    metadata_fields: ClassVar[tuple[str, ...]] = ("id", "number", "status", "unit", "handed_over_at")

    id = serializers.UUIDField()
    number = serializers.CharField(allow_null=True)
    serial = serializers.IntegerField(allow_null=True)
    year = serializers.IntegerField(allow_null=True)
    status = serializers.ChoiceField(choices=ReferralCandidate.Status.choices)
    unit = serializers.CharField(source="unit_id", allow_null=True)
    owed_by = serializers.CharField(source="owed_by.code", allow_null=True, default=None)
    subject = serializers.SerializerMethodField()
    reached_at = Instant()
    decide_by = Instant()
    decided_at = Instant(allow_null=True)
    handed_over_at = Instant(allow_null=True)
    received_at = Instant(allow_null=True)
    withdrawn_at = Instant(allow_null=True)
    is_received_on_paper = serializers.BooleanField()
    is_outcome_on_paper = serializers.BooleanField()

    @extend_schema_field(SubjectSerializer)
    def get_subject(self, referral: ReferralCandidate) -> dict[str, Any]:
        return told_subject(referral, {})


class ReferralOut(ReferralRow):
    """One referral with its reasons, the hash that an approval must name, and what is open to the caller."""

    reason = serializers.CharField()
    words = serializers.CharField()
    digest = serializers.CharField()
    decided_by = serializers.CharField(source="decided_by.username", allow_null=True, default=None)
    approved_by = serializers.CharField(source="approved_by.username", allow_null=True, default=None)
    received_by = serializers.CharField(source="received_by.username", allow_null=True, default=None)
    sealed_answers = serializers.SerializerMethodField()
    handled_at = Instant(allow_null=True)
    withdrawal_words = serializers.CharField()
    withdrawal_digest = serializers.SerializerMethodField()
    withdrawal_asked_by = serializers.CharField(source="withdrawal_asked_by.username", allow_null=True, default=None)
    withdrawn_by = serializers.CharField(source="withdrawn_by.username", allow_null=True, default=None)
    outcome_words = serializers.CharField()
    outcome_at = Instant(allow_null=True)
    correction_days = serializers.IntegerField(allow_null=True)
    moves = OpenMoveSerializer(source="told_moves", many=True)

    @extend_schema_field(SealedAnswerOut(many=True))
    def get_sealed_answers(self, referral: ReferralCandidate) -> Any:
        return SealedAnswerOut(sealed_answers_of(referral), many=True).data

    def get_withdrawal_digest(self, referral: ReferralCandidate) -> str:
        """What `withdraw` must name; empty while nobody asked for a withdrawal."""
        return withdrawal_digest(referral) if referral.withdrawal_asked_at else ""


class SeriesOut(serializers.Serializer):
    """The numbers of a year: up to `last`, as the counter has it; `missing` were taken and are not there."""

    year = serializers.IntegerField()
    last = serializers.IntegerField()
    missing = serializers.ListField(child=serializers.IntegerField())
    withdrawn = serializers.ListField(child=serializers.IntegerField())
    unreceived = serializers.ListField(child=serializers.IntegerField())


class ReferralMove(MoveSerializer):
    """What a verb needs: `reason` and `words` for a decision, `digest` to approve, `words` and `days` to correct."""

    reason = Text(max_length=16, required=False)
    words = Text(max_length=1000, lines=True, required=False)
    digest = Text(max_length=64, required=False)
    days = serializers.IntegerField(required=False)
