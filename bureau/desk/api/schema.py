"""OpenAPI 3.1 as it is served: problems as the errors of every operation, keys and sessions as its doors."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem details; `errors` names every defect with its field and its words.",
    "required": ["type", "title", "status", "detail", "instance", "trace_id", "code", "errors"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string", "format": "uri-reference"},
        "trace_id": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
        "code": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "zh", "en"],
                "properties": {
                    "pointer": {"type": "string", "description": "JSON pointer of the field, or empty."},
                    "code": {"type": "string"},
                    "zh": {"type": "string"},
                    "en": {"type": "string"},
                },
            },
        },
        "open": {"type": "array", "items": {"type": "string"}, "description": "Verbs that are open instead."},
        "first_at": {"type": "string", "format": "date-time", "description": "The first lawful instant."},
        "current": {"type": "string", "description": "The present ETag."},
    },
}
ALWAYS = ("400", "401", "403", "406", "429", "500", "503")
OF_ONE = ("404",)
OF_CHANGE = ("409", "413", "415", "422")


class PortalSchema(AutoSchema):
    """Reads `create_serializer_class` and `move_serializer_class`, and adds headers and problems."""

    def _is_list_view(self, serializer: Any = None) -> bool:
        """A GET that is answered in pages is a list."""
        if self.method == "GET" and getattr(self.view, "pagination_class", None) is not None:
            return True
        return bool(super()._is_list_view(serializer))

    def get_request_serializer(self) -> Any:
        view: Any = self.view
        for name in ("create_serializer_class", "move_serializer_class"):
            if self.method == "POST" and getattr(view, name, None) is not None:
                return getattr(view, name)
        return super().get_request_serializer()

    def get_override_parameters(self) -> list[Any]:
        found = list(super().get_override_parameters())
        if self.method == "POST":
            found.append(header("Idempotency-Key", "The same key and body get the same answer. Partners must send it."))
        if self.method in ("POST", "PUT", "PATCH") and hasattr(self.view, "move_serializer_class"):
            found.append(header("If-Match", "The ETag that was read; a stale one is answered 412."))
        return found

    def get_response_serializers(self) -> Any:
        view: Any = self.view
        if self.method == "POST" and getattr(view, "create_serializer_class", None) is not None:
            return {201: view.get_serializer()}
        return super().get_response_serializers()

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        for status in self._problem_statuses():
            bodies.setdefault(status, problem_body())
        return bodies

    def _problem_statuses(self) -> list[str]:
        found = list(ALWAYS)
        if "{" in self.path:
            found += OF_ONE
        if self.method != "GET":
            found += OF_CHANGE
        if hasattr(self.view, "move_serializer_class") and self.method == "POST":
            found.append("412")
        return sorted(found)


def header(name: str, words: str) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, required=False, description=words)


def problem_body() -> dict[str, Any]:
    return {
        "description": "A problem.",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def add_problem(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Postprocessing hook: the shape of a problem, once."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    return result
