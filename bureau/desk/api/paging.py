"""Lists of the API: `{"next", "previous", "results"}` by cursor, in an order that is allowed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from bureau.desk.api.errors import unknown, words_of
from bureau.desk.paging import Page, page_of
from bureau.desk.refusal import BadValue

USUAL, LARGEST = 50, 200


class CursorPages(BasePagination):
    """The view names its `orderings`, `{"due_at": ("due_at", "pk")}`; the first is the usual one, `-name` turns it."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        ordered = queryset.order_by(*order_asked(request, view.orderings))
        self.here = request.build_absolute_uri(request.path)
        self.page: Page[Any] = page_of(ordered, request.query_params, size_asked(request), total=None)
        return self.page.rows

    def get_paginated_response(self, data: Any) -> Response:
        return Response(
            {"next": self.link(self.page.next_url), "previous": self.link(self.page.previous_url), "results": data}
        )

    def link(self, query: str | None) -> str | None:
        return f"{self.here}{query}" if query else None

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri", "description": "Follow it as it is."}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        names = [shown for name in view.orderings for shown in (name, turned(name))]
        found = [
            parameter("cursor", {"type": "string"}, "From `next` or `previous` of this list."),
            parameter("page_size", {"type": "integer", "minimum": 1, "maximum": LARGEST, "default": USUAL}, "Rows."),
        ]
        if names:
            found.append(parameter("ordering", {"type": "string", "enum": names, "default": names[0]}, "The order."))
        return found


def parameter(name: str, schema: dict[str, Any], words: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": words}


def size_asked(request: Request) -> int:
    """`page_size`, 1 to 200; 50 unless said. BadValue `invalid_number`, `too_small` or `too_large`."""
    text = request.query_params.get("page_size")
    if text is None:
        return USUAL
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadValue(words_of("invalid_number"), code="invalid_number", pointer="/page_size")
    if not 1 <= int(text) <= LARGEST:
        code = "too_large" if int(text) else "too_small"
        raise BadValue(_("Ask for 1 to 200 rows a page."), code=code, pointer="/page_size")
    return int(text)


def order_asked(request: Request, orderings: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The fields of the order asked for; BadValue `unknown_ordering` when the list does not offer it."""
    name = request.query_params.get("ordering") or next(iter(orderings))
    if name in orderings:
        return tuple(orderings[name])
    opposite = turned(name)
    if opposite not in orderings:
        raise unknown(["ordering"], "unknown_ordering")[0]
    return tuple(turned(field) for field in orderings[opposite])


def turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"
