"""Small signs as HTML: icon, light, seal, status. A colour never stands alone: a shape and a word stand with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from bureau.desk.refusal import Words
from bureau.face.words import remaining


@dataclass(frozen=True)
class Light:
    mark: str
    css: str
    word: Words


LIGHTS: Final = {
    "green": Light("green", "is-green", _("Green light")),
    "yellow": Light("yellow", "is-yellow", _("Yellow light")),
    "red": Light("red", "is-red", _("Red light")),
    "grey": Light("grey", "is-grey", pgettext_lazy("light", "Suspended")),
    "provisional": Light("prov", "is-prov", _("Provisional")),
    "met": Light("met", "is-met", _("Done in time")),
    "met_late": Light("met", "is-met", _("Done late")),
}
OTHER_NAMES: Final = {"suspended": "grey", "prov": "provisional", "": "met"}


@dataclass(frozen=True)
class Seal:
    css: str
    character: Words
    word: Words


SEALS: Final = {
    "urge": Seal("urge", pgettext_lazy("seal", "U"), _("Urging notice")),
    "supervise": Seal("order", pgettext_lazy("seal", "S"), _("Supervision notice")),
    "refer": Seal("refer", pgettext_lazy("seal", "R"), _("Referral candidate")),
}


def canonical(state: str) -> str:
    return OTHER_NAMES.get(state, state)


def icon(name: str) -> SafeString:
    """An icon of the sprite; it says nothing to a screen reader, so a word must stand beside it."""
    return format_html('<svg class="ico" aria-hidden="true"><use href="#i-{}"/></svg>', name)


def mark(state: str) -> SafeString:
    """The shape of a light alone; `err` is the black square of a mistake."""
    name = LIGHTS[canonical(state)].mark if canonical(state) in LIGHTS else state
    return format_html('<svg class="mark" aria-hidden="true"><use href="#m-{}"/></svg>', name)


def light(state: str, seconds: int | None = None, kind: str = "working_hours", chip: bool = False) -> SafeString:
    """Shape and word: `◆ 超 2:20` with the counted seconds left (negative: over), else `◆ 红灯`."""
    found = LIGHTS[canonical(state)]
    words = found.word if seconds is None or found.mark in ("met", "grey") else remaining(seconds, kind)
    if chip and words is not found.word:
        return format_html('<span class="light chip {}">{}{}·{}</span>', found.css, mark(state), found.word, words)
    css = " chip" if chip else ""
    return format_html(
        '<span class="light{} {}">{}{}{}</span>', css, found.css, mark(state), _spoken(found, words), words
    )


def light_word(state: str) -> SafeString:
    """Shape and the light's own word, for headings and sentences."""
    return light(state)


def due(state: str, seconds: int | None = None, kind: str = "working_hours") -> SafeString:
    """The first cell of a list: shape left, time right-aligned."""
    found = LIGHTS[canonical(state)]
    words = found.word if seconds is None or found.mark in ("met", "grey") else remaining(seconds, kind)
    return format_html(
        '<span class="due {}">{}{}<span class="t">{}</span></span>',
        found.css,
        mark(state),
        _spoken(found, words),
        words,
    )


def seal(rung: str, state: str = "done") -> SafeString:
    """A rung of the ladder as a seal; `state` is `done`, `ahead` (dashed) or `void` (struck)."""
    found = SEALS[rung]
    css = found.css if state == "done" else state
    return format_html(
        '<span class="seal {}" title="{}">{}<span class="vh"> {}</span></span>',
        css,
        found.word,
        found.character,
        found.word,
    )


def status_pill(label: Any, now: bool = False) -> SafeString:
    """Where a subject stands, outlined; `now` in brand for where it waits. Never a light."""
    return format_html('<span class="status{}">{}</span>', " now" if now else "", label)


def quiet(value: Any) -> SafeString:
    """A figure of a table: 0 and nothing are quiet."""
    if value in (None, ""):
        return format_html('<span class="zero" aria-label="{}">–</span>', gettext("none"))
    return format_html('<span class="zero">{}</span>', 0) if value == 0 else format_html("{}", value)


def _spoken(found: Light, words: Any) -> SafeString | str:
    """The light's word for those who do not see the shape, unless it is shown anyway."""
    return "" if words is found.word else format_html('<span class="vh">{} </span>', found.word)
