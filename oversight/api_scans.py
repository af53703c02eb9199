"""Scans in the API: sent in as multipart, filed by their QR; pages of the tray are assigned by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.http import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from bureau.desk.api.fields import Choice, Instant, Text
from bureau.desk.api.idempotency import answer_once
from bureau.desk.api.parsers import FileParser
from bureau.desk.api.serializers import ProjectedSerializer, StrictSerializer
from bureau.desk.api.views import ScopedDetailView, ScopedListView
from bureau.desk.refusal import required
from oversight.actions import assign_page, file_scan, set_page_aside
from oversight.models import Scan, ScanPage


class ScanPageOut(ProjectedSerializer):
    """A page: filed to a paper, set aside, or waiting in the tray."""

    id = serializers.UUIDField()
    place = serializers.IntegerField()
    code = serializers.CharField()
    paper = serializers.CharField(source="paper.number", allow_null=True, default=None)
    set_aside_for = serializers.CharField()
    settled_by = serializers.CharField(source="settled_by.username", allow_null=True, default=None)
    settled_at = Instant(allow_null=True)


class ScanOut(ProjectedSerializer):
    id = serializers.UUIDField()
    file_name = serializers.CharField()
    sha256 = serializers.CharField()
    by = serializers.CharField(source="by.username")
    at = Instant()
    pages = ScanPageOut(many=True)


class ScanIn(StrictSerializer):
    file = serializers.FileField(allow_empty_file=True)


class ScanPageIn(StrictSerializer):
    """`assign` needs the `number` of a paper, `set_aside` says `why`."""

    verb = Choice(choices=["assign", "set_aside"])
    number = Text(max_length=60, required=False)
    why = Text(max_length=200, required=False)


class ScanList(ScopedListView):
    """Scans, newest first. POST multipart `file`, PDF or picture, up to 20 pages and 20 MB."""

    queryset = Scan.objects.select_related("by").prefetch_related("pages__paper", "pages__settled_by")
    serializer_class = ScanOut
    scope_name = "notices"
    parser_classes = [FileParser]
    orderings: ClassVar[Mapping[str, Sequence[str]]] = {"-at": ("-at", "-pk")}

    @extend_schema(request=ScanIn, responses={201: ScanOut})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return answer_once(request, lambda: self.filed(request), at=self.now())

    def filed(self, request: Request) -> Response:
        data = self.read(ScanIn, request)
        scan: Any = file_scan(data["file"], by=request.user, at=self.now())
        return Response(self.get_serializer(self.get_queryset().get(pk=scan.pk)).data, status=201)


class ScanPageDetail(ScopedDetailView):
    """A page; POST assigns it to a paper or sets it aside."""

    queryset = ScanPage.objects.select_related("paper", "settled_by", "scan")
    serializer_class = ScanPageOut
    scope_name = "notices"

    @extend_schema(request=ScanPageIn, responses=ScanPageOut)
    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        page = self.get_object()
        return answer_once(request, lambda: self.settled(request, page), at=self.now())

    def settled(self, request: Request, page: ScanPage) -> Response:
        data = self.read(ScanPageIn, request)
        need = "number" if data["verb"] == "assign" else "why"
        if need not in data:
            raise required(need)
        act: Any = assign_page if data["verb"] == "assign" else set_page_aside
        return self.answer(act(page, data[need], by=request.user, at=self.now()))
