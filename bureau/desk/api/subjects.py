"""How a row of the desk tells what it is about."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from rest_framework import serializers


class SubjectSerializer(serializers.Serializer):
    kind = serializers.CharField(help_text="issue, case, ...")
    id = serializers.CharField()
    number = serializers.CharField(required=False)
    title = serializers.CharField(required=False)
    url = serializers.CharField(required=False)


def told_subject(row: Any, cards: dict[Any, Any], *, with_title: bool = True) -> dict[str, Any]:
    """Kind and id, and the card's number and title when there is one."""
    told = {"kind": ContentType.objects.get_for_id(row.subject_type_id).model, "id": str(row.subject_id)}
    card = cards.get(row.subject_id)
    if card is not None:
        told |= {"number": card.number, "url": card.url}
        if with_title:
            told["title"] = str(card.title)
    return told
