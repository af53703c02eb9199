"""Who may take a hand-over pack, and that each taking is written down."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bureau.desk.models import Document
from bureau.desk.refusal import NotYourMove
from bureau.desk.trail import last_entry, not_before, write_entry
from bureau.desk.workflow import actors
from bureau.models import Officer, Role
from oversight.models import ReferralCandidate
from oversight.pack import pack_of

TAKERS = actors(Role.SUPERVISION, Role.DEPUTY, Role.DIRECTOR, Role.DISTRICT_SUPERVISION)


def may_take(referral: ReferralCandidate, by: Officer) -> bool:
    return referral.handed_over_at is not None and TAKERS.posting_of(by, referral) is not None


@transaction.atomic
def take_pack(referral: ReferralCandidate, *, by: Officer, at: datetime) -> Document:
    """The pack of a hand-over for one person; the trail says who took it. Raises NotYourMove, DamagedOriginal.

    It holds originals, so only the bureau's leaders, its inspectorate and district supervision get it.
    """
    mine = ReferralCandidate.objects.visible_to(by).select_for_update(of=("self",))
    referral.refresh_from_db(from_queryset=mine)
    posting = TAKERS.posting_of(by, referral)
    if posting is None:
        raise NotYourMove(_("The pack is for the bureau's leaders, its inspectorate and district supervision."))
    document = pack_of(referral, at=at)
    facts = {"sha256": document.sha256}
    at = not_before(last_entry(referral), at)
    write_entry(referral, "take_pack", by=by, at=at, posting=posting, facts=facts)
    return document
