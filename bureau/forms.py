"""Shapes of what people type on the bureau's own pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from bureau.desk.fields import TextField
from bureau.models import Organisation, Unit


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


class OrganisationFilterForm(forms.Form):
    """What the list of organisations can be narrowed by; an unknown value is an error at its field."""

    kind = forms.ChoiceField(
        choices=[("", _("all kinds")), *Organisation.Kind.choices], required=False, label=_("Kind")
    )
    unit = forms.ModelChoiceField(Unit.objects.all(), required=False, label=_("Unit"), empty_label=_("all units"))
    on = forms.DateField(
        required=False, label=_("In force on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
