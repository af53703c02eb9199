"""Figures of rules: a default in code or in a catalogue, and dated rows that say otherwise (grid.md 7, R15)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from bureau.desk.explain import limit_in_words
from bureau.desk.limits import BadLimit, Limit
from bureau.desk.models.figure import Figure
from bureau.desk.refusal import BadValue, Words

DEFAULTS: dict[str, str] = {}
LABELS: dict[str, Words] = {}
CHOICES: dict[str, tuple[str, ...]] = {}
FAMILIES: dict[str, Family] = {}


@dataclass(frozen=True)
class Family:
    """Figures of one kind for each row of a catalogue: `members` answers their defaults and labels by name."""

    members: Callable[[], Mapping[str, tuple[str, Words]]]
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Known:
    """A figure as it stands: `row` is the one in force, or None while the default holds."""

    name: str
    label: Words
    default: str
    row: Figure | None

    @property
    def value(self) -> str:
        return self.row.value if self.row else self.default

    @property
    def shown(self) -> str:
        """A limit in words, in the language in force; anything else as it is."""
        return limit_in_words(Limit.parse(self.value)) if is_limit(self.value) else self.value


def declare(**defaults: str) -> None:
    """A room names its figures and their defaults; names are `room_figure`."""
    DEFAULTS.update(defaults)


def describe(**labels: Words) -> None:
    """What the figures are called on pages."""
    LABELS.update(labels)


def choose(**choices: tuple[str, ...]) -> None:
    """The only values that these figures may take."""
    CHOICES.update(choices)


def declare_family(prefix: str, family: Family) -> None:
    """A room names a family of figures `prefix` + code, whose defaults stand in a catalogue."""
    FAMILIES[prefix] = family


def figure(name: str, on: date, default: str | None = None) -> str:
    """The value in force on that day: the newest row from that day or before, else the default."""
    row = Figure.objects.filter(name=name, valid_from__lte=on).order_by("-valid_from").first()
    if row:
        return row.value
    return DEFAULTS[name] if default is None else default


def known_figures(on: date, names: Iterable[str] = ()) -> list[Known]:
    """All figures, or those named, with what is in force on that day. One query, and one for each family."""
    told: dict[str, tuple[str, Words]] = {name: (default, LABELS.get(name, name)) for name, default in DEFAULTS.items()}
    for family in FAMILIES.values():
        told.update(family.members())
    wanted = set(names) or set(told)
    rows: dict[str, Figure] = {}
    for row in Figure.objects.filter(valid_from__lte=on).select_related("set_by").order_by("valid_from"):
        rows[row.name] = row
    return [Known(name, label, default, rows.get(name)) for name, (default, label) in told.items() if name in wanted]


def checked(name: str, default: str, value: str) -> str:
    """The value in its one spelling; raises BadValue when it is not of the kind of the default."""
    value = value.strip()
    of_family = (family.choices for prefix, family in FAMILIES.items() if name.startswith(prefix))
    choices = CHOICES.get(name) or next(of_family, ())
    if choices and value not in choices:
        raise BadValue(
            format_lazy(_("Choose one of: {choices}."), choices=", ".join(choices)),
            code="invalid_choice",
            pointer="/value",
        )
    if is_limit(default):
        try:
            return str(Limit.parse(value))
        except BadLimit as error:
            words = _("Write an amount and its unit, as in “4 working_hours”.")
            raise BadValue(words, code="invalid_limit", pointer="/value") from error
    if default.isdecimal() and not value.isdecimal():
        raise BadValue(_("Write a whole number."), code="invalid_number", pointer="/value")
    if not 0 < len(value) <= 60:
        raise BadValue(_("Write between 1 and 60 characters."), code="too_long", pointer="/value")
    return value


def is_limit(text: str) -> bool:
    try:
        Limit.parse(text)
    except BadLimit:
        return False
    return True


def local_day(at: datetime) -> date:
    return timezone.localdate(at)
