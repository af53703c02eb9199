"""What the bureau contributes to the pages that gather."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from bureau.desk.contributions import (
    NavEntry,
    SubjectCard,
    SubjectKind,
    act_labels,
    code_lists,
    error_codes,
    navigation,
    notice_kinds,
    reference_loaders,
    subject_kinds,
    workflows,
)
from bureau.desk.denials import MORE
from bureau.desk.models.delivery import Delivery, DeliveryQuerySet
from bureau.desk.models.request import ClockRequest
from bureau.desk.models.root import RootQuerySet
from bureau.desk.models.rule_change import READERS
from bureau.desk.outbox import telling as outbox_words
from bureau.desk.requests.wording import ACTS, NOTICES, REQUEST_ERRORS
from bureau.desk.rule_changes import RULE_FLOW
from bureau.desk.wording import coded
from bureau.loaders import calendar, units
from bureau.models import Organisation, OrganisationTie, Role, Unit
from bureau.views.desk import red_of_mine

DECIDERS = frozenset({Role.DISPATCHER, Role.SHIFT_LEADER, Role.SUPERVISION, Role.UNIT_DESK, Role.INSPECTOR})
JOB_ERRORS = {
    "gave_up": _("The work failed five times."),
    "unknown_work": _("The portal does not know this kind of work."),
}
TRAIL_ERRORS = {
    "no_root": _("No root was sealed on these days."),
    "too_many_lines": _("Too many lines for a download."),
    "sign_in_failed": _("Staff number or password was wrong."),
    MORE: _("More were refused in this minute than are kept."),
}
CHECKERS = frozenset(RootQuerySet.access)
RULE_ERRORS = {
    "already_changed": _("A change of this rule from that day on is in force already; propose one from a later day."),
    "already_proposed": _("Another change of this rule is proposed already; decide that one first."),
    "in_past": _("A rule changes from today on at the earliest: work that was done stands."),
    "invalid_limit": _("Write an amount and its unit, as in “4 working_hours”."),
    "not_today": _("Running clocks are computed anew on the day of the change, so it must begin today."),
    "nothing_to_recalculate": _("No running clock hangs on this figure."),
    "preview_changed": _("What the change would do is no longer what you were shown."),
    "unknown_rule": _("There is no such rule."),
}


def register() -> None:
    reference_loaders.add("calendar", calendar.load, order=5)
    reference_loaders.add("units", units.load, order=10)
    navigation.add("desk", NavEntry(_("My desk"), "desk", "desk", "work", count=red_of_mine, is_red=True), order=10)
    navigation.add("units", NavEntry(_("Units and bodies"), "bureau:units", "unit", "basis"), order=80)
    navigation.add(
        "rules", NavEntry(_("Figures of rules"), "bureau:rules", "list", "basis", roles=frozenset(READERS)), order=91
    )
    navigation.add(
        "trail", NavEntry(_("Checking the trail"), "bureau:trail", "lock", "basis", roles=CHECKERS), order=95
    )
    act_labels.add("export_trail", _("exported a part of the trail"))
    for code, words in {**JOB_ERRORS, **TRAIL_ERRORS}.items():
        error_codes.add(code, words)
    workflows.add("rule", RULE_FLOW, order=90)
    for code, words in RULE_ERRORS.items():
        error_codes.add(code, words)
    requests_entry = NavEntry(_("Requests about limits"), "bureau:requests", "list", "work", roles=DECIDERS)
    navigation.add("requests", requests_entry, order=45)
    for kind, notice in NOTICES.items():
        notice_kinds.add(kind, notice)
    for verb, label in ACTS.items():
        act_labels.add(verb, label)
    for code, words in REQUEST_ERRORS.items():
        error_codes.add(code, words)
    code_lists.add("request-kinds", lambda: coded(ClockRequest.Kind.choices))
    code_lists.add("request-statuses", lambda: coded(ClockRequest.Status.choices))
    register_outbox()
    navigation.add("calendar", NavEntry(_("Working calendar"), "calendar", "calendar", "basis"), order=90)
    code_lists.add("roles", lambda: coded(Role.choices))
    code_lists.add("unit-kinds", lambda: coded(Unit.Kind.choices))
    code_lists.add("organisation-kinds", lambda: coded(Organisation.Kind.choices))
    code_lists.add("organisation-ties", lambda: coded(OrganisationTie.Kind.choices))


def register_outbox() -> None:
    keepers = frozenset(DeliveryQuerySet.access)
    navigation.add("outbox", NavEntry(_("Outbox"), "bureau:outbox", "send", "basis", roles=keepers), order=95)
    subject_kinds.add("bureau.delivery", SubjectKind(Delivery, _("delivery"), delivery_cards))
    for kind, notice in outbox_words.notices().items():
        notice_kinds.add(kind, notice)


def delivery_cards(ids: Iterable[Any]) -> dict[Any, SubjectCard]:
    found = Delivery.objects.filter(pk__in=ids)
    return {one.pk: SubjectCard("", one.get_channel_display(), "", one.get_absolute_url()) for one in found}
