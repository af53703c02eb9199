"""Who calls: a personal key acts as its person, a partner's key as its organisation; a session with CSRF as usual."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from bureau.desk.keys import find_key
from bureau.desk.models.keys import ApiKey
from bureau.models.people import Officer, Posting
from bureau.models.roles import Role


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer KEY`; expired, revoked, malformed and unknown keys all get the same 401."""

    def authenticate(self, request: Request) -> tuple[Officer, ApiKey] | None:
        header = get_authorization_header(request)
        if not header:
            return None
        scheme, _, plain = header.partition(b" ")
        key = find_key(plain.decode("latin-1"), at=timezone.now()) if scheme.lower() == b"bearer" else None
        if key is None:
            raise AuthenticationFailed
        return caller_with(key), key

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


def caller_with(key: ApiKey) -> Officer:
    """The person of the key; with a partner's key in the one post of partner in that organisation, and no other."""
    officer = key.officer
    if key.partner is not None:
        post = Posting(officer=officer, organisation=key.partner, role=Role.PARTNER, starts_at=key.issued_at)
        officer.__dict__["postings_now"] = [post]
    return officer


def is_partner_key(request: Any) -> bool:
    return isinstance(request.auth, ApiKey) and request.auth.partner_id is not None


def owner_of(request: Any) -> str:
    """Whose requests are counted and remembered together."""
    if is_partner_key(request):
        return f"partner:{request.auth.partner_id}"
    return f"officer:{request.user.pk}"


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself
    target_class = KeyAuthentication
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A personal key or a partner's key."}
