"""The shape of a move of a referral: reason, words, note, the hash that was seen, working days."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau.desk.fields import TextField
from oversight.actions.referral_effects import MOST_DAYS
from oversight.actions.referrals import LONGEST_WORDS
from oversight.models import ReferralCandidate

FIELDS = {
    "transfer": ("reason", "words"),
    "one_more_order": ("reason", "words"),
    "explained": ("reason", "words"),
    "approve": ("digest",),
    "send_back": ("note",),
    "ask_withdrawal": ("words",),
    "withdraw": ("digest",),
    "keep": ("note",),
    "order_correction": ("words", "days"),
    "report_correction": ("note",),
    "reject_correction": ("note",),
    "start_accountability": ("words",),
    "close": ("words",),
}


class ReferralMoveForm(forms.Form):
    """Only the fields of its verb stand in the form."""

    reason = forms.ChoiceField(label=_("Reason"), choices=ReferralCandidate.Reason.choices)
    words = TextField(label=_("In words"), max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 3}))
    days = forms.IntegerField(label=_("Working days"), min_value=1, max_value=MOST_DAYS)
    note = TextField(label=_("Remarks"), max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 3}))
    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, verb: str, **options: Any) -> None:
        super().__init__(*args, **options)
        wanted = FIELDS.get(verb, ())
        for name in set(self.fields) - set(wanted):
            del self.fields[name]
