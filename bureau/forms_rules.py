"""The shape of a proposed change of a rule, and of the decision on it. The rules themselves stand in the actions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bureau.desk.fields import TextField

LONGEST_REASON = 200


class RuleForm(forms.Form):
    value = forms.CharField(
        label=_("New value"),
        max_length=60,
        help_text=_("In the same spelling as the value in force; a limit as “4 working_hours”."),
    )
    valid_from = forms.DateField(label=_("Valid from"), widget=forms.DateInput(attrs={"type": "date"}))
    recalculates = forms.BooleanField(
        label=_("Compute the clocks that run anew, too"),
        required=False,
        help_text=_("Otherwise only later work is touched. What would move is shown before anybody decides."),
    )
    reason = TextField(label=_("Reason"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, is_of_calendar: bool, can_recalculate: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.is_of_calendar = is_of_calendar
        self.fields["valid_from"].initial = timezone.localdate()
        if is_of_calendar:
            for name in ("value", "valid_from", "recalculates"):
                del self.fields[name]
        elif not can_recalculate:
            del self.fields["recalculates"]

    def facts(self) -> dict[str, Any]:
        """The words for `propose_change`."""
        if self.is_of_calendar:
            today = timezone.localdate()
            return {"value": "", "valid_from": today, "recalculates": True, "reason": self.cleaned_data["reason"]}
        return {"recalculates": False, **self.cleaned_data}


class DecisionForm(forms.Form):
    """A note, and the outcome that was seen."""

    note = TextField(
        label=_("Note"), required=False, max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 2})
    )
    digest = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, needs_note: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if needs_note:
            self.fields["note"].required = True
            self.fields["note"].label = _("Reason")
