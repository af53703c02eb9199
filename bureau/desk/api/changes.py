"""`changes/?cursor=`: every created and moved row in order, for a year. Follow `next` for ever; it is never null."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from bureau.desk.api.errors import words_of
from bureau.desk.api.fields import Instant
from bureau.desk.api.paging import size_asked
from bureau.desk.api.serializers import ProjectedSerializer
from bureau.desk.api.subjects import SubjectSerializer, told_subject
from bureau.desk.api.views import ApiView
from bureau.desk.changes import KEPT_FOR, horizon, settled_lines
from bureau.desk.fence import cards_of, fenced, sights_of
from bureau.desk.models.entry import Entry
from bureau.desk.refusal import BadValue
from bureau.desk.scope import Projection

LARGEST_ID = 2**63 - 1


class ChangeSerializer(ProjectedSerializer):
    """One line of one trail. `at` is when it was done, `recorded_at` when it was written down."""

    person_fields = ("note", "by")
    metadata_fields = ("id", "subject", "verb", "source", "target", "at", "recorded_at")

    id = serializers.CharField()
    subject = serializers.SerializerMethodField()
    verb = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # the stubs take it for Field.source
    target = serializers.CharField()
    at = Instant()
    recorded_at = Instant()
    unit = serializers.CharField(source="unit_id", allow_null=True, required=False)
    by = serializers.CharField(source="by.username", default=None, allow_null=True)
    acting_as = serializers.CharField(required=False)
    note = serializers.CharField(required=False)
    facts = serializers.JSONField(required=False)

    def projection_of(self, instance: Entry) -> Projection:
        sight = self.context["sights"].get(instance.subject_type_id)
        return sight.projection if sight else Projection.METADATA

    @extend_schema_field(SubjectSerializer)
    def get_subject(self, entry: Entry) -> dict[str, Any]:
        is_full = self.projection_of(entry) is Projection.FULL
        return told_subject(entry, self.context["cards"], with_title=is_full)


class Changes(ApiView):
    scope_name = "changes"
    serializer_class = ChangeSerializer
    queryset = Entry.objects.all()
    parameters = frozenset({"cursor", "page_size"})

    @extend_schema(
        parameters=[OpenApiParameter("cursor", str), OpenApiParameter("page_size", int)],
        responses=inline_serializer(
            "ChangePage",
            {
                "next": serializers.URLField(help_text="Ask here again later, also when nothing new is told now."),
                "previous": serializers.URLField(allow_null=True),
                "results": ChangeSerializer(many=True),
            },
        ),
    )
    def get(self, request: Request) -> Response:
        """Every created and moved row in the order of recording; keep `next` and ask it again."""
        after, size = cursor_read(request.query_params.get("cursor")), size_asked(request)
        until = horizon()
        lines = settled_lines(self.lines_after(after)[:size], until)
        context = {"cards": cards_of(lines), "sights": sights_of(request.user), "request": request}
        last = lines[-1].pk if lines else after
        return Response(
            {
                "next": replace_query_param(request.build_absolute_uri(), "cursor", cursor_written(last)),
                "previous": None,
                "results": ChangeSerializer(lines, many=True, context=context).data,
            }
        )

    def lines_after(self, after: int) -> QuerySet[Entry]:
        found = fenced(Entry.objects.all(), self.request.user).filter(pk__gt=after)
        return found.filter(recorded_at__gte=self.now() - KEPT_FOR).select_related("by").order_by("pk")


def cursor_written(number: int) -> str:
    return base64.urlsafe_b64encode(f"c{number}".encode()).decode().rstrip("=")


def cursor_read(text: str | None) -> int:
    """The number in a cursor of this list, 0 without one; BadValue `bad_cursor`."""
    if not text:
        return 0
    try:
        plain = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode()
    except (ValueError, binascii.Error) as error:
        raise foreign_cursor() from error
    digits = plain[1:]
    if plain[:1] != "c" or not (digits.isascii() and digits.isdigit()) or len(digits) > 19 or int(digits) > LARGEST_ID:
        raise foreign_cursor()
    return int(digits)


def foreign_cursor() -> BadValue:
    return BadValue(words_of("bad_cursor"), code="bad_cursor", pointer="/cursor")
