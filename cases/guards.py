"""Separation of duties on the way to filing (security.md section 3, D2): by the natural person, not by the post."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bureau.desk.models import Entry
from bureau.desk.refusal import NotYourMove, Refusal, SodConflict
from bureau.models import Officer, Role
from cases.models import Case
from cases.statuses import Status

STEPS = ("open", "request_filing", "endorse", "file")


def is_an_officer_of_the_case(case: Case, by: Officer) -> Refusal | None:
    """Only one of the two officers asks for filing."""
    if by.pk in case.officer_ids:
        return None
    return NotYourMove(_("You are not one of the two officers of this case."))


def is_an_officer_or_leads(case: Case, by: Officer) -> Refusal | None:
    """One of the two officers, or the leader of the squad, withdraws."""
    if by.pk in case.officer_ids or leads(case, by):
        return None
    return NotYourMove(_("Only one of the two officers of this case or the leader of the squad may withdraw it."))


def is_no_officer_of_the_case(case: Case, by: Officer) -> Refusal | None:
    """The two officers of a case neither endorse nor file nor return it (D2)."""
    if by.pk not in case.officer_ids:
        return None
    return SodConflict(
        _("You are one of the two officers of this case, so you may neither endorse nor file it (rule D2)."),
        remedy=_("Someone else must do this."),
    )


def not_the_endorser(case: Case, by: Officer) -> Refusal | None:
    """Whoever opened, asked for or endorsed the filing, now or before a return, does not file (D2)."""
    return another_step(case, by, STEPS[:3])


def not_the_opener(case: Case, by: Officer) -> Refusal | None:
    """Whoever opened the lead or asked for the filing does not endorse (D2)."""
    return another_step(case, by, STEPS[:2])


def another_step(case: Case, by: Officer, verbs: tuple[str, ...]) -> Refusal | None:
    if not Entry.objects.about(case).filter(verb__in=verbs, by=by).exists():
        return None
    return SodConflict(
        _("You already hold another step of this case, and nobody holds two (rule D2)."),
        remedy=_("Someone else must do this."),
    )


def answers_at_this_step(case: Case, by: Officer) -> Refusal | None:
    """The leader of the squad sends back what waits for the leader, the deputy what waits for the deputy."""
    if case.status == Status.REQUESTED and not leads(case, by):
        return NotYourMove(_("The case waits for the leader of the squad."))
    if case.status == Status.ENDORSED and not by.holds(Role.DEPUTY):
        return NotYourMove(_("The case waits for the deputy director."))
    return None


def leads(case: Case, by: Officer) -> bool:
    return any(
        posting.organisation_id == case.handled_by_id and posting.role == Role.SQUAD_LEADER
        for posting in by.postings_now
    )
