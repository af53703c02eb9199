"""The shape of papers, their answers and their moves in the API."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from bureau.desk.api.fields import Choice, Id, Instant, Text, Whole
from bureau.desk.api.serializers import MoveSerializer, OpenMoveSerializer, ProjectedSerializer, StrictSerializer
from bureau.desk.api.subjects import SubjectSerializer, told_subject
from oversight.actions import LONGEST_REPLY
from oversight.actions.papers import LONGEST_NAME, LONGEST_REASON, MOST_FILES
from oversight.models import Paper, PaperDraft, PaperReply, PaperWithdrawal


class PaperRow(ProjectedSerializer):
    metadata_fields: ClassVar[tuple[str, ...]] = ("id", "number", "kind", "status", "unit", "issued_at")

    id = serializers.UUIDField()
    number = serializers.CharField()
    kind = serializers.CharField()
    status = serializers.ChoiceField(choices=Paper.Status.choices)
    unit = serializers.CharField(source="unit_id", allow_null=True)
    to_organisation = serializers.CharField(source="to_organisation.code")
    owed_by = serializers.CharField(source="owed_by.code", allow_null=True, default=None)
    subject = serializers.SerializerMethodField()
    red_at = Instant(allow_null=True)
    rectify_by = Instant(allow_null=True)
    issued_at = Instant()
    is_late = serializers.BooleanField()
    received_at = Instant(allow_null=True)
    replied_at = Instant(allow_null=True)
    withdrawn_at = Instant(allow_null=True)

    @extend_schema_field(SubjectSerializer)
    def get_subject(self, paper: Paper) -> dict[str, Any]:
        told = told_subject(paper, {})
        return told | {"number": paper.facts["number"], "title": paper.facts["type"]}


class FileOut(serializers.Serializer):
    """A file that goes with an answer; its bytes are at `documents/{id}/` of the pages."""

    id = serializers.UUIDField()
    file_name = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()


class ReplyOut(serializers.Serializer):
    """One answer and what the issuing body made of it."""

    id = serializers.UUIDField()
    serial = serializers.IntegerField()
    text = serializers.CharField()
    by = serializers.CharField(source="by.username")
    at = Instant()
    files = FileOut(many=True)
    verdict = serializers.ChoiceField(choices=PaperReply.Verdict.choices, allow_blank=True)
    reason = serializers.CharField()
    days = serializers.IntegerField(allow_null=True)
    judged_by = serializers.CharField(source="judged_by.username", allow_null=True, default=None)
    judged_at = Instant(allow_null=True)


class WithdrawalOut(serializers.Serializer):
    """A proposal to take the paper back, and what a second person said."""

    id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=PaperWithdrawal.Status.choices)
    words = serializers.CharField()
    proposed_by = serializers.CharField(source="proposed_by.username")
    proposed_at = Instant()
    decided_by = serializers.CharField(source="decided_by.username", allow_null=True, default=None)
    decided_at = Instant(allow_null=True)
    remark = serializers.CharField()


class PaperOut(PaperRow):
    """One paper with all that it says, every answer to it, and what is open to the caller."""

    facts = serializers.JSONField()
    received_by = serializers.CharField(source="received_by.username", allow_null=True, default=None)
    receiver_name = serializers.CharField()
    served_by = serializers.CharField(source="served_by.username", allow_null=True, default=None)
    replies = ReplyOut(source="told_replies", many=True)
    withdrawals = WithdrawalOut(source="told_withdrawals", many=True)
    moves = OpenMoveSerializer(source="told_moves", many=True)


class ReplyIn(StrictSerializer):
    text = Text(max_length=LONGEST_REPLY, lines=True)
    files = serializers.ListField(
        child=serializers.FileField(allow_empty_file=True), max_length=MOST_FILES, required=False
    )


class PaperMove(MoveSerializer):
    """What a verb needs: `text` to answer, `words` and perhaps `days` to judge an answer, `receiver` and `served_at`
    (perhaps `served_by`, a user name of the bureau) for service on paper."""

    text = Text(max_length=LONGEST_REPLY, lines=True, required=False)
    words = Text(max_length=LONGEST_REASON, lines=True, required=False)
    days = Whole(required=False)
    receiver = Text(max_length=LONGEST_NAME, required=False)
    served_at = Instant(required=False)
    served_by = Text(max_length=150, required=False)


class WithdrawalIn(StrictSerializer):
    """`propose` and `refuse` need `words`; `grant` needs none."""

    verb = Choice(choices=["propose", "grant", "refuse"])
    words = Text(max_length=LONGEST_REASON, lines=True, required=False, allow_blank=True)


class DraftRow(ProjectedSerializer):
    """A notice by hand that waits, was issued (`paper`) or discarded."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=Paper.Kind.choices)
    status = serializers.ChoiceField(choices=PaperDraft.Status.choices)
    unit = serializers.CharField(source="unit_id", allow_null=True)
    owed_by = serializers.CharField(source="owed_by.code", allow_null=True, default=None)
    subject = serializers.SerializerMethodField()
    words = serializers.CharField()
    rectify_by = Instant()
    is_red = serializers.SerializerMethodField()
    drafted_by = serializers.CharField(source="drafted_by.username")
    drafted_at = Instant()
    paper = serializers.UUIDField(source="paper_id", allow_null=True)

    @extend_schema_field(SubjectSerializer)
    def get_subject(self, draft: PaperDraft) -> dict[str, Any]:
        return told_subject(draft, {})

    def get_is_red(self, draft: PaperDraft) -> bool:
        return draft.clock_id is not None


class DraftOut(DraftRow):
    moves = OpenMoveSerializer(source="told_moves", many=True)


class DraftIn(StrictSerializer):
    """`noun` is `grid.issue` or `cases.case`, `subject` its id."""

    noun = Choice(choices=["grid.issue", "cases.case"])
    subject = Id()
    kind = Choice(choices=Paper.Kind.choices)
    words = Text(max_length=LONGEST_REASON, lines=True)
    rectify_by = Instant()


class DraftMove(MoveSerializer):
    """`amend` needs `words` and `rectify_by`."""

    words = Text(max_length=LONGEST_REASON, lines=True, required=False)
    rectify_by = Instant(required=False)
