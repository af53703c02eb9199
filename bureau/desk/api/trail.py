"""`trail/roots/`: the roots of the trail, for whoever keeps them outside the portal."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from bureau.desk.api.fields import Instant
from bureau.desk.api.views import ScopedDetailView, ScopedListView
from bureau.desk.models.denial import Denial
from bureau.desk.models.root import TrailRoot


class DenialRow(serializers.Serializer):
    """`account` is a staff number, null where nobody was signed in; `route` is the pattern of the address."""

    at = Instant()
    account = serializers.CharField(source="account.username", default=None, allow_null=True)
    status = serializers.IntegerField()
    code = serializers.CharField()
    method = serializers.CharField()
    route = serializers.CharField()
    subject = serializers.UUIDField(allow_null=True)
    via = serializers.ChoiceField(choices=Denial.Via.choices)
    trace = serializers.CharField()


class RootRow(serializers.Serializer):
    """`digest` is the hash by which the next root points to this one; `lines` how many it seals."""

    n = serializers.IntegerField()
    at = Instant()
    lines = serializers.IntegerField()
    digest = serializers.CharField()


class RootFile(serializers.Serializer):
    """A root as the verifier reads it: keep the body as it comes, one file a root."""

    header = serializers.DictField()
    key = serializers.CharField()
    signature = serializers.CharField()
    lines = serializers.ListField(child=serializers.ListField())


class RootList(ScopedListView):
    queryset = TrailRoot.objects.defer("text")
    serializer_class = RootRow
    scope_name = "trail"
    orderings: ClassVar[Mapping[str, Sequence[str]]] = {"n": ("n",), "-n": ("-n",)}


class RootDetail(ScopedDetailView):
    queryset = TrailRoot.objects.all()
    serializer_class = RootFile
    scope_name = "trail"
    lookup_field = "n"

    @extend_schema(responses=RootFile)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(json.loads(self.get_object().text))
