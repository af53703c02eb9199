"""What is shown of referrals: what each move does, the clocks that run on them, and their gap-free numbers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext_lazy as _

from bureau.desk.contributions import SubjectCard
from bureau.desk.fence import cards_of
from bureau.desk.models import Clock
from oversight.models import ReferralCandidate

CONSEQUENCES: Final = {
    "transfer": _("A second person must approve it; nothing leaves the bureau before."),
    "one_more_order": _("The clock stays red and gets a new period from now; its lapse brings a supervision notice."),
    "explained": _("Nothing is handed over. The reason stays on the record and the unit is told."),
    "approve": _("Takes a number, tells district supervision and the unit. It can never be taken back silently."),
    "order_correction": _("The unit gets a clock of that many working days."),
    "start_accountability": _("Stands on the record for good; unit and bureau are told."),
    "close": _("Ends the referral; unit and bureau are told."),
}


def open_clocks(rows: Iterable[ReferralCandidate]) -> dict[Any, Clock]:
    """The running clock of each referral. One query."""
    kind = ContentType.objects.get_for_model(ReferralCandidate)
    found = Clock.objects.running().filter(subject_type=kind, subject_id__in=[one.pk for one in rows])
    return {clock.subject_id: clock for clock in found.order_by("-due_at")}


def numbers_of_year(rows: Iterable[ReferralCandidate]) -> list[tuple[int, ReferralCandidate | None]]:
    """Numbers 1 to the greatest, the newest first, each with its hand-over or None where it is missing."""
    by_serial = {one.serial: one for one in rows if one.serial}
    return [(serial, by_serial.get(serial)) for serial in range(max(by_serial, default=0), 0, -1)]


def cards(ids: Iterable[Any]) -> dict[Any, SubjectCard]:
    """A referral shows as what it is about, with its own address."""
    rows = list(ReferralCandidate.objects.filter(pk__in=list(ids)).select_related("owed_by"))
    beneath = cards_of(rows)
    shown = {}
    for one in rows:
        card = beneath.get(one.subject_id)
        shown[one.pk] = SubjectCard(
            number=one.number or (card.number if card else ""),
            title=card.title if card else "",
            place=card.place if card else "",
            url=one.get_absolute_url(),
            status=one.get_status_display(),
            holder=str(one.owed_by or ""),
        )
    return shown
