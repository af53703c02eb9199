"""A refused act, told at the field that it is about: one way for every form."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.core.exceptions import ValidationError

from bureau.desk.refusal import Refusal, as_errors

EVERYDAY = frozenset({"required", "blank", "invalid_choice", "invalid_phone", "invalid_number", "too_long"})
NONE: Mapping[str, str] = {}


def put_on(form: forms.Form, refusal: Refusal, aliases: Mapping[str, str] = NONE) -> int:
    """Every defect at its field by pointer (or by the alias of it), else at the form as a whole; answers the status.

    A code stands behind the words wherever they are not an everyday matter of that very field.
    """
    for defect in as_errors(refusal):
        pointer = defect.pointer.strip("/")
        name = aliases.get(pointer, pointer)
        field = name if name in form.fields else None
        words = str(defect) if field and defect.code in EVERYDAY else f"{defect} ({defect.code})"
        form.add_error(field, ValidationError(words, code=defect.code))
    return refusal.status
