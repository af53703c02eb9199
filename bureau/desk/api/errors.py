"""The words of every error code that the desk's own doors give; rooms add theirs to `error_codes`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ErrorDetail

from bureau.desk.contributions import error_codes
from bureau.desk.refusal import BadValue, Refusal, Words

TITLES: Mapping[int, Words] = {
    400: _("The request is not well formed"),
    401: _("Sign in or send a valid key"),
    403: _("Not allowed"),
    404: _("Not found"),
    405: _("This address does not take this method"),
    406: _("This form of answer is not available"),
    409: _("Not possible in the present state"),
    412: _("Changed in the meantime"),
    413: _("Too large"),
    415: _("This form of content is not taken"),
    422: _("Refused by a rule"),
    429: _("Too many requests"),
    500: _("A fault of the portal"),
    503: _("Not available for the moment"),
    507: _("No room to store this"),
}
WORDS: Mapping[str, Words] = {
    "bad_cursor": _("This cursor was not given by this list. Begin again without it."),
    "bidi_control": _("This holds signs that turn the direction of writing. Type the text anew."),
    "blank": _("This must not be blank."),
    "body_too_large": _("The request is larger than this portal takes."),
    "conflict": _("This contradicts something that is already recorded. Read again, then try again."),
    "control_character": _("This holds control signs. Type the text anew."),
    "csrf_failed": _("The CSRF token is missing or wrong. Load the page again."),
    "duplicate_key": _("A name stands twice in the same JSON object."),
    "forbidden": _("You may not do this."),
    "in_flight": _("The same request is being handled at this moment. Ask again shortly."),
    "internal_error": _("Something went wrong on our side. Tell the administrator the trace id."),
    "invalid": _("Some fields need another look."),
    "invalid_boolean": _("Give true or false."),
    "invalid_choice": _("This is not one of the choices."),
    "invalid_date": _("This is not a date. Write 2026-09-30, or 2026-09-30T14:00:00+08:00 for an instant."),
    "invalid_id": _("This is not an id."),
    "invalid_list": _("Give a list."),
    "invalid_number": _("This is not a number."),
    "invalid_object": _("Give a JSON object."),
    "invalid_phone": _("This is not a phone number. Give 11 digits, or area code and number."),
    "invalid_text": _("This must be text."),
    "key_reused": _("This Idempotency-Key was used for another request. Use a new one."),
    "malformed": _("The request could not be read."),
    "malformed_json": _("The body is not JSON as RFC 8259 has it."),
    "method_not_allowed": _("This address does not take this method."),
    "no_room": _("There is no room left to store this. Nothing was kept; the administrator must make room first."),
    "not_acceptable": _("Answers are application/json only."),
    "not_authenticated": _("Send a valid key as `Authorization: Bearer KEY`, or sign in."),
    "not_found": _("There is no such thing here, or you may not see it."),
    "not_your_move": _("This move belongs to another post."),
    "required": _("This is needed."),
    "scope_missing": _("This key was not given the scope for this."),
    "sod_conflict": _("Separation of duties: you already hold another step."),
    "illegal_transition": _("This is not open in the present status."),
    "too_large": _("This is above the limit."),
    "too_long": _("This is too long."),
    "too_many_requests": _("Too many requests. Wait as long as Retry-After says."),
    "too_short": _("This is too short."),
    "too_small": _("This is below the limit."),
    "unavailable": _("The portal cannot answer for the moment. Try again shortly."),
    "unknown_crs": _("Name the coordinate system: EPSG:4326 (WGS-84) or GCJ02."),
    "unknown_field": _("This field is not known here."),
    "unknown_filter": _("This filter is not known here."),
    "unknown_ordering": _("This ordering is not known here."),
    "unknown_verb": _("There is no such move."),
    "unsupported_charset": _("Send UTF-8."),
    "unsupported_media_type": _("Send application/json; files as multipart/form-data where a file is asked for."),
    "version_stale": _("Somebody changed this in the meantime. Read it again, then decide."),
    "zone_required": _("Say the time zone of this instant, as in 2026-09-30T14:00:00+08:00."),
}
# What Django and its REST framework call it -> what we call it on page and API.
OUR_NAMES: Mapping[str, str] = {
    "date": "invalid_date",
    "datetime": "invalid_date",
    "does_not_exist": "invalid_choice",
    "empty": "required",
    "incomplete": "required",
    "incorrect_type": "invalid_id",
    "invalid_list": "invalid_list",
    "invalid_pk_value": "invalid_id",
    "make_aware": "invalid_date",
    "max_decimal_places": "invalid_number",
    "max_digits": "invalid_number",
    "max_length": "too_long",
    "max_string_length": "invalid_number",
    "max_value": "too_large",
    "max_whole_digits": "too_large",
    "min_length": "too_short",
    "min_value": "too_small",
    "not_a_dict": "invalid_object",
    "not_a_list": "invalid_list",
    "null": "required",
    "null_characters_not_allowed": "control_character",
    "overflow": "too_large",
}
ECHOING = frozenset({"invalid_choice", "invalid_id", "invalid_list", "invalid_number", "invalid_object"})


def name_of(code: str | None) -> str:
    """Our name of an error code."""
    return OUR_NAMES.get(code or "invalid", code or "invalid")


def words_of(code: str, otherwise: Words = "") -> Words:
    """The words of a code, lazily in the reader's language."""
    return WORDS.get(code) or error_codes.get(code) or otherwise or WORDS["invalid"]


def all_codes() -> list[tuple[str, Words]]:
    return sorted([*WORDS.items(), *error_codes.items()], key=lambda pair: pair[0].lower())


def _filled(words: Words, params: Mapping[str, Any]) -> str:
    return str(words) % params if params else str(words)


_lazily_filled: Any = lazy(_filled, str)


def refusals_of(error: ValidationError, pointer: str = "") -> list[Refusal]:
    """Django's validation errors as refusals; the words stay lazy, and words that echo a value are replaced."""
    if hasattr(error, "error_dict"):
        return [
            refusal
            for name, errors in error.error_dict.items()
            for one in errors
            for refusal in refusals_of(one, "" if name == "__all__" else f"{pointer}/{pointer_part(name)}")
        ]
    return [_refusal_of(one, pointer) for one in error.error_list]


def _refusal_of(error: ValidationError, pointer: str) -> Refusal:
    code = name_of(error.code)
    words = words_of(code) if code in ECHOING else _lazily_filled(error.message, error.params or {})
    return BadValue(words, code=code, pointer=pointer)


def details_in(detail: Any, pointer: str = "") -> Iterator[tuple[str, ErrorDetail]]:
    """The leaves of a serializer's errors, each with the JSON pointer of its field."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            own = str(name) == "non_field_errors"
            yield from details_in(inner, pointer if own else f"{pointer}/{pointer_part(name)}")
    elif isinstance(detail, (list, tuple)):
        for place, inner in enumerate(detail):
            is_leaf = isinstance(inner, ErrorDetail)
            yield from details_in(inner, pointer if is_leaf else f"{pointer}/{place}")
    else:
        yield pointer, detail


def refusals_in(detail: Any) -> list[Refusal]:
    """A serializer's errors as refusals in the words of their codes."""
    return [
        BadValue(words_of(name_of(leaf.code), str(leaf)), code=name_of(leaf.code), pointer=pointer)
        for pointer, leaf in details_in(detail)
    ]


def pointer_part(name: object) -> str:
    """One step of a JSON pointer (RFC 6901), cut short: names come from outside."""
    return str(name)[:60].replace("~", "~0").replace("/", "~1").encode("ascii", "backslashreplace").decode()


def unknown(names: Iterable[str], code: str) -> list[Refusal]:
    """One refusal for each name that is not known: fields, filters, orderings."""
    return [BadValue(WORDS[code], code=code, pointer=f"/{pointer_part(name)}") for name in names]
