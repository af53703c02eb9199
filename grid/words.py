"""Typed words in an action: the desk's cleaning, answered as a refusal that names the field."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bureau.desk.api.errors import refusals_of
from bureau.desk.refusal import BadValue
from bureau.desk.wording import clean_phone, clean_text


def tidy_text(text: str, field: str, *, longest: int, may_be_blank: bool = False, lines: bool = False) -> str:
    """The text as it is kept; BadValue at `/field` with the desk's code, or `blank`."""
    tidy = told(field, lambda: clean_text(text, longest, lines=lines))
    if not tidy and not may_be_blank:
        raise BadValue(_("This may not be blank."), code="blank", pointer=f"/{field}")
    return tidy


def tidy_phone(text: str, field: str) -> str:
    """A phone number as digits, "" when blank; BadValue `invalid_phone` that does not echo it."""
    return told(field, lambda: clean_phone(text))


def told(field: str, clean: Callable[[], str]) -> str:
    try:
        return clean()
    except ValidationError as error:
        raise refusals_of(error, f"/{field}")[0] from error
