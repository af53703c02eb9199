"""What the power list hands down to the desk."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext_lazy as _

from bureau.desk import contributions
from bureau.desk.contributions import NavEntry, SearchSource, SubjectCard
from bureau.desk.wording import coded
from powers import loader
from powers.kinds import Category, Confidence, Domain, FineUnit, IssueHint, LiableParty, PenaltyKind
from powers.lookup import NOT_LISTED, WRONG_KIND
from powers.models import Power

CODE_LISTS = {
    "power-categories": Category,
    "power-domains": Domain,
    "penalty-kinds": PenaltyKind,
    "fine-units": FineUnit,
    "liable-parties": LiableParty,
    "power-groups": IssueHint,
    "power-confidences": Confidence,
}


def find(text: str, officer: object, limit: int) -> list[SubjectCard]:
    """Powers in force today that hold the words."""
    found = Power.objects.in_force_today().holding(text).for_list()[:limit]
    return [
        SubjectCard(
            number=power.code,
            title=power.name,
            place=power.legal_basis_zh,
            url=power.get_absolute_url(),
            status=str(power.get_category_display()),
        )
        for power in found
    ]


def register() -> None:
    contributions.reference_loaders.add("powers", loader.load, order=30)
    contributions.navigation.add("powers", NavEntry(_("Power list"), "powers:list", "book", "basis"), order=10)
    contributions.navigation.add("handbook", NavEntry(_("Handbook"), "powers:handbook", "paper", "basis"), order=11)
    contributions.search_sources.add("powers", SearchSource(_("Power list"), find), order=80)
    for name, choices in CODE_LISTS.items():
        contributions.code_lists.add(name, partial(coded, choices.choices), order=30)
    contributions.error_codes.add(NOT_LISTED, _("The power is not on the list on the day of the act."))
    contributions.error_codes.add(WRONG_KIND, _("The power is of another category."))
