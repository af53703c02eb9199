"""Shapes of what people type on the bureau's own pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from bureau.desk.fields import TextField


class SignInForm(AuthenticationForm):
    """Staff number or mobile, and password; a wrong one never says which of the two was wrong."""

    error_messages = {
        "invalid_login": _("Staff number, mobile or password is wrong. Check them and try again."),
        "inactive": _("Staff number, mobile or password is wrong. Check them and try again."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Staff number or mobile")
        self.fields["username"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}
        self.fields["password"].label = _("Password")


class OriginalForm(forms.Form):
    reason = TextField(max_length=200, label=_("Reason"))
