"""Who must not make a move of a referral, and when one is moot (security.md section 3, D7 and D14)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bureau.desk.refusal import IllegalTransition, NotYourMove, Refusal, SodConflict
from bureau.models import Officer, Organisation
from oversight.models import ReferralCandidate


def not_the_proposer(referral: ReferralCandidate, by: Officer) -> Refusal | None:
    if referral.decided_by_id != by.pk:
        return None
    return SodConflict(_("You decided on this referral, so someone else must approve it (rule D14)."))


def not_of_the_unit(referral: ReferralCandidate, by: Officer) -> Refusal | None:
    """Nobody of the handling organisation, or of the unit, decides about it."""
    if any(
        posting.organisation_id == referral.owed_by_id
        or (posting.organisation.unit_id is not None and posting.organisation.unit_id == referral.unit_id)
        for posting in by.postings_now
    ):
        return SodConflict(_("Whoever belongs to the unit concerned decides nothing about its referral."))
    return None


def not_of_the_bureau(referral: ReferralCandidate, by: Officer) -> Refusal | None:
    if any(posting.organisation.kind == Organisation.Kind.BUREAU for posting in by.postings_now):
        return NotYourMove(_("District supervision belongs to no unit of the bureau (rule D7)."))
    return None


def still_unhandled(referral: ReferralCandidate, by: Officer) -> Refusal | None:
    if referral.handled_at is None:
        return None
    return IllegalTransition(
        _("The matter was handled since, so there is nothing to order."),
        code="already_handled",
        remedy=_("Decide “explained”, or refer it all the same."),
    )


def not_who_asked_to_withdraw(referral: ReferralCandidate, by: Officer) -> Refusal | None:
    if referral.withdrawal_asked_by_id != by.pk:
        return None
    return SodConflict(_("You asked for the withdrawal, so someone else must approve it (rule D14)."))
