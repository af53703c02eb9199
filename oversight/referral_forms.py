"""The shape of a move of a referral: reason, words, note, the hash that was seen, working days."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau.desk.fields import TextField
from bureau.desk.workflow import Move
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


class SealedAnswerForm(forms.Form):
    """What stands on a sealed paper of district supervision, with its scan."""

    says = forms.ChoiceField(label=_("What the paper says"))
    number = TextField(label=_("Number on the paper"), max_length=60)
    on = forms.DateField(label=_("Date on the paper"), widget=forms.DateInput(attrs={"type": "date"}))
    words = TextField(
        label=_("In words"), max_length=LONGEST_WORDS, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("As the paper has it; not needed for a mere receipt."),
    )  # fmt: skip
    days = forms.IntegerField(
        label=_("Working days"), min_value=1, max_value=MOST_DAYS, required=False,
        help_text=_("Only where a correction is ordered."),
    )  # fmt: skip
    scan = forms.FileField(
        label=_("Scan of the sealed paper"), help_text=_("A photo or a PDF, up to 20 MB."),
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf"}),
    )  # fmt: skip

    def __init__(self, *args: Any, choices: Sequence[Move], **options: Any) -> None:
        super().__init__(*args, auto_id="id_paper_%s", **options)
        self.fields["says"].choices = [(move.verb, move.label) for move in choices]  # type: ignore[attr-defined]


class SealedVerdictForm(forms.Form):
    """The second look at it."""

    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)
    reason = TextField(label=_("Reason"), max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, verdict: str, **options: Any) -> None:
        super().__init__(*args, auto_id=f"id_{verdict}_%s", **options)
        del self.fields["reason" if verdict == "confirm" else "digest"]


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
