"""What a key may do beyond what its owner may: a scope narrows it, and a partner's key never decides (D9)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from bureau.desk.api.errors import words_of
from bureau.desk.api.keys import is_partner_key
from bureau.desk.models.keys import ApiKey
from bureau.desk.refusal import NotYourMove, Refusal

DECISIONS = frozenset({"verify", "close", "approve", "review", "decide", "grant", "enact"})


class ScopeMissing(Refusal):
    status, code = 403, "scope_missing"


class WithinScopes(BasePermission):
    """A key without scopes does all that its owner does; else one of its scopes must cover list and method."""

    def has_permission(self, request: Request, view: Any) -> bool:
        key = request.auth
        if not isinstance(key, ApiKey) or not key.scopes:
            return True
        act = "read" if request.method in SAFE_METHODS else "write"
        name = getattr(view, "scope_name", "")
        if not {act, name, f"{name}:{act}"}.intersection(key.scopes):
            raise ScopeMissing(words_of("scope_missing"))
        return True


def refuse_decision_by_key(request: Request, verb: str) -> None:
    """security.md D9: whatever its scope, a partner's key verifies, closes, approves and grants nothing."""
    if is_partner_key(request) and verb.split("_")[0] in DECISIONS:
        raise NotYourMove(_("A partner's key never decides: a person must do this."), pointer="/verb")
