"""Referrals in the API: the same scope and actions as the pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework.response import Response

from bureau.desk.api.moves import open_moves
from bureau.desk.api.views import MovesView, ScopedDetailView, ScopedListView, TimelineView
from oversight.actions import move_referral
from oversight.models import ReferralCandidate
from oversight.referral_serializers import ReferralMove, ReferralOut, ReferralRow
from oversight.workflow import REFERRAL_FLOW


class Told:
    queryset = ReferralCandidate.objects.for_list()
    serializer_class = ReferralOut
    scope_name = "referrals"

    def answer(self: Any, referral: ReferralCandidate) -> Response:
        referral.told_moves = open_moves(REFERRAL_FLOW, referral, self.request.user)
        answered: Response = super().answer(referral)  # type: ignore[misc]
        return answered


class ReferralList(ScopedListView):
    """Candidates and referrals, soonest to be decided first."""

    queryset = ReferralCandidate.objects.for_list()
    serializer_class = ReferralRow
    scope_name = "referrals"
    orderings: ClassVar[Mapping[str, Sequence[str]]] = {"decide_by": ("decide_by", "pk")}


class PackageList(ReferralList):
    """What was handed over, by year and number without a gap."""

    orderings: ClassVar[Mapping[str, Sequence[str]]] = {"serial": ("year", "serial", "pk")}

    def visible(self) -> QuerySet[Any]:
        return super().visible().handed_over()  # type: ignore[attr-defined,no-any-return]


class ReferralDetail(Told, ScopedDetailView):
    pass


class ReferralMoves(Told, MovesView):
    flow = REFERRAL_FLOW
    move_serializer_class = ReferralMove

    def move(self, subject: Any, verb: str, *, by: Any, at: datetime, note: str = "", **facts: Any) -> Any:
        return move_referral(subject, verb, by=by, at=at, note=note, **facts)


class ReferralTimeline(TimelineView):
    queryset = ReferralCandidate.objects.all()
    scope_name = "referrals"
