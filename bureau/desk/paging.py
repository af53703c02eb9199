"""Pages of a list by key, not by number: a page costs the same at any depth, and rows that come do not shift it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, Generic, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from django.core import signing
from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.utils.translation import gettext_lazy as _

from bureau.desk.refusal import BadValue

Row = TypeVar("Row", bound=Model)
PARAMETER: Final = "cursor"
COUNTED: Final = -1
PAGE: Final = 50
READERS: Final[dict[str, Callable[[str], Any]]] = {
    "at": datetime.fromisoformat,
    "on": date.fromisoformat,
    "id": UUID,
    "dec": Decimal,
}


@dataclass(frozen=True)
class Key:
    """One field of an order. `path` is what the query calls it, `name` what a row calls it."""

    path: str
    name: str
    descending: bool
    nulls_first: bool
    nullable: bool

    def reversed(self) -> Key:
        return replace(self, descending=not self.descending, nulls_first=not self.nulls_first)

    def as_order(self) -> OrderBy:
        nulls = {"nulls_first": True} if self.nulls_first else {"nulls_last": True}
        return OrderBy(F(self.path), descending=self.descending, **(nulls if self.nullable else {}))

    def equal(self, value: Any) -> Q:
        return Q(**{f"{self.path}__isnull": True}) if value is None else Q(**{self.path: value})

    def after(self, value: Any, *, inclusive: bool = False) -> Q | None:
        """Rows that stand behind `value`, or with `inclusive` also on it; None when there can be none."""
        if value is None:
            behind = Q(**{f"{self.path}__isnull": False}) if self.nulls_first else None
            return (behind | self.equal(None) if behind else self.equal(None)) if inclusive else behind
        lookup = ("lt" if self.descending else "gt") + ("e" if inclusive else "")
        found = Q(**{f"{self.path}__{lookup}": value})
        return found | Q(**{f"{self.path}__isnull": True}) if self.nullable and not self.nulls_first else found


@dataclass(frozen=True)
class Page(Generic[Row]):
    """The rows of one page; `next` and `previous` are cursors or None; `total` is None when it was not asked for."""

    rows: list[Row]
    next: str | None
    previous: str | None
    total: int | None
    params: Mapping[str, Any]

    @property
    def next_url(self) -> str | None:
        return self._url(self.next)

    @property
    def previous_url(self) -> str | None:
        return self._url(self.previous)

    def _url(self, cursor: str | None) -> str | None:
        """The address of that page relative to this one; every filter stays."""
        if cursor is None:
            return None
        lists = self.params.lists() if hasattr(self.params, "lists") else self.params.items()
        kept = [(name, value) for name, value in lists if name != PARAMETER]
        return "?" + urlencode([*kept, (PARAMETER, cursor)], doseq=True)


def page_of(
    queryset: QuerySet[Row], params: Mapping[str, Any], size: int = PAGE, total: int | None = COUNTED
) -> Page[Row]:
    """The page that `params["cursor"]` asks for, of `size` rows at most, in the queryset's own order.

    The order is made total by the primary key. `total` is counted (one query) unless given; None leaves it out.
    Raises BadValue `bad_cursor` for a cursor that was not made by this list in this order.
    """
    keys = keys_of(queryset)
    salt = f"page:{queryset.model._meta.label_lower}:{[(key.path, key.descending) for key in keys]}"
    cursor = str(params.get(PARAMETER) or "")
    backward, values = read_cursor(cursor, salt, len(keys)) if cursor else (False, None)
    count = queryset.count() if total == COUNTED else total
    rows = rows_of(queryset, [key.reversed() for key in keys] if backward else keys, values, size + 1)
    has_more, rows = len(rows) > size, rows[:size]
    if backward:
        rows.reverse()
    goes_on, came_from = (bool(cursor), has_more) if backward else (has_more, bool(cursor))
    return Page(
        rows,
        cursor_at(rows[-1], keys, salt, backward=False) if goes_on and rows else None,
        cursor_at(rows[0], keys, salt, backward=True) if came_from and rows else None,
        count,
        params,
    )


def rows_of(queryset: QuerySet[Row], keys: Sequence[Key], values: Sequence[Any] | None, number: int) -> list[Row]:
    """The first rows behind `values` in the order of `keys`."""
    far = {key.name: F(key.path) for key in keys if key.name != key.path}
    found = queryset.annotate(**far) if far else queryset
    if values is not None:
        found = found.filter(behind(keys, values))
    return list(found.order_by(*(key.as_order() for key in keys))[:number])


def behind(keys: Sequence[Key], values: Sequence[Any]) -> Q:
    """Lexicographic "greater than"; the first key also bounds alone, so that an index on it can be entered there."""
    any_of, same = Q(), Q()
    for key, value in zip(keys, values, strict=True):
        later = key.after(value)
        if later is not None:
            any_of |= same & later
        same &= key.equal(value)
    bound = keys[0].after(values[0], inclusive=True)
    return bound & any_of if bound is not None else any_of


def keys_of(queryset: QuerySet[Any]) -> list[Key]:
    """The explicit order of the queryset, else that of its model, ended by the primary key."""
    query = queryset.query
    terms = list(query.order_by) or list(queryset.model._meta.ordering)
    keys = [key_of(term, queryset) for term in terms]
    primary = queryset.model._meta.pk
    names = [key.path for key in keys]
    for place, path in enumerate(names):
        if path in ("pk", primary.name, primary.attname):
            return keys[: place + 1]
    return [*keys, key_of("pk", queryset)]


def key_of(term: Any, queryset: QuerySet[Any]) -> Key:
    """One term of an order as a key; PostgreSQL has nulls last going up and first going down."""
    if isinstance(term, str):
        path, descending, nulls_first = term.lstrip("-"), term.startswith("-"), term.startswith("-")
    elif isinstance(term, OrderBy) and isinstance(term.expression, F):
        path, descending = str(term.expression.name), term.descending  # type: ignore[attr-defined]
        nulls_first = bool(term.nulls_first) or (descending and not term.nulls_last)
    elif isinstance(term, F):
        path, descending, nulls_first = str(term.name), False, False  # type: ignore[attr-defined]
    else:
        raise TypeError(f"{term!r}: order a paged list by named fields or annotations.")
    return Key(path, path.replace("__", "_of_"), descending, nulls_first, is_nullable(path, queryset))


def is_nullable(path: str, queryset: QuerySet[Any]) -> bool:
    """False only for a column of the model itself that refuses nulls."""
    if path == "pk":
        return False
    if path in queryset.query.annotations:
        return True
    try:
        return bool(getattr(queryset.model._meta.get_field(path.removesuffix("_id")), "null", True))
    except FieldDoesNotExist:
        return True


def cursor_at(row: Any, keys: Sequence[Key], salt: str, *, backward: bool) -> str:
    return signing.dumps([int(backward), *(written(getattr(row, key.name)) for key in keys)], salt=salt)


def read_cursor(cursor: str, salt: str, number: int) -> tuple[bool, list[Any]]:
    try:
        backward, *values = signing.loads(cursor, salt=salt)
        if len(values) != number:
            raise signing.BadSignature
    except signing.BadSignature as error:
        raise BadValue(
            _("This page mark does not belong to this list. Begin again at the first page."),
            code="bad_cursor",
            pointer=f"/{PARAMETER}",
        ) from error
    return bool(backward), [read(value) for value in values]


def written(value: Any) -> Any:
    """A value as JSON; what JSON has no word for is a pair of its kind and its text."""
    if isinstance(value, datetime):
        return ["at", value.isoformat()]
    if isinstance(value, date):
        return ["on", value.isoformat()]
    if isinstance(value, UUID):
        return ["id", str(value)]
    return ["dec", str(value)] if isinstance(value, Decimal) else value


def read(value: Any) -> Any:
    return READERS[value[0]](value[1]) if isinstance(value, list) else value
