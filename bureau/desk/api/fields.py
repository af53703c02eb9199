"""Fields of input: they take what they say and nothing near it, and never repeat a value in their words."""

from __future__ import annotations

import math
import re
import uuid
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from bureau.desk.api.errors import words_of
from bureau.desk.wording import clean_phone, clean_text

INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}([.,]\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?", re.ASCII)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,20})?", re.ASCII)
EARLIEST, LATEST = 1900, 2200


def wrong(code: str) -> ValidationError:
    words: Any = words_of(code)
    return ValidationError(words, code=code)


class Text(serializers.CharField):
    """Text of at most `max_length` signs; `lines=True` keeps line breaks."""

    def __init__(self, *, max_length: int, lines: bool = False, **kwargs: Any) -> None:
        self.lines = lines
        super().__init__(max_length=max_length, trim_whitespace=False, **kwargs)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        value = super().run_validation(data)
        if value == "" and not self.allow_blank:
            raise serializers.ValidationError([serializers.ErrorDetail(str(words_of("blank")), "blank")])
        return value

    def to_internal_value(self, data: Any) -> str:
        return clean_text(data, self.max_length or 0, lines=self.lines)


class Phone(serializers.CharField):
    """A phone number; answered as plain digits."""

    def to_internal_value(self, data: Any) -> str:
        return clean_phone(data)


class Choice(serializers.ChoiceField):
    """One of the choices; the refusal names them."""

    def to_internal_value(self, data: Any) -> Any:
        known = {str(key): key for key in self.choices}
        if not isinstance(data, (str, int)) or isinstance(data, bool) or str(data) not in known:
            raise ValidationError(
                _("Choose one of: %(choices)s."), code="invalid_choice", params={"choices": ", ".join(known)}
            )
        return known[str(data)]


class Instant(serializers.DateTimeField):
    """An instant with its zone, ISO 8601; answered in Asia/Shanghai with the offset."""

    def to_internal_value(self, value: Any) -> datetime:
        if not isinstance(value, str) or not (shape := INSTANT.fullmatch(value)):
            raise wrong("invalid_date")
        if shape.group(3) is None:
            raise wrong("zone_required")
        try:
            found = datetime.fromisoformat(value)
        except ValueError as error:
            raise wrong("invalid_date") from error
        if not EARLIEST < found.year < LATEST or abs(found.utcoffset() or timedelta()) > timedelta(hours=15):
            raise wrong("invalid_date")
        return found.astimezone(timezone.get_default_timezone())


class Day(serializers.DateField):
    """A date as 2026-09-30."""

    def to_internal_value(self, value: Any) -> date:
        if not isinstance(value, str) or not DAY.fullmatch(value):
            raise wrong("invalid_date")
        try:
            found = date.fromisoformat(value)
        except ValueError as error:
            raise wrong("invalid_date") from error
        if not EARLIEST < found.year < LATEST:
            raise wrong("invalid_date")
        return found


class Number(serializers.FloatField):
    """A finite JSON number, or the same digits as text; `min_value` and `max_value` bound it."""

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, bool) or not isinstance(data, (int, float, str)):
            raise wrong("invalid_number")
        if isinstance(data, str) and not NUMBER.fullmatch(data):
            raise wrong("invalid_number")
        try:
            value = float(data)
        except OverflowError as error:
            raise wrong("invalid_number") from error
        if not math.isfinite(value):
            raise wrong("invalid_number")
        return value


class Whole(serializers.IntegerField):
    """A whole JSON number."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int) or abs(data) > 2**53:
            raise wrong("invalid_number")
        return data


class YesNo(serializers.BooleanField):
    """true or false, nothing that merely looks like it."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            raise wrong("invalid_boolean")
        return data


class Id(serializers.UUIDField):
    """An id as the API answers it."""

    def to_internal_value(self, data: Any) -> uuid.UUID:
        try:
            return uuid.UUID(data) if isinstance(data, str) and len(data) == 36 else self._refuse()
        except ValueError:
            return self._refuse()

    def _refuse(self) -> uuid.UUID:
        raise wrong("invalid_id")
