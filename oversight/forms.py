from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau.desk.fields import FilesField, TextField
from oversight.actions import LONGEST_REPLY
from oversight.actions.papers import LONGEST_REASON, MOST_DAYS, MOST_FILES

FIELDS = {
    "reply": ("text", "files"),
    "accept_reply": ("words",),
    "reject_reply": ("words", "days"),
}
OPTIONAL = {("accept_reply", "words")}


class PaperMoveForm(forms.Form):
    """What a verb of a paper asks for; only the fields of its verb stand in the form."""

    text = TextField(
        max_length=LONGEST_REPLY,
        lines=True,
        label=_("Reply"),
        help_text=_("What was done, by when the rest is done, or why the limit is disputed."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    files = FilesField(
        most=MOST_FILES,
        required=False,
        label=_("Attachments"),
        help_text=_("Photos or PDF, up to 20 MB each."),
    )
    words = TextField(
        max_length=LONGEST_REASON, lines=True, label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3})
    )
    days = forms.IntegerField(
        label=_("Working days for the next answer"),
        min_value=1,
        max_value=MOST_DAYS,
        required=False,
        help_text=_("Left empty: as the rules have it."),
    )

    def __init__(self, *args: Any, verb: str, **options: Any) -> None:
        super().__init__(*args, auto_id=f"id_{verb}_%s", **options)
        for name in set(self.fields) - set(FIELDS.get(verb, ())):
            del self.fields[name]
        for name in self.fields:
            if (verb, name) in OPTIONAL:
                self.fields[name].required = False

    def facts(self) -> dict[str, Any]:
        """What the action is told: nothing of what was left empty."""
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "", [])}
