"""What somebody asks about the clock of an issue, as a form. The rules stand in `bureau/desk/requests`."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau.desk.fields import TextField
from bureau.desk.requests import Asked, RequestSpec
from bureau.desk.requests.rules import PAUSING
from bureau.desk.requests.spec import Kind


class AskForm(forms.Form):
    """A reason of the list and words; an extension says how much, a suspension until which day."""

    reason = forms.ChoiceField(label=_("Reason"), widget=forms.RadioSelect)
    amount = forms.CharField(label=_("How much more"), max_length=10)
    resume_on = forms.DateField(
        label=_("The clock goes on at the beginning of"), widget=forms.DateInput(attrs={"type": "date"})
    )
    words = TextField(
        label=_("In words"), required=False, max_length=1000, lines=True, widget=forms.Textarea(attrs={"rows": 2})
    )
    field_order = ["amount", "resume_on", "reason", "words"]

    def __init__(self, *args: Any, spec: RequestSpec, unit: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.spec = spec
        self.fields["reason"].choices = list(spec.reasons.items())  # type: ignore[attr-defined]
        if spec.kind != Kind.EXTENSION:
            del self.fields["amount"]
        else:
            self.fields["amount"].help_text = unit
        if spec.kind not in PAUSING:
            del self.fields["resume_on"]

    def asked(self) -> Asked:
        return Asked(kind=self.spec.kind, **self.cleaned_data)
