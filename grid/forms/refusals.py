"""A refused act, told at the field that it is about."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError

from bureau.desk.refusal import Refusal, as_errors

EVERYDAY = frozenset({"required", "blank", "invalid_choice", "invalid_phone", "invalid_number", "too_long"})
ALIASES = {
    "file": "photos",
    "right_photo": "photos",
    "reporter/name": "reporter_name",
    "reporter/phone": "reporter_phone",
}


def put_on(form: forms.Form, refusal: Refusal) -> None:
    """Every defect at its field by pointer, else at the form as a whole, with its code behind the words."""
    for defect in as_errors(refusal):
        pointer = defect.pointer.strip("/")
        name = ALIASES.get(pointer, pointer)
        field = name if name in form.fields else None
        words = str(defect) if field and defect.code in EVERYDAY else f"{defect} ({defect.code})"
        form.add_error(field, ValidationError(words, code=defect.code))
