from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from grid.actions.reporter import PURPOSES


class PurposeForm(forms.Form):
    """Why somebody looks at the reporter's name and phone."""

    purpose = forms.ChoiceField(label=_("What for"), choices=list(PURPOSES.items()), widget=forms.RadioSelect)
