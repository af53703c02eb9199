"""The decision on a request about a clock, as a form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau.desk.fields import TextField


class DecideForm(forms.Form):
    """Granted or refused, and why; the second return also names who handles it."""

    reason = TextField(
        label=_("Reason of the decision"), max_length=1000, lines=True, widget=forms.Textarea(attrs={"rows": 2})
    )
    to = forms.ChoiceField(label=_("Who handles it"), required=False)

    def __init__(self, *args: Any, bodies: Iterable[tuple[str, str]] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        choices = list(bodies)
        if choices:
            self.fields["to"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["to"]
