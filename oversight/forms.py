from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau.desk.fields import TextField
from oversight.actions import LONGEST_REPLY


class ReplyForm(forms.Form):
    """What the unit answers in writing."""

    text = TextField(
        max_length=LONGEST_REPLY,
        lines=True,
        label=_("Reply"),
        help_text=_("What was done, by when the rest is done, or why the limit is disputed."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
