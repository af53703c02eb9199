"""The shapes of what is typed about ways out and dead letters."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau.desk.fields import TextField


class MailForm(forms.Form):
    address = TextField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("A link to confirm goes there; until you open it nothing else does."),
    )


class DropForm(forms.Form):
    note = TextField(label=_("Why it is set aside"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
