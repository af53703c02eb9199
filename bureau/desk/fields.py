"""Form fields that clean as the API does: the same text, the same codes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from bureau.desk.wording import clean_phone, clean_text


class TextField(forms.CharField):
    """Text of at most `max_length` signs; `lines=True` for a box of several lines."""

    def __init__(self, *, max_length: int, lines: bool = False, **kwargs: Any) -> None:
        self.limit, self.lines = max_length, lines
        kwargs.setdefault("widget", forms.Textarea if lines else forms.TextInput)
        super().__init__(strip=False, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "maxlength": str(self.limit)}

    def to_python(self, value: Any) -> str:
        return clean_text(value or "", self.limit, lines=self.lines)


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """None, one or several files, as a list; what they are is asked by the action."""

    def __init__(self, *, most: int, accept: str = "image/*,application/pdf", **options: Any) -> None:
        self.most = most
        super().__init__(widget=SeveralFiles(attrs={"accept": accept, "multiple": True}), **options)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = [file for file in (data if isinstance(data, (list, tuple)) else [data]) if file]
        if self.required and not files:
            raise ValidationError(_("Add a file."), code="required")
        if len(files) > self.most:
            raise ValidationError(
                _("At most %(most)d files at once."), code="too_many_files", params={"most": self.most}
            )
        return files


class PhoneField(forms.CharField):
    """A phone number, kept as plain digits."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}))
        super().__init__(strip=False, **kwargs)

    def to_python(self, value: Any) -> str:
        return clean_phone(value or "")
