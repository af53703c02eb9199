"""Filters that page and API share: what is not declared is refused, never passed to the database."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import QuerySet

from bureau.desk.api.errors import refusals_of, unknown
from bureau.desk.refusal import Refusal, raise_all

OF_FIELDS = (
    ((forms.DateField, forms.DateTimeField, forms.TimeField), "invalid_date"),
    ((forms.IntegerField,), "invalid_number"),  # and its kin: decimal, float
    ((forms.UUIDField,), "invalid_id"),
)


class StrictFilterSet(django_filters.FilterSet):
    """A FilterSet that knows its names. `rows()` answers the filtered rows or raises every defect together."""

    passing: ClassVar[frozenset[str]] = frozenset({"cursor", "page_size", "ordering"})

    def defects(self) -> list[Refusal]:
        """Unknown names as `unknown_filter`, and values that do not fit, each with its pointer."""
        names = [name for name in self.data if name not in self.known_names() and name not in self.passing]
        found = unknown(sorted(names), "unknown_filter")
        for name, errors in self.form.errors.as_data().items():
            for error in errors:
                error.code = code_in(self.form.fields.get(name), error.code)
                found += refusals_of(error, "" if name == "__all__" else f"/{name}")
        return found

    def known_names(self) -> set[str]:
        """The names in the address: those of the filters, and of the parts of a range."""
        suffixes = {name: getattr(field.widget, "suffixes", None) for name, field in self.form.fields.items()}
        found: set[str] = set()
        for name, parts in suffixes.items():
            found |= {f"{name}_{part}" for part in parts} if parts else {name}
        return found

    def rows(self) -> QuerySet[Any]:
        raise_all(self.defects())
        found: QuerySet[Any] = self.qs
        return found


def code_in(field: forms.Field | None, code: str | None) -> str | None:
    """Django says `invalid` of everything; what is invalid is told by the field, or by the parts of a range."""
    if code != "invalid" or field is None:
        return code
    part = field.fields[0] if isinstance(field, forms.MultiValueField) else field
    return next((name for kinds, name in OF_FIELDS if isinstance(part, kinds)), code)
