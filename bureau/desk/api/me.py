"""`me/`: who I am here: my posts, how far I see, what this key may do, and what is left of this minute."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from bureau.desk.api.fields import Instant
from bureau.desk.api.keys import is_partner_key
from bureau.desk.api.views import ApiView
from bureau.desk.models.keys import ApiKey
from bureau.models.people import Posting


class PostSerializer(serializers.Serializer):
    role = serializers.CharField()
    organisation = serializers.CharField(source="organisation.code")
    organisation_name = serializers.CharField(source="organisation.full_name")
    unit = serializers.CharField(source="organisation.unit_id", allow_null=True)
    since = Instant(source="starts_at")
    until = Instant(source="ends_at", allow_null=True)


class KeySerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=["personal", "partner"])
    scopes = serializers.ListField(child=serializers.CharField())
    expires_at = Instant(allow_null=True)


class QuotaSerializer(serializers.Serializer):
    limit = serializers.IntegerField()
    remaining = serializers.IntegerField()
    resets_in = serializers.IntegerField(help_text="Seconds.")


class ScopeSerializer(serializers.Serializer):
    units = serializers.ListField(child=serializers.CharField(), help_text="Codes of the units of my posts.")
    organisations = serializers.ListField(child=serializers.CharField())


class MeSerializer(serializers.Serializer):
    id = serializers.CharField()
    username = serializers.CharField()
    name = serializers.CharField()
    roles = serializers.ListField(child=serializers.CharField())
    posts = PostSerializer(many=True)
    scope = ScopeSerializer()
    key = KeySerializer(allow_null=True)
    quota = QuotaSerializer()


class Me(ApiView):
    scope_name = "me"
    serializer_class = MeSerializer

    @extend_schema(responses=MeSerializer)
    def get(self, request: Request) -> Response:
        me: Any = request.user
        posts = me.postings_now
        quota = request.quota  # type: ignore[attr-defined]  # PerMinute leaves it there
        told = {
            "id": me.pk,
            "username": me.username,
            "name": me.name,
            "roles": sorted({post.role for post in posts}),
            "posts": posts,
            "scope": scope_of(posts),
            "key": told_key(request),
            "quota": {"limit": quota.limit, "remaining": quota.remaining, "resets_in": quota.seconds_left},
        }
        return Response(MeSerializer(told).data)


def scope_of(posts: Sequence[Posting]) -> dict[str, list[str]]:
    return {
        "units": sorted({post.organisation.unit_id for post in posts if post.organisation.unit_id}),
        "organisations": sorted({post.organisation.code for post in posts}),
    }


def told_key(request: Any) -> dict[str, Any] | None:
    if not isinstance(request.auth, ApiKey):
        return None
    kind = "partner" if is_partner_key(request) else "personal"
    return {"kind": kind, "scopes": request.auth.scopes, "expires_at": request.auth.expires_at}
