"""Photos in forms: several at once, and those that had arrived before another field was refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from bureau.desk.models import Document

MOST_PHOTOS = 10


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """None, one or several files, as a list."""

    def __init__(self, *, asked_for: bool = False, **options: Any) -> None:
        """`asked_for`: needed in most cases, so not marked as optional; the action decides."""
        widget = SeveralFiles(attrs={"accept": "image/*", "multiple": True})
        self.must_have = bool(options.get("required"))
        super().__init__(**{"widget": widget, "required": asked_for, **options})

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = [file for file in (data if isinstance(data, (list, tuple)) else [data]) if file]
        if self.must_have and not files:
            raise ValidationError(_("Add a photo."), code="required")
        if len(files) > MOST_PHOTOS:
            raise ValidationError(
                _("At most %(most)d photos at once."), code="too_many_photos", params={"most": MOST_PHOTOS}
            )
        return files


class HoldsPhotos(forms.Form):
    """A form that keeps its photos when another of its fields is refused: `kept` is the mark of where they wait."""

    kept = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def show_kept(self, token: str, names: Sequence[str]) -> None:
        """Say which photos have arrived, and let them go along with the next sending."""
        self.initial["kept"] = token
        if self.is_bound:
            self.data = self.data.copy()  # type: ignore[assignment]
            self.data[self.add_prefix("kept")] = token
        if names:
            words = ngettext(
                "%(n)d photo has arrived already: %(names)s.",
                "%(n)d photos have arrived already: %(names)s.",
                len(names),
            )
            self["photos"].help_text = words % {"n": len(names), "names": gettext(", ").join(names)}


class AddPhotoForm(HoldsPhotos):
    """Photos of one stage."""

    stage = forms.ChoiceField(label=_("Taken"), choices=Document.Stage.choices, widget=forms.RadioSelect)
    photos = PhotosField(label=_("Photos"), required=True, help_text=_("JPEG, PNG, WebP or HEIC, up to 20 MB each."))

    def __init__(self, *args: Any, stages: Iterable[str] = Document.Stage.values, **options: Any) -> None:
        super().__init__(*args, **options)
        open_stages = [pair for pair in Document.Stage.choices if pair[0] in set(stages)]
        self.fields["stage"].choices = open_stages  # type: ignore[attr-defined]
        if len(open_stages) == 1:
            self.fields["stage"].widget = forms.HiddenInput()
            self.initial["stage"] = open_stages[0][0]
