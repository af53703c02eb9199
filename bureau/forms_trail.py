"""What may be asked of the trail: an export of some days, refused requests of a kind."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

DAY = forms.DateInput(attrs={"type": "date"})


class ExportForm(forms.Form):
    """Both days count whole, in the portal's time zone."""

    start = forms.DateField(label=_("from day"), widget=DAY)
    end = forms.DateField(label=_("until day, included"), widget=DAY)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        start, end = data.get("start"), data.get("end")
        if start and end and end < start:
            self.add_error("end", _("The last day lies before the first."))
        return data

    def span(self) -> dict[str, datetime]:
        return {
            "start": midnight(self.cleaned_data["start"]),
            "end": midnight(self.cleaned_data["end"] + timedelta(days=1)),
        }

    def file_name(self) -> str:
        return f"trail-{self.cleaned_data['start']}-{self.cleaned_data['end']}.zip"


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
