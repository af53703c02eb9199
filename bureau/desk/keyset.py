"""Paging by the last row seen, both ways: the cost of a page does not grow with its depth.

An order is a tuple of field names, each with `-` for descending, that ends in a unique one. Nulls stand last in an
ascending field and first in a descending one, as PostgreSQL has it.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import F, Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from bureau.desk.refusal import BadValue


@dataclass(frozen=True)
class Place:
    """A place between two rows: the values of the order at one row, and the side that is asked for."""

    order: tuple[str, ...]
    values: tuple[Any, ...]
    is_backward: bool = False


@dataclass(frozen=True)
class Slice:
    """Rows in the asked order, and the places before and after them, if rows lie there."""

    rows: list[Any]
    next: Place | None
    previous: Place | None


def slice_of(queryset: QuerySet, order: Sequence[str], place: Place | None, size: int) -> Slice:
    """At most `size` rows after (or before) the place, in one query."""
    order = tuple(order)
    backward = place is not None and place.is_backward
    asked = tuple(turned(name) for name in order) if backward else order
    rows = queryset.order_by(*(expression_of(name) for name in asked))
    if place is not None:
        rows = rows.filter(beyond(queryset.model, asked, place.values))
    found = list(rows[: size + 1])
    has_more = len(found) > size
    found = found[:size][::-1] if backward else found[:size]
    if not found:
        return Slice([], None, None)
    has_before, has_after = (has_more, True) if backward else (place is not None, has_more)
    return Slice(
        found,
        Place(order, values_at(found[-1], order)) if has_after else None,
        Place(order, values_at(found[0], order), is_backward=True) if has_before else None,
    )


def turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def expression_of(name: str) -> Any:
    field = F(name.lstrip("-"))
    return field.desc(nulls_first=True) if name.startswith("-") else field.asc(nulls_last=True)


def beyond(model: type[Model], order: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows after these values in this order: past the first field, or level with it and past the rest."""
    name, value = order[0].lstrip("-"), values[0]
    is_descending = order[0].startswith("-")
    level = Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value})
    past = past_of(name, value, is_descending=is_descending, has_nulls=may_be_null(model, name))
    if len(order) == 1:
        return past
    found = past | (level & beyond(model, order[1:], values[1:]))
    if value is not None and not (may_be_null(model, name) and not is_descending):
        found &= Q(**{f"{name}__{'lte' if is_descending else 'gte'}": value})  # lets the index begin here
    return found


def past_of(name: str, value: Any, *, is_descending: bool, has_nulls: bool) -> Q:
    if value is None:
        return Q(**{f"{name}__isnull": False}) if is_descending else Q(pk__in=[])
    past = Q(**{f"{name}__{'lt' if is_descending else 'gt'}": value})
    return past | Q(**{f"{name}__isnull": True}) if has_nulls and not is_descending else past


def may_be_null(model: type[Model], name: str) -> bool:
    """Whether a field may be null; what is no plain field of the model may."""
    try:
        return name != "pk" and bool(getattr(model._meta.get_field(name), "null", True))
    except FieldDoesNotExist:
        return True


def values_at(row: Any, order: Sequence[str]) -> tuple[Any, ...]:
    return tuple(value_at(row, name.lstrip("-")) for name in order)


def value_at(row: Any, name: str) -> Any:
    for step in name.split("__"):
        row = getattr(row, step)
    return row


def written(place: Place) -> str:
    """The place as opaque text for an address."""
    content = [list(place.order), list(place.values), place.is_backward]
    raw = json.dumps(content, cls=DjangoJSONEncoder, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def read(text: str, queryset: QuerySet, order: Sequence[str]) -> Place:
    """The place in this text; BadValue `invalid_cursor` when it is not one of this list in this order."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        kept, values, is_backward = json.loads(raw)
        place = Place(tuple(kept), tuple(values), bool(is_backward))
        if place.order != tuple(order) or len(place.values) != len(place.order):
            raise ValueError
        if any(not isinstance(value, (str, int, float, bool, type(None))) for value in place.values):
            raise ValueError
        queryset.filter(beyond(queryset.model, place.order, place.values))  # every value fits its field
    except (ValueError, TypeError, RecursionError, binascii.Error, ValidationError) as error:
        raise unreadable() from error
    return place


def unreadable() -> BadValue:
    return BadValue(
        _("This cursor was not given by this list. Begin again without it."), code="invalid_cursor", pointer="/cursor"
    )
