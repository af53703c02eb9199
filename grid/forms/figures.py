"""Of which days and of what the figures are; by default of this month."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bureau.models import Unit
from grid.indicators import Scope
from grid.models import IssueType

LONGEST_DAYS = 731


class FiguresForm(forms.Form):
    first = forms.DateField(label=_("from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last = forms.DateField(label=_("until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    unit = forms.ModelChoiceField(
        Unit.objects.all(), label=pgettext_lazy("territory", "unit"), required=False, empty_label=_("all")
    )
    type = forms.ModelChoiceField(IssueType.objects.all(), label=_("type"), required=False, empty_label=_("all"))
    organisation = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and first > last:
            self.add_error("last", _("The last day lies before the first."))
        elif first and last and (last - first).days >= LONGEST_DAYS:
            self.add_error("last", _("Two years at most."))
        return data

    def scope(self) -> Scope:
        data = self.cleaned_data
        unit, kind = data["unit"], data["type"]
        return Scope(data["first"], data["last"], unit.pk if unit else "", kind.pk if kind else "",
                     data["organisation"])  # fmt: skip


def form_for(data: Any, today: date) -> FiguresForm:
    """What was asked; what was not is this month."""
    asked = data.copy()
    asked.setdefault("first", today.replace(day=1).isoformat())
    asked.setdefault("last", today.isoformat())
    return FiguresForm(asked)
