"""The OpenAPI description as sections of a readable page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Property:
    name: str
    type: str
    is_required: bool
    words: str


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    words: str
    parameters: list[Property]
    takes: list[Property]
    answers: list[Property]
    statuses: list[str]


@dataclass
class Section:
    name: str
    operations: list[Operation] = field(default_factory=list)


def sections_of(schema: dict[str, Any]) -> list[Section]:
    """One section for each list, its operations in the order of their addresses."""
    found: dict[str, Section] = {}
    for path, item in sorted(schema["paths"].items()):
        name = path.removeprefix("/api/v1/").split("/")[0]
        section = found.setdefault(name, Section(name))
        section.operations += [operation_of(schema, path, name, item[name]) for name in METHODS if name in item]
    return list(found.values())


def operation_of(schema: dict[str, Any], path: str, method: str, told: dict[str, Any]) -> Operation:
    body = told.get("requestBody", {}).get("content", {})
    good: dict[str, Any] = next((answer for status, answer in told["responses"].items() if status.startswith("2")), {})
    return Operation(
        method=method.upper(),
        path=path,
        words=told.get("description", ""),
        parameters=[parameter_of(schema, one) for one in told.get("parameters", ())],
        takes=properties_of(schema, shape_in(body)),
        answers=properties_of(schema, shape_in(good.get("content", {}))),
        statuses=sorted(told["responses"]),
    )


def parameter_of(schema: dict[str, Any], one: dict[str, Any]) -> Property:
    return Property(one["name"], type_of(schema, one["schema"]), one.get("required", False), one.get("description", ""))


def shape_in(content: dict[str, Any]) -> dict[str, Any]:
    return next((one.get("schema", {}) for one in content.values()), {})


def resolved(schema: dict[str, Any], shape: dict[str, Any]) -> dict[str, Any]:
    """The shape behind references, the rows of a list or page taken for the list."""
    for wrapped in shape.get("allOf", ())[:1]:
        return resolved(schema, wrapped)
    if "$ref" in shape:
        return resolved(schema, schema["components"]["schemas"][shape["$ref"].rsplit("/", 1)[-1]])
    if shape.get("type") == "array":
        return resolved(schema, shape["items"])
    if "results" in shape.get("properties", {}):
        return resolved(schema, shape["properties"]["results"])
    return shape


def properties_of(schema: dict[str, Any], shape: dict[str, Any]) -> list[Property]:
    found = resolved(schema, shape)
    required = found.get("required", ())
    return [
        Property(name, type_of(schema, one), name in required, one.get("description", ""))
        for name, one in found.get("properties", {}).items()
    ]


def type_of(schema: dict[str, Any], shape: dict[str, Any]) -> str:
    """A short word for a type: `string`, `date-time`, `a | b | c`, `[string]`."""
    is_list = shape.get("type") == "array"
    inner = resolved(schema, shape)
    if "enum" in inner:
        word = " | ".join(str(one) for one in inner["enum"] if one)
    else:
        kinds = inner.get("type", "")
        word = inner.get("format") or (" | ".join(kinds) if isinstance(kinds, list) else str(kinds))
    return f"[{word}]" if is_list else word
