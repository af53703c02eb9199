"""No power outside the list 清单之外无权力: the item in the edition of the day, or a refusal with what there is."""

from __future__ import annotations

from datetime import date

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from bureau.desk.refusal import LawRefused, Words
from powers.kinds import Category
from powers.models import Power

NOT_LISTED = "E_POWER_NOT_LISTED"
WRONG_KIND = "E_KIND"


def power_in_force(code: str, on: date, *, pointer: str = "/power") -> Power:
    """The power of that code in the edition in force on that day.

    Raises LawRefused E_POWER_NOT_LISTED with the days on which the list does hold it (law.md 5.5, G01).
    """
    power = Power.objects.in_force(on).select_related("edition").filter(code=code).first()
    if power is None:
        raise LawRefused(
            format_lazy(_("On {day} no power of this code is on the list."), day=on.isoformat()),
            code=NOT_LISTED,
            pointer=pointer,
            remedy=remedy_for(code),
        )
    return power


def remedy_for(code: str) -> Words:
    spans = Power.objects.filter(code=code).values_list("edition__valid_from", "edition__valid_to")
    if not spans:
        return _("No edition holds this code: choose a power from the list.")
    ranges = "; ".join(f"{begins} – {ends or '…'}" for begins, ends in sorted(spans))
    return format_lazy(_("It is on the list on these days: {ranges}. Check the day of the act."), ranges=ranges)


def ask_category(power: Power, category: Category, *, pointer: str = "/power") -> None:
    """Raises LawRefused E_KIND when the power is of another category."""
    if power.category != category:
        raise LawRefused(
            format_lazy(
                _("This power is of the category “{category}”, not “{due}”."),
                category=power.get_category_display(),
                due=category.label,
            ),
            code=WRONG_KIND,
            pointer=pointer,
            remedy=_("Choose a power of the right category."),
        )
