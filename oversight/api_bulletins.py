"""`bulletins/`: what was red, frozen week by week; each reader gets the rows of the own reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from rest_framework import serializers

from bureau.desk.api.fields import Instant
from bureau.desk.api.views import ScopedDetailView, ScopedListView
from oversight.bulletins import shown_to
from oversight.models import Bulletin


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
