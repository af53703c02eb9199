"""`bulletins/`: what was red, frozen week by week; each reader gets the rows of the own reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from bureau.desk.api.fields import Instant
from bureau.desk.api.idempotency import answer_once
from bureau.desk.api.jobs import JobSerializer
from bureau.desk.api.views import ScopedDetailView, ScopedListView
from bureau.desk.press import printed
from oversight.bulletin_print import order_pdf
from oversight.bulletins import shown_to
from oversight.models import Bulletin
from oversight.printing import pdf_answer
from oversight.serializers import NothingIn


class BulletinRow(serializers.Serializer):
    """`due_at` is the first working instant of its week, null for one that was ordered for a meeting."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    week = serializers.DateField(allow_null=True)
    due_at = Instant(allow_null=True)
    frozen_at = Instant()
    sha256 = serializers.CharField()
    red = serializers.IntegerField(source="content.total.red")
    suspended = serializers.IntegerField(source="content.total.grey")


class BulletinOut(BulletinRow):
    """`sha256` is the hash of the whole content; `content` is what the caller may read of it."""

    content = serializers.SerializerMethodField()

    def get_content(self, bulletin: Bulletin) -> dict[str, Any]:
        return shown_to(bulletin, self.context["request"].user)


class BulletinList(ScopedListView):
    queryset = Bulletin.objects.all()
    serializer_class = BulletinRow
    scope_name = "bulletins"
    orderings: ClassVar[Mapping[str, Sequence[str]]] = {"-frozen_at": ("-frozen_at", "-pk")}


class BulletinDetail(ScopedDetailView):
    queryset = Bulletin.objects.all()
    serializer_class = BulletinOut
    scope_name = "bulletins"


class BulletinPdf(ScopedDetailView):
    """The bulletin as an official PDF, for whoever reads every unit's rows."""

    queryset = Bulletin.objects.all()
    serializer_class = BulletinOut
    scope_name = "bulletins"
    http_method_names = ("get", "post", "head", "options")

    def get_queryset(self) -> QuerySet[Bulletin]:
        return Bulletin.objects.files_visible_to(self.request.user)

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        """The kept file; 404 until it was made."""
        document = printed(self.get_object())
        if document is None:
            raise Http404
        return pdf_answer(document)

    @extend_schema(request=NothingIn, responses={202: JobSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Order it: answers the job, which tells how far it is."""
        bulletin = self.get_object()
        return answer_once(request, lambda: self.ordered(request, bulletin), at=self.now())

    def ordered(self, request: Request, bulletin: Bulletin) -> Response:
        self.read(NothingIn, request)
        job = order_pdf(bulletin, by=request.user, at=self.now())
        return Response(JobSerializer(job).data, status=202)
