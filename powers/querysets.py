"""Adjectives of the list of powers: in force on a day, of a category, holding a word."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, Q

from bureau.models.units import DatedQuerySet

if TYPE_CHECKING:
    from typing import Self


def edition_holds(on: date) -> Q:
    """The edition is in force on that day, its first and last day included."""
    return Q(edition__valid_from__lte=on) & (Q(edition__valid_to=None) | Q(edition__valid_to__gte=on))


class EditionQuerySet(DatedQuerySet):
    def newest_first(self) -> Self:
        return self.order_by("-valid_from")


class PowerQuerySet(models.QuerySet):
    def in_force(self, on: date) -> Self:
        return self.filter(edition_holds(on))

    def of_category(self, category: str) -> Self:
        return self.filter(category=category)

    def pointed_to(self, hint: str) -> Self:
        """Powers that a group of issue types suggests."""
        return self.filter(issue_type_hint=hint)

    def holding(self, words: str) -> Self:
        """Every one of the words stands in the code, a name or the legal basis."""
        found = self
        for word in words.split():
            found = found.filter(
                Q(code__icontains=word)
                | Q(name_zh__icontains=word)
                | Q(name_en__icontains=word)
                | Q(legal_basis_zh__icontains=word)
            )
        return found

    def for_list(self) -> Self:
        return self.select_related("edition")

    def by_category(self) -> dict[str, int]:
        """How many there are of each category."""
        return dict(self.order_by().values_list("category").annotate(Count("pk")))


class HandbookQuerySet(models.QuerySet):
    def in_force(self, on: date) -> Self:
        return self.filter(edition_holds(on))

    def for_list(self) -> Self:
        return self.select_related("edition", "power")
