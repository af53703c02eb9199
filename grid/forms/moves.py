"""What each move of an issue asks for, as a form of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau.desk.fields import TextField
from grid.actions.move import LONGEST_NOTE
from grid.actions.redispatch import REDISPATCH_REASONS
from grid.actions.settle import REFUSAL_REASONS, VOID_REASONS
from grid.forms.photos import HoldsPhotos, PhotosField
from grid.models import Issue


@dataclass(frozen=True)
class Choices:
    """What may be chosen on this issue: organisations by code, officers by username."""

    handlers: Sequence[tuple[str, str]] = ()
    officers: Sequence[tuple[str, str]] = ()
    me: str = ""


class MoveForm(forms.Form):
    """Every move can carry a note."""

    note = TextField(
        label=_("Note"),
        required=False,
        max_length=LONGEST_NOTE,
        lines=True,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, choices: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.choose(choices)

    def choose(self, choices: Choices) -> None:
        """Put in what may be chosen here."""

    def facts(self) -> dict[str, Any]:
        """The words for `move_issue`: note and facts."""
        return dict(self.cleaned_data)


class ReasonedForm(MoveForm):
    """A move whose note is the reason."""

    field_order = ["note"]

    def choose(self, choices: Choices) -> None:
        self.fields["note"].required = True
        self.fields["note"].label = _("What was found")


class OtherHandlerForm(MoveForm):
    """To another organisation than the proposed one, with the reason."""

    to = forms.ChoiceField(label=_("Dispatch to"))
    field_order = ["to", "note"]

    def choose(self, choices: Choices) -> None:
        self.fields["to"].choices = list(choices.handlers)  # type: ignore[attr-defined]
        self.fields["note"].label = _("Why not the proposed one")


class TakeForm(MoveForm):
    officers = forms.MultipleChoiceField(
        label=_("Who handles it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("You yourself when nobody is named."),
    )
    note = None  # type: ignore[assignment]

    def choose(self, choices: Choices) -> None:
        self.fields["officers"].choices = list(choices.officers)  # type: ignore[attr-defined]


class FeedBackForm(HoldsPhotos, MoveForm):
    outcome = forms.ChoiceField(label=_("Result"), choices=Issue.Outcome.choices, widget=forms.RadioSelect)
    use_required_attribute = False
    photos = PhotosField(
        asked_for=True,
        label=_("Photos from after"),
        help_text=_("At least one photo taken since the case was taken over."),
    )
    case = TextField(
        label=_("Number of the enforcement case"),
        required=False,
        max_length=60,
        help_text=_("Only when an enforcement case was opened; then no photo is needed."),
    )
    field_order = ["kept", "photos", "outcome", "case", "note"]

    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "kept"}


class EndForm(MoveForm):
    """Refusing and voiding: a reason of the list, and words if wanted."""

    reasons: Mapping[str, Any] = {}
    reason = forms.ChoiceField(label=_("Reason"), widget=forms.RadioSelect)
    field_order = ["reason", "note"]

    def choose(self, choices: Choices) -> None:
        self.fields["reason"].choices = list(self.reasons.items())  # type: ignore[attr-defined]


class RefuseForm(EndForm):
    reasons = REFUSAL_REASONS


class VoidForm(EndForm):
    reasons = VOID_REASONS


class RedispatchForm(EndForm):
    """The centre erred: to whom instead, and what the error was."""

    reasons = REDISPATCH_REASONS
    to = forms.ChoiceField(label=_("Dispatch to"))
    field_order = ["to", "reason", "note"]

    def choose(self, choices: Choices) -> None:
        super().choose(choices)
        self.fields["to"].choices = list(choices.handlers)  # type: ignore[attr-defined]


FORMS: dict[str, type[MoveForm]] = {
    "confirm": MoveForm,
    "deny": ReasonedForm,
    "refuse": RefuseForm,
    "void": VoidForm,
    "take": TakeForm,
    "feed_back": FeedBackForm,
    "verify": MoveForm,
    "rework": ReasonedForm,
    "dispatch_other": OtherHandlerForm,
    "redispatch": RedispatchForm,
}


def form_of(variant: str, choices: Choices, *args: Any) -> MoveForm | None:
    """The form of a move, bound when data come along; None for a move that is one press of a button.

    `variant` is the verb, or `dispatch_other` for an organisation that was not proposed.
    """
    found = FORMS.get(variant)
    return found(*args, choices=choices, auto_id=f"id_{variant}_%s") if found else None
