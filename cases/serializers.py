"""The shape of enforcement cases in the API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from bureau.desk.api.fields import Choice, Day, Id, Instant, Phone, Text, YesNo
from bureau.desk.api.serializers import MoveSerializer, OpenMoveSerializer, ProjectedSerializer, StrictSerializer
from cases.models import Case, Party
from grid.serializers import ClockOut

SHOWN_TO_ALL = (
    "id", "number", "lead_number", "filing_number", "filed_on", "status", "light", "due_at", "unit", "handled_by",
    "power", "edition", "opened_at",
)  # fmt: skip


class PartyIn(StrictSerializer):
    kind = Choice(choices=Party.Kind.choices)
    name = Text(max_length=80)
    phone = Phone(required=False, allow_blank=True)
    address = Text(max_length=200, required=False, allow_blank=True)


class CaseCreate(StrictSerializer):
    """A lead; what the law asks of it is said by the action, all together."""

    issue = Id(required=False, allow_null=True)
    power = Text(max_length=20)
    act_on = Day()
    discovered_on = Day()
    party = PartyIn()
    place = Text(max_length=200)
    officers = serializers.ListField(child=Text(max_length=40), max_length=20)
    continuing = YesNo(required=False)
    continuing_reason = Text(max_length=200, required=False, allow_blank=True)


class CaseMove(MoveSerializer):
    """What a verb needs: `reason` to withdraw, `note` to return for completion."""

    reason = Text(max_length=200, required=False)


class CaseRow(ProjectedSerializer):
    """One row of the list, of `Case.objects.for_list(at)`; the party in full only to whom it may be shown."""

    person_fields = ("party",)
    metadata_fields = SHOWN_TO_ALL

    id = serializers.UUIDField()
    number = serializers.CharField()
    lead_number = serializers.CharField()
    filing_number = serializers.CharField(allow_blank=True)
    filed_on = serializers.DateField(allow_null=True)
    status = serializers.ChoiceField(choices=Case.Status.choices)
    light = serializers.CharField(allow_null=True)
    due_at = Instant(source="clock_due_at", allow_null=True)
    unit = serializers.CharField(source="unit_id")
    handled_by = serializers.CharField(source="handled_by.code")
    power = serializers.CharField(source="power.code")
    edition = serializers.CharField(source="power.edition_id")
    issue = serializers.UUIDField(source="issue_id", allow_null=True, required=False)
    place = serializers.CharField(required=False)
    act_on = serializers.DateField(required=False)
    discovered_on = serializers.DateField(required=False)
    officers = serializers.SerializerMethodField(required=False)
    party = serializers.SerializerMethodField(required=False)
    opened_at = Instant()

    def get_officers(self, case: Case) -> list[str]:
        return [officer.username for officer in case.officers]

    def get_party(self, case: Case) -> dict[str, Any]:
        party, reader = case.party, self.context["request"].user
        told: dict[str, Any] = {"kind": party.kind, "name": party.name_for(reader)}
        if case.shows_party_to(reader):
            told |= {"phone": party.phone, "address": party.address}
        return {**told, "is_masked": not case.shows_party_to(reader)}


class CaseOut(CaseRow):
    """One case with its clocks and the moves open to me."""

    continuing = serializers.BooleanField(source="is_continuing", required=False)
    continuing_reason = serializers.CharField(required=False)
    clocks = ClockOut(source="told_clocks", many=True)
    moves = OpenMoveSerializer(source="told_moves", many=True)

    metadata_fields = (*SHOWN_TO_ALL, "clocks", "moves")
