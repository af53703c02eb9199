"""Adjectives of the list of powers: in force on a day, of a category, holding a word."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, Q
from django.db.models.functions import Now, TruncDate

from bureau.models.units import DatedQuerySet

if TYPE_CHECKING:
    from typing import Self


TODAY = TruncDate(Now())  # in Shanghai, by the clock of the database


def edition_holds(on: date | TruncDate) -> Q:
    """The edition is in force on that day, its first and last day included."""
    return Q(edition__valid_from__lte=on) & (Q(edition__valid_to=None) | Q(edition__valid_to__gte=on))


def holds_words(words: str, *fields: str) -> Q:
    """Every one of the words stands in one of the fields."""
    found = Q()
    for word in words.split():
        in_any = Q()
        for field in fields:
            in_any |= Q(**{f"{field}__icontains": word})
        found &= in_any
    return found


class EditionQuerySet(DatedQuerySet):
    def newest_first(self) -> Self:
        return self.order_by("-valid_from")


class PowerQuerySet(models.QuerySet):
    def in_force(self, on: date) -> Self:
        return self.filter(edition_holds(on))

    def in_force_today(self) -> Self:
        return self.filter(edition_holds(TODAY))

    def of_category(self, category: str) -> Self:
        return self.filter(category=category)

    def pointed_to(self, hint: str) -> Self:
        """Powers that a group of issue types suggests."""
        return self.filter(issue_type_hint=hint)

    def holding(self, words: str) -> Self:
        """Every one of the words stands in the code, a name or the legal basis."""
        return self.filter(holds_words(words, "code", "name_zh", "name_en", "legal_basis_zh"))

    def for_list(self) -> Self:
        return self.select_related("edition")

    def by_category(self) -> dict[str, int]:
        """How many there are of each category."""
        return dict(self.order_by().values_list("category").annotate(Count("pk")))


class HandbookQuerySet(models.QuerySet):
    def in_force(self, on: date) -> Self:
        return self.filter(edition_holds(on))

    def holding(self, words: str) -> Self:
        """Every one of the words stands in the code, a name, the steps or the code of the power."""
        return self.filter(holds_words(words, "code", "name_zh", "name_en", "steps_zh", "power__code"))

    def by_kind(self) -> dict[str, int]:
        """How many there are of each kind."""
        return dict(self.order_by().values_list("kind").annotate(Count("pk")))

    def for_list(self) -> Self:
        return self.select_related("edition", "power")
