"""One answer as XML or as JSON: in XML nested elements below a root, in JSON a bare array or object."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement, tostring

from django.http import HttpResponse

TYPES: Final = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
UNWRITABLE: Final = dict.fromkeys([*range(0x20), 0xFFFE, 0xFFFF])  # XML 1.0 has no place for them
for kept in (0x09, 0x0A, 0x0D):
    UNWRITABLE.pop(kept)


@dataclass(frozen=True)
class Shape:
    """Names of the elements: the root, and each member of a list by the name of that list."""

    root: str
    members: Mapping[str, str]


def answer(told: Any, shape: Shape, form: str, status: int = 200) -> HttpResponse:
    """Values are str, bool, int, float, lists and mappings of them; a value of None is left out of both."""
    bare = without_nothing(told)
    body = json.dumps(bare, ensure_ascii=False) if form == "json" else as_xml(bare, shape)
    return HttpResponse(body, content_type=TYPES[form], status=status)


def without_nothing(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: without_nothing(inner) for name, inner in value.items() if inner is not None}
    return [without_nothing(inner) for inner in value] if isinstance(value, list) else value


def as_xml(told: Any, shape: Shape) -> bytes:
    root = Element(shape.root)
    fill(root, told, shape, shape.root)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def fill(element: Element, value: Any, shape: Shape, name: str) -> None:
    if isinstance(value, list):
        for member in value:
            fill(SubElement(element, shape.members[name]), member, shape, shape.members[name])
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            fill(SubElement(element, key), inner, shape, key)
    else:
        element.text = str(value).lower() if isinstance(value, bool) else str(value).translate(UNWRITABLE)
