"""Answers of district supervision on sealed paper, entered and confirmed by two persons of the bureau."""

from __future__ import annotations

from typing import ClassVar

from django.http import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from bureau.desk.api.idempotency import answer_once
from bureau.desk.api.parsers import FileParser, StrictJSONParser
from bureau.desk.api.permissions import refuse_decision_by_key
from oversight.actions import confirm_sealed_answer, enter_sealed_answer, reject_sealed_answer
from oversight.api_referrals import ReferralDetail
from oversight.models import ReferralCandidate
from oversight.referral_serializers import ReferralOut, SealedAnswerIn, SealedVerdictIn
from oversight.referrals import CONFIRM


class SealedAnswers(ReferralDetail):
    """Enter what stands on a sealed paper, as multipart with its `scan`; the answer is the referral."""

    http_method_names: ClassVar[list[str]] = ["post", "options"]
    parser_classes = [FileParser]

    @extend_schema(request={"multipart/form-data": SealedAnswerIn}, responses=ReferralOut)
    def post(self, request: Request, *args: object, **kwargs: object) -> HttpResponseBase:
        one = self.get_object()
        return answer_once(request, lambda: self.entered(request, one), at=self.now())

    def entered(self, request: Request, one: ReferralCandidate) -> Response:
        refuse_decision_by_key(request, "decide")
        data = self.read(SealedAnswerIn, request)
        enter_sealed_answer(one, data.pop("verb"), by=request.user, at=self.now(), **data)
        return self.answer(self.get_object())


class SealedVerdict(ReferralDetail):
    """Confirm or reject what somebody else entered; the answer is the referral."""

    http_method_names: ClassVar[list[str]] = ["post", "options"]
    parser_classes = [StrictJSONParser]

    @extend_schema(request=SealedVerdictIn, responses=ReferralOut)
    def post(self, request: Request, *args: object, **kwargs: object) -> HttpResponseBase:
        one = self.get_object()
        return answer_once(request, lambda: self.judged(request, one), at=self.now())

    def judged(self, request: Request, one: ReferralCandidate) -> Response:
        refuse_decision_by_key(request, "decide")
        data = self.read(SealedVerdictIn, request)
        if data["verdict"] == CONFIRM:
            confirm_sealed_answer(one, digest=data.get("digest", ""), by=request.user, at=self.now())
        else:
            reject_sealed_answer(one, reason=data.get("reason", ""), by=request.user, at=self.now())
        return self.answer(self.get_object())
