"""JSON as RFC 8259 has it and nothing beside: no NaN, no doubled names, UTF-8, an object at the top."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from typing import IO, Any, NoReturn

from django.conf import settings
from django.http.multipartparser import MultiPartParserError
from rest_framework import exceptions
from rest_framework.parsers import BaseParser, MultiPartParser

from bureau.desk.api.errors import words_of
from bureau.desk.refusal import BadValue, Refusal

LARGEST_BODY = 1024 * 1024


class UnsupportedCharset(Refusal):
    status, code = 415, "unsupported_charset"


class BodyTooLarge(Refusal):
    status, code = 413, "body_too_large"


class Malformed(ValueError):
    """What is wrong with the JSON, by its code."""


class StrictJSONParser(BaseParser):
    media_type = "application/json"

    @staticmethod
    def largest() -> int:
        return LARGEST_BODY

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """The object sent. Raises refusals: malformed_json, duplicate_key, unsupported_charset, body_too_large."""
        refuse_foreign_charset(media_type or "")
        body = stream.read(LARGEST_BODY + 1)
        if len(body) > LARGEST_BODY:
            raise BodyTooLarge(words_of("body_too_large"))
        try:
            text = body.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise UnsupportedCharset(words_of("unsupported_charset")) from error
        return read_object(text)


def refuse_foreign_charset(media_type: str) -> None:
    for part in media_type.split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset" and value.strip().strip('"').lower() not in ("utf-8", "utf8"):
            raise UnsupportedCharset(words_of("unsupported_charset"))


def read_object(text: str) -> dict[str, Any]:
    """The JSON object in this text; BadValue `malformed_json`, `duplicate_key` or `invalid_object` otherwise."""
    try:
        value = json.loads(text, object_pairs_hook=_distinct, parse_constant=_no_constant, parse_float=_finite)
        if "\\ud" in text.lower():
            json.dumps(value, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except Malformed as error:
        raise BadValue(words_of(str(error)), code=str(error)) from error
    except (ValueError, RecursionError) as error:
        raise BadValue(words_of("malformed_json"), code="malformed_json") from error
    if not isinstance(value, dict):
        raise BadValue(words_of("invalid_object"), code="invalid_object")
    return value


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed("duplicate_key")
    return found


def _no_constant(name: str) -> NoReturn:
    raise Malformed("malformed_json")


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise Malformed("malformed_json")
    return value


class FileParser(MultiPartParser):
    """Files as multipart/form-data."""

    @staticmethod
    def largest() -> int:
        return int(getattr(settings, "API_LARGEST_UPLOAD", 21 * 1024 * 1024))

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except (exceptions.ParseError, MultiPartParserError) as error:
            raise BadValue(words_of("malformed"), code="malformed") from error


def refuse_large(length: str | None, parsers: Iterable[Any]) -> None:
    """BodyTooLarge by the length announced, before a byte is read."""
    largest = max((parser.largest() for parser in parsers), default=0)
    if length and length.isdigit() and int(length) > largest:
        raise BodyTooLarge(words_of("body_too_large"))
