"""How the list is told to machines; it holds nothing about persons."""

from __future__ import annotations

from rest_framework import serializers


class EditionOut(serializers.Serializer):
    code = serializers.CharField()
    name_zh = serializers.CharField()
    name_en = serializers.CharField()
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True)
    is_reference = serializers.BooleanField()
    note = serializers.CharField()


class PowerOut(serializers.Serializer):
    code = serializers.CharField()
    edition = serializers.CharField(source="edition_id")
    category = serializers.CharField()
    domain = serializers.CharField()
    name_zh = serializers.CharField()
    name_en = serializers.CharField()
    legal_basis_zh = serializers.CharField()
    penalty_kinds = serializers.ListField(child=serializers.CharField())
    fine_min = serializers.DecimalField(max_digits=12, decimal_places=2, allow_null=True)
    fine_max = serializers.DecimalField(max_digits=12, decimal_places=2, allow_null=True)
    fine_unit = serializers.CharField()
    subject = serializers.CharField()
    issue_type = serializers.CharField(source="issue_type_hint")
    simple_procedure_possible = serializers.BooleanField()
    confidence = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # the column's own name, which the field class also uses
    valid_from = serializers.DateField(source="edition.valid_from")
    valid_to = serializers.DateField(source="edition.valid_to", allow_null=True)
    is_reference = serializers.BooleanField(source="edition.is_reference")


class HandbookItemOut(serializers.Serializer):
    code = serializers.CharField()
    edition = serializers.CharField(source="edition_id")
    name_zh = serializers.CharField()
    name_en = serializers.CharField()
    kind = serializers.CharField()
    power = serializers.CharField(source="power.code", allow_null=True, default=None)
    responsible_level = serializers.CharField()
    steps = serializers.ListField(child=serializers.CharField())
    confidence = serializers.CharField()


class PowerDetailOut(PowerOut):
    handbook = HandbookItemOut(many=True, source="handbook_items.all")
