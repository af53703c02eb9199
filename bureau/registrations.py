"""What the bureau contributes to the pages that gather."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bureau.desk.contributions import NavEntry, code_lists, navigation, reference_loaders
from bureau.desk.wording import coded
from bureau.loaders import calendar, units
from bureau.models import Organisation, OrganisationTie, Role, Unit
from bureau.views.desk import red_of_mine


def register() -> None:
    reference_loaders.add("calendar", calendar.load, order=5)
    reference_loaders.add("units", units.load, order=10)
    navigation.add("desk", NavEntry(_("My desk"), "desk", "desk", "work", count=red_of_mine, is_red=True), order=10)
    navigation.add("units", NavEntry(_("Units and bodies"), "bureau:units", "unit", "basis"), order=80)
    navigation.add("calendar", NavEntry(_("Working calendar"), "calendar", "calendar", "basis"), order=90)
    code_lists.add("roles", lambda: coded(Role.choices))
    code_lists.add("unit-kinds", lambda: coded(Unit.Kind.choices))
    code_lists.add("organisation-kinds", lambda: coded(Organisation.Kind.choices))
    code_lists.add("organisation-ties", lambda: coded(OrganisationTie.Kind.choices))
