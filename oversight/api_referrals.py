"""Referrals in the API: the same scope and actions as the pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from bureau.desk.api.moves import open_moves
from bureau.desk.api.views import ApiView, MovesView, ScopedDetailView, ScopedListView, TimelineView
from bureau.desk.refusal import BadValue
from oversight.actions import move_referral, take_pack
from oversight.models import ReferralCandidate
from oversight.pack import letter_from
from oversight.pack.answering import handed_over, zip_answer
from oversight.printing import pdf_answer
from oversight.referral_serializers import ReferralMove, ReferralOut, ReferralRow, SeriesOut
from oversight.referrals import series_of
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


class PackageSeries(ApiView):
    """Whether the numbers of a year are all there: `?year=`, this year without it."""

    queryset = ReferralCandidate.objects.all()
    serializer_class = SeriesOut
    scope_name = "referrals"
    parameters = frozenset({"year"})

    @extend_schema(parameters=[OpenApiParameter("year", int)], responses=SeriesOut)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        if request.user.roles_now.isdisjoint(ReferralCandidate.objects.all().access):
            raise Http404
        given = request.query_params.get("year", f"{timezone.localdate(self.now()).year}")
        if not (given.isascii() and given.isdigit() and len(given) == 4):
            raise BadValue(_("Give a year of four digits."), code="invalid", pointer="/year")
        return Response(SeriesOut(series_of(int(given), request.user)).data)


class ReferralDetail(Told, ScopedDetailView):
    pass


class ReferralMoves(Told, MovesView):
    flow = REFERRAL_FLOW
    move_serializer_class = ReferralMove

    def move(self, subject: Any, verb: str, *, by: Any, at: datetime, note: str = "", **facts: Any) -> Any:
        return move_referral(subject, verb, by=by, at=at, note=note, **facts)


class ReferralLetter(ReferralDetail):
    """The transfer letter as an official PDF; 404 before the hand-over."""

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        return pdf_answer(letter_from(handed_over(self.get_object()), at=self.now()))


class ReferralPack(ReferralDetail):
    """The hand-over pack as a signed ZIP; each download stands on the trail of the referral."""

    @extend_schema(responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        one = handed_over(self.get_object())
        return zip_answer(take_pack(one, by=request.user, at=self.now()))


class ReferralTimeline(TimelineView):
    queryset = ReferralCandidate.objects.all()
    scope_name = "referrals"
