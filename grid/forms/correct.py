"""The form by which the centre puts right what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau.desk.fields import TextField
from bureau.desk.models import Document
from grid.forms.photos import HoldsPhotos, PhotosField
from grid.models import Issue

PLACE = ("latitude", "longitude")


class CorrectForm(HoldsPhotos):
    """Address, point, type, photo; only what differs from the issue is handed on."""

    reason = TextField(label=_("Reason of the correction"), max_length=200)
    type = forms.ChoiceField(label=_("Type"), widget=forms.Select(attrs={"data-find": _("type to find")}))
    address = TextField(label=_("Address"), required=False, max_length=200)
    latitude = forms.FloatField(label=_("Latitude"), required=False, min_value=-90, max_value=90)
    longitude = forms.FloatField(label=_("Longitude"), required=False, min_value=-180, max_value=180)
    wrong_photo = forms.ChoiceField(label=_("Wrong photo"), required=False)
    photos = PhotosField(
        label=_("Right photo"), help_text=_("Takes the place of the wrong one, which stays in the record.")
    )

    def __init__(self, *args: Any, issue: Issue, types: list[Any], photos: Sequence[Document], **options: Any) -> None:
        initial = {"type": issue.type_id, "address": issue.address}
        initial |= {name: getattr(issue, name) for name in PLACE}
        super().__init__(*args, initial={**initial, **options.pop("initial", {})}, **options)
        self.issue = issue
        self.photos_there = {str(photo.pk): photo for photo in photos}
        self.fields["type"].choices = types  # type: ignore[attr-defined]
        self.fields["wrong_photo"].choices = [  # type: ignore[attr-defined]
            ("", _("none")),
            *(
                (pk, f"{photo.get_stage_display()} {photo.file_name or photo.sha256[:8]}")
                for pk, photo in self.photos_there.items()
            ),
        ]
        for name in PLACE:
            self.fields[name].widget.attrs.update({"step": "any", "inputmode": "decimal"})

    def corrections(self) -> dict[str, Any]:
        """The words of `correct_issue`, less the right photo."""
        said = self.cleaned_data
        found: dict[str, Any] = {"reason": said["reason"]}
        if said["type"] != self.issue.type_id:
            found["type"] = said["type"]
        if said["address"] != self.issue.address:
            found["address"] = said["address"]
        if any(said[name] != getattr(self.issue, name) for name in PLACE):
            found |= {name: said[name] for name in PLACE}
        if said["wrong_photo"]:
            found["wrong_photo"] = self.photos_there[said["wrong_photo"]]
        return found
