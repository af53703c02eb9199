"""Keys of the API: issued once in plain, kept as a hash, found again by it."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bureau.desk.models.keys import ApiKey
from bureau.desk.refusal import BadValue
from bureau.models.people import Officer
from bureau.models.units import Organisation

PERSONAL_KEY_LIVES = timedelta(days=30)
SHAPE = re.compile(r"mh_[A-Za-z0-9_-]{43}")


def issue_key(
    officer: Officer,
    *,
    at: datetime,
    scopes: Sequence[str] = (),
    partner: Organisation | None = None,
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """A new key and its plain text, which is shown once; a personal key lives at most 30 days.

    A scope is `read`, `write`, `<list>`, `<list>:read` or `<list>:write`; none means all that the owner may do.
    """
    last = None if partner else at + PERSONAL_KEY_LIVES
    if last and expires_at and expires_at > last:
        raise BadValue(_("A personal key lives at most 30 days."), code="too_large", pointer="/expires_at")
    plain = f"mh_{secrets.token_urlsafe(32)}"
    key = ApiKey.objects.create(
        digest=digest_of(plain),
        hint=plain[:9],
        officer=officer,
        partner=partner,
        scopes=list(scopes),
        issued_at=at,
        expires_at=expires_at or last,
    )
    return key, plain


def digest_of(plain: str) -> str:
    return hashlib.sha256(plain.encode()).hexdigest()


def find_key(plain: str, *, at: datetime) -> ApiKey | None:
    """The key in force with this plain text, with its officer and partner, in one query; else None."""
    if not SHAPE.fullmatch(plain):
        return None
    in_force = Q(revoked_at=None) & (Q(expires_at=None) | Q(expires_at__gt=at))
    found = ApiKey.objects.filter(in_force, digest=digest_of(plain), officer__is_active=True)
    return found.select_related("officer", "partner__unit").first()


def revoke_key(key: ApiKey, *, at: datetime) -> None:
    key.revoked_at = at
    key.save(update_fields=["revoked_at"])
