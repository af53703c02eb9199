from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau.desk.fields import FilesField, TextField
from bureau.models import Officer
from oversight.actions import LONGEST_REPLY
from oversight.actions.papers import LONGEST_NAME, LONGEST_REASON, MOST_DAYS, MOST_FILES
from oversight.models import Paper

FIELDS = {
    "serve_on_paper": ("receiver", "served_at", "served_by", "files"),
    "reply": ("text", "files"),
    "accept_reply": ("words",),
    "reject_reply": ("words", "days"),
}
WITHDRAWAL_FIELDS = {"propose": ("words",), "grant": ("sure",), "refuse": ("words",)}
OPTIONAL = {("accept_reply", "words")}
LOCAL_TIME = "%Y-%m-%dT%H:%M"


class LocalTimeField(forms.DateTimeField):
    """An instant of Shanghai, to the minute."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL_TIME)
        super().__init__(widget=widget, input_formats=[LOCAL_TIME, "%Y-%m-%d %H:%M"], **options)


class PaperMoveForm(forms.Form):
    """What a verb of a paper asks for; only the fields of its verb stand in the form."""

    text = TextField(
        max_length=LONGEST_REPLY,
        lines=True,
        label=_("Reply"),
        help_text=_("What was done, by when the rest is done, or why the limit is disputed."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    receiver = TextField(max_length=LONGEST_NAME, label=_("Received by"), help_text=_("The name on the receipt."))
    served_at = LocalTimeField(label=_("Received at"))
    served_by = forms.ModelChoiceField(
        queryset=Officer.objects.none(), required=False, label=_("Brought by"), empty_label=_("myself")
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

    def __init__(self, *args: Any, verb: str, servers: Any = None, **options: Any) -> None:
        super().__init__(*args, auto_id=f"id_{verb}_%s", **options)
        for name in set(self.fields) - set(FIELDS.get(verb, ())):
            del self.fields[name]
        if "served_by" in self.fields and servers is not None:
            self.fields["served_by"].queryset = servers  # type: ignore[attr-defined]
        for name in self.fields:
            if (verb, name) in OPTIONAL:
                self.fields[name].required = False

    def facts(self) -> dict[str, Any]:
        """What the action is told: nothing of what was left empty."""
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "", [])}


class WithdrawalForm(forms.Form):
    """Why a paper is taken back, or why not."""

    words = TextField(
        max_length=LONGEST_REASON, lines=True, label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3})
    )

    sure = forms.BooleanField(label=_("I have checked it; it cannot be undone."))

    def __init__(self, *args: Any, verb: str, **options: Any) -> None:
        super().__init__(*args, auto_id=f"id_{verb}_withdrawal_%s", **options)
        for name in set(self.fields) - set(WITHDRAWAL_FIELDS.get(verb, ())):
            del self.fields[name]


class SureForm(forms.Form):
    """What cannot be undone is done only after a look at it."""

    sure = forms.BooleanField(label=_("I have checked it; it cannot be undone."))

    def __init__(self, *args: Any, verb: str, **options: Any) -> None:
        super().__init__(*args, auto_id=f"id_{verb}_sure_%s", **options)


class DraftForm(forms.Form):
    """A notice by hand: which, why, and by when the matter is to be put right."""

    kind = forms.ChoiceField(choices=Paper.Kind.choices, label=_("Kind of paper"), widget=forms.RadioSelect)
    words = TextField(
        max_length=LONGEST_REASON,
        lines=True,
        label=_("Reason"),
        help_text=_("It is printed on the notice."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    rectify_by = LocalTimeField(label=_("To be put right by"))

    def __init__(self, *args: Any, verb: str = "draft", **options: Any) -> None:
        super().__init__(*args, auto_id=f"id_{verb}_%s", **options)
        if verb != "draft":
            del self.fields["kind"]


class ScanForm(forms.Form):
    """A file from the scanner."""

    file = forms.FileField(
        label=_("Scan"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/*"}),
        help_text=_("PDF or picture, up to 20 pages and 20 MB. Pages of several papers may stand in one file."),
    )


class PageForm(forms.Form):
    """Where a page of the tray belongs."""

    number = TextField(max_length=60, required=False, label=_("Number of the paper"))
    why = TextField(max_length=200, required=False, label=_("Or why it belongs to none"))

    def __init__(self, *args: Any, key: str = "page", **options: Any) -> None:
        super().__init__(*args, auto_id=f"id_{key}_%s", **options)
