"""The shapes of what is typed about ways out and dead letters."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau.desk.contributions import NoticeKind, notice_kinds
from bureau.desk.fields import PhoneField, TextField
from bureau.models import Organisation


class MailForm(forms.Form):
    address = TextField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("A link to confirm goes there; until you open it nothing else does."),
    )


class MobileForm(forms.Form):
    mobile = PhoneField(label=_("Mobile number"), help_text=_("A code of six digits goes there."))


class CodeForm(forms.Form):
    code = TextField(
        label=_("The code that came"),
        max_length=6,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class DropForm(forms.Form):
    note = TextField(label=_("Why it is set aside"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class WebhookForm(forms.Form):
    """Which organisation's system is told, where, and of which kinds of event; none chosen means all of them."""

    organisation = forms.ModelChoiceField(
        queryset=Organisation.objects.all(), label=_("Organisation"), to_field_name="code", empty_label=_("choose…")
    )
    url = TextField(label=_("Address of the system"), max_length=300, widget=forms.URLInput())
    kinds = forms.MultipleChoiceField(
        label=_("Kinds of event"), required=False, help_text=_("None chosen: all of them, later ones included.")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kinds"].choices = [(kind, named(kind, words)) for kind, words in notice_kinds.items()]  # type: ignore[attr-defined]


def named(kind: str, words: NoticeKind) -> str:
    """The title without its numbers, and the code by which the system knows it."""
    title = str(words.title).format_map(defaultdict(str)).strip(" :：")
    return f"{title} · {kind}"


class ReplayForm(forms.Form):
    since = forms.DateTimeField(
        label=_("Everything queued since"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )


class AbsenceForm(forms.Form):
    starts_at = forms.DateTimeField(label=_("Away from"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    ends_at = forms.DateTimeField(label=_("Away until"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
