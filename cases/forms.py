"""What is typed about a case: the lead, and what a move needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau import forms_refusals
from bureau.desk.fields import PhoneField, TextField
from bureau.desk.refusal import Refusal
from cases.actions.move import LONGEST_NOTE
from cases.models import Party

DATE_BOX = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
Pairs = Sequence[tuple[str, str]]
AT_FIELDS = {
    "officers": "second_officer",
    "party/kind": "party_kind",
    "party/name": "party_name",
    "party/phone": "party_phone",
    "party/address": "party_address",
}


@dataclass(frozen=True)
class Offered:
    """What may be chosen for a lead: powers by code, officers by staff number."""

    powers: Pairs = ()
    officers: Pairs = ()


class OpenCaseForm(forms.Form):
    """A lead as one officer types it; what the law asks of it is said by the action."""

    power = forms.ChoiceField(label=_("Power"))
    place = TextField(label=_("Place of the act"), max_length=200)
    act_on = forms.DateField(label=_("Day of the act"), input_formats=["%Y-%m-%d"], widget=DATE_BOX)
    discovered_on = forms.DateField(label=_("Discovered on"), input_formats=["%Y-%m-%d"], widget=DATE_BOX)
    continuing = forms.BooleanField(label=_("The act was still going on when it was discovered"), required=False)
    continuing_reason = TextField(
        label=_("Why it counts as going on"), max_length=200, required=False,
        help_text=_("Needed when it is discovered more than two years after the act."),
    )  # fmt: skip
    party_kind = forms.ChoiceField(label=_("Kind of party"), choices=Party.Kind.choices, widget=forms.RadioSelect)
    party_name = TextField(label=_("Name of the party"), max_length=80)
    party_phone = PhoneField(label=_("Phone"), required=False)
    party_address = TextField(label=_("Address of the party"), max_length=200, required=False)
    first_officer = forms.ChoiceField(label=_("Officer in charge"))
    second_officer = forms.ChoiceField(label=_("Second officer"))

    def __init__(self, *args: Any, offered: Offered, **options: Any) -> None:
        super().__init__(*args, **options)
        self.choose("power", offered.powers)
        self.choose("first_officer", offered.officers)
        self.choose("second_officer", offered.officers)

    def choose(self, name: str, pairs: Pairs) -> None:
        self.fields[name].choices = [("", ""), *pairs]  # type: ignore[attr-defined]

    def lead(self) -> dict[str, Any]:
        """The words for `open_case`."""
        said = dict(self.cleaned_data)
        party = {name: said.pop(f"party_{name}") for name in ("kind", "name", "phone", "address")}
        officers = [said.pop("first_officer"), said.pop("second_officer")]
        return {**said, "party": party, "officers": officers}


class MoveForm(forms.Form):
    """An opinion that goes on the record with the move."""

    note = TextField(
        label=_("Opinion"), required=False, max_length=LONGEST_NOTE, lines=True,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class ReturnForm(MoveForm):
    """What is missing; whoever approves next reads it."""

    note = TextField(
        label=_("What is to be completed"), max_length=LONGEST_NOTE, lines=True,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class WithdrawForm(forms.Form):
    reason = TextField(
        label=_("Reason of the withdrawal"), max_length=200, lines=True, widget=forms.Textarea(attrs={"rows": 3})
    )


FORMS: dict[str, type[forms.Form]] = {
    "request_filing": MoveForm,
    "endorse": MoveForm,
    "file": MoveForm,
    "return_for_completion": ReturnForm,
    "withdraw": WithdrawForm,
}


def form_of(verb: str, *data: Any) -> forms.Form | None:
    """The form of a move, bound when data come along; None for a verb without one."""
    found = FORMS.get(verb)
    return found(*data, auto_id=f"id_{verb}_%s") if found else None


def put_on(form: forms.Form, refusal: Refusal) -> None:
    forms_refusals.put_on(form, refusal, AT_FIELDS)
