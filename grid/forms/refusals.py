"""Where the forms of issues show a refusal whose pointer has another name than their field."""

from __future__ import annotations

from django import forms

from bureau import forms_refusals
from bureau.desk.refusal import Refusal

ALIASES = {
    "file": "photos",
    "right_photo": "photos",
    "reporter/name": "reporter_name",
    "reporter/phone": "reporter_phone",
}


def put_on(form: forms.Form, refusal: Refusal) -> None:
    forms_refusals.put_on(form, refusal, ALIASES)
