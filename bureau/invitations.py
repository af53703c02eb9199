"""One-time sign-in links: they end with the first use, with a changed password, or after PASSWORD_RESET_TIMEOUT."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from bureau.models import Officer


def invitation_path(officer: Officer) -> str:
    """The path of a link that lets this person choose a password once; it holds a secret, so never log it."""
    person = urlsafe_base64_encode(str(officer.pk).encode())
    return reverse("bureau:welcome", args=[person, default_token_generator.make_token(officer)])


def invited(person: str, token: str) -> Officer | None:
    """The active person whom this link invites, while it still holds."""
    try:
        key = UUID(urlsafe_base64_decode(person).decode())
    except ValueError:
        return None
    officer = Officer.objects.filter(pk=key, is_active=True).first()
    return officer if officer and default_token_generator.check_token(officer, token) else None
