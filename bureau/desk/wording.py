"""What people type, cleaned once for page and API alike, with the same codes; and words in both languages.

Codes: `too_long`, `bidi_control`, `control_character`, `invalid_text`, `invalid_phone` (corpus of bad input, 7 to 9).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise, lazy
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from bureau.desk.refusal import Words

ZERO_WIDTH = (
    "\u00ad\u115f\u1160\u180b\u180c\u180d\u180e\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\u3164\ufeff\uffa0"
)
BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
LINE_BREAKS = re.compile(r"[\t\r\n\u2028\u2029]+")
PHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}[2-9]\d{6,7}|[2-9]\d{6,7}|[48]00\d{7}")
PHONE_MARKS = re.compile(r"[\s\-()]")
COUNTRY_CODE = re.compile(r"^(\+86|0086|86(?=1\d{10}$))")


def clean_text(value: object, max_length: int, *, lines: bool = False) -> str:
    """The text as it is kept: NFC, without blanks at its ends; "" when nothing visible was typed.

    `lines` keeps line breaks, else they become one space. Raises ValidationError with a code of this module.
    """
    if not isinstance(value, str):
        raise ValidationError(_("This must be text."), code="invalid_text")
    if BIDI_CONTROLS.search(value):
        raise ValidationError(
            _("This holds signs that turn the direction of writing. Type the text anew."), code="bidi_control"
        )
    if CONTROLS.search(value):
        raise ValidationError(_("This holds control signs. Type the text anew."), code="control_character")
    text = unicodedata.normalize("NFC", value)
    text = text.replace("\r\n", "\n").replace("\r", "\n") if lines else LINE_BREAKS.sub(" ", text)
    text = strip_blanks(text)
    if len(text) > max_length:
        raise ValidationError(
            _("This is too long: at most %(limit)d characters."), code="too_long", params={"limit": max_length}
        )
    return text


def strip_blanks(text: str) -> str:
    """Without spaces and signs of no width at either end."""
    start, end = 0, len(text)
    while start < end and is_blank(text[start]):
        start += 1
    while end > start and is_blank(text[end - 1]):
        end -= 1
    return text[start:end]


def is_blank(sign: str) -> bool:
    return sign.isspace() or sign in ZERO_WIDTH


def clean_phone(value: object) -> str:
    """A phone number as plain digits: full-width digits, spaces, dashes and +86 are taken off; "" when blank."""
    text = unicodedata.normalize("NFKC", clean_text(value, 40))
    digits = COUNTRY_CODE.sub("", PHONE_MARKS.sub("", text))
    if not digits:
        return ""
    if not (digits.isascii() and PHONE.fullmatch(digits)):
        raise ValidationError(
            _("This is not a phone number. Give 11 digits, or area code and number."), code="invalid_phone"
        )
    return digits


def in_both(words: object) -> dict[str, str]:
    """The words in both languages of the portal: `{"zh": ..., "en": ...}`."""
    with override("zh-hans"):
        zh = str(words)
    with override("en"):
        return {"zh": zh, "en": str(words)}


def either(zh: str, en: str) -> Promise:
    """Words that are known in both languages already, as one lazy value."""
    words: Promise = _by_language(zh, en)
    return words


def _pick(zh: str, en: str) -> str:
    return en if (get_language() or "").startswith("en") else zh


_by_language: Any = lazy(_pick, str)


def coded(choices: Iterable[tuple[Any, Words]]) -> list[dict[str, str]]:
    """A code list from `Choices.choices`, for `code_lists`: `[{"code", "zh", "en"}]`."""
    return [{"code": str(code), **in_both(label)} for code, label in choices]
