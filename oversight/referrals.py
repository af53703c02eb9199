"""What is shown of referrals: what each move does, the clocks that run on them, and their gap-free numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.contenttypes.models import ContentType
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from bureau.desk.contributions import SubjectCard
from bureau.desk.fence import cards_of
from bureau.desk.models import Clock
from bureau.desk.models.numbers import NumberSeries
from bureau.desk.scope import Reach
from bureau.models import Role
from oversight.actions.referral_effects import SERIES
from oversight.models import ReferralCandidate, SealedAnswer
from oversight.workflow import REFERRAL_FLOW

ENTER, CONFIRM, REJECT = "enter", "confirm", "reject"
LABELS: Final = {
    ENTER: _("Enter an answer from sealed paper"),
    CONFIRM: _("Confirm the entry"),
    REJECT: _("Reject the entry"),
}
CONSEQUENCES: Final = {
    ENTER: _("Nothing follows before a second person has compared it with the scan."),
    CONFIRM: _("You compared it with the scan. It takes effect at once, marked as entered from paper; all are told."),
    REJECT: _("The entry stays on record with your reason; it may be entered anew."),
    "transfer": _("A second person must approve it; nothing leaves the bureau before."),
    "one_more_order": _("The clock stays red and gets a new period from now; its lapse brings a supervision notice."),
    "explained": _("Nothing is handed over. The reason stays on the record and the unit is told."),
    "renew": _("Signs the proposal anew as things stand now; the time for its approval runs on."),
    "ask_withdrawal": _("A second person must approve it. The number stays, and everybody sees the withdrawal."),
    "withdraw": _("The number stays, marked as withdrawn with its reason; district supervision and the unit are told."),
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


@dataclass(frozen=True)
class Series:
    """The hand-overs of a year by number, the newest first; None where a number was taken and nothing is there.

    `last` is the number that the counter gave last, so a pack that is withheld at the very end shows as well.
    """

    year: int
    last: int
    rows: list[tuple[int, ReferralCandidate | None]]

    @property
    def missing(self) -> list[int]:
        return [serial for serial, one in self.rows if one is None]

    @property
    def withdrawn(self) -> list[int]:
        return [serial for serial, one in self.rows if one and one.withdrawn_at]

    @property
    def unreceived(self) -> list[int]:
        return [serial for serial, one in self.rows if one and one.tell_again_at]


def series_of(year: int, officer: Any) -> Series:
    """The series as this person sees it; gaps are told only to whoever sees every hand-over. Two queries."""
    mine = ReferralCandidate.objects.visible_to(officer).handed_over().filter(year=year).for_list()
    by_serial = {one.serial: one for one in mine if one.serial}
    if not sees_whole_series(officer):
        return Series(year, 0, sorted(by_serial.items(), reverse=True))
    taken = NumberSeries.objects.filter(kind=SERIES, year=year).aggregate(last=Max("last"))["last"] or 0
    last = max(taken, *by_serial, 0)
    return Series(year, last, [(serial, by_serial.get(serial)) for serial in range(last, 0, -1)])


def sealed_answers_of(referral: ReferralCandidate) -> list[SealedAnswer]:
    """What came on paper, the newest first, each with what it says in `label`. One query."""
    found = referral.sealed_answers.select_related("entered_by", "judged_by", "scan").order_by("-entered_at")
    for answer in found:
        answer.label = REFERRAL_FLOW.moves[answer.verb].label
    return list(found)


def sees_whole_series(officer: Any) -> bool:
    grants = [ReferralCandidate.objects.all().access.get(Role(post.role)) for post in officer.postings_now]
    return any(grant and grant.reach in (Reach.EVERY, Reach.HANDED_OVER) for grant in grants)


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
