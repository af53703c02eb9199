"""Sign-in by staff number or by mobile."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.db.models import Q
from django.http import HttpRequest

from bureau.models import Officer


class StaffNumberOrMobileBackend(BaseBackend):
    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> Officer | None:
        """The active officer with this staff number or mobile and this password, else None; as slow either way."""
        if not username or not password:
            return None
        officer = Officer.objects.filter(Q(username=username) | Q(mobile=username)).order_by("username").first()
        if officer is None:
            Officer().set_password(password)
            return None
        return officer if officer.check_password(password) and officer.is_active else None

    def get_user(self, user_id: Any) -> Officer | None:
        return Officer.objects.filter(pk=user_id, is_active=True).first()
