"""The face: contrast of the tokens, the components with their values, and what no style sheet or page may hold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.forms import CharField, Form
from django.template import engines
from django.utils import translation

from tests.bureau import kit
from tests.bureau.kit import at

ROOT = Path(settings.BASE_DIR)
STYLES = sorted((ROOT / "static" / "css").glob("*.css"))
PAGES = sorted((ROOT / "templates").rglob("*.html"))

TEXT_PAIRS = [
    ("ink", "surface", 16.67, 15.11),
    ("ink", "canvas", 15.07, 16.57),
    ("ink-2", "surface", 8.37, 9.57),
    ("ink-2", "canvas", 7.57, 10.49),
    ("ink-3", "surface", 5.70, 6.40),
    ("ink-3", "sunken", 4.78, 7.23),
    ("ink-3", "selected", 4.66, 4.78),
    ("brand", "surface", 8.74, 8.93),
    ("brand", "selected", 7.15, 6.66),
    ("on-brand", "brand", 8.74, 8.73),
    ("rail-ink-2", "rail-bg", 6.95, 7.36),
    ("rail-ink", "rail-bg", 11.80, 14.18),
    ("red-ink", "surface", 7.51, 7.09),
    ("red-ink", "red-soft", 6.51, 6.68),
    ("on-red", "red-fill", 5.71, 6.01),
    ("yellow-ink", "surface", 7.53, 12.10),
    ("yellow-ink", "yellow-soft", 6.80, 10.16),
    ("green-ink", "surface", 6.98, 8.92),
    ("green-ink", "green-soft", 6.03, 8.08),
    ("grey-ink", "grey-soft", 6.25, 7.46),
    ("prov-ink", "surface", 8.13, 9.04),
    ("rung-urge-ink", "rung-urge-bg", 7.51, 7.09),
    ("rung-order-ink", "rung-order-bg", 5.71, 6.01),
]
SHAPE_PAIRS = [
    ("line-control", "surface", 3.71, 4.11),
    ("focus", "surface", 5.61, 9.11),
    ("red-edge", "surface", 5.71, 5.35),
    ("yellow-edge", "surface", 5.47, 11.04),
]


def tokens_of(theme: str) -> dict[str, str]:
    sheet = (ROOT / "static/css/tokens.css").read_text()
    start = {"light": ':root, [data-theme="light"] {', "dark": '[data-theme="dark"] {'}[theme]
    block = sheet[sheet.index("\n" + start) :]
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", block[: block.index("\n}")]))


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def rendered(source: str, **context: object) -> str:
    return engines["django"].from_string("{% load i18n face %}" + source).render(context)


# colours ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "light", "dark"), TEXT_PAIRS)
def test_text_has_at_least_the_contrast_that_was_promised(theme, ink, ground, light, dark):
    tokens = tokens_of(theme)

    ratio = contrast(tokens[ink], tokens[ground])

    assert ratio >= 4.5
    assert ratio == pytest.approx(light if theme == "light" else dark, abs=0.02)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "light", "dark"), SHAPE_PAIRS)
def test_shapes_and_borders_of_controls_have_contrast_three(theme, ink, ground, light, dark):
    tokens = tokens_of(theme)

    ratio = contrast(tokens[ink], tokens[ground])

    assert ratio >= 3
    assert ratio == pytest.approx(light if theme == "light" else dark, abs=0.02)


# what must not be -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("sheet", STYLES, ids=lambda path: path.name)
def test_style_sheets_hold_nothing_that_chromium_90_does_not_know(sheet):
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.S)

    assert not re.search(r":has\(|@container|color-mix|\ddvh|@layer|&[\s.:>]|text-wrap", text)
    assert len(text.splitlines()) <= 400


@pytest.mark.parametrize("sheet", [path for path in STYLES if path.name != "tokens.css"], ids=lambda path: path.name)
def test_colours_get_their_value_in_the_tokens_alone(sheet):
    allowed = {"#fff", "#000", "#999", "#12293a", "#9fd0ff", "#hatch"}

    found = set(re.findall(r"#[0-9a-zA-Z]{3,6}\b", re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.S)))

    assert found <= allowed


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_templates_carry_no_inline_style_or_script(page):
    text = page.read_text()

    assert not re.search(r"\sstyle=|\son[a-z]+=\"|<style|javascript:", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert len(text.splitlines()) <= 100


def test_every_icon_that_is_asked_for_is_drawn():
    drawn = set(re.findall(r'id="i-([a-z]+)"', (ROOT / "templates/components/sprite.html").read_text()))
    asked = {name for page in PAGES for name in re.findall(r'{% icon "([a-z]+)" %}', page.read_text())}

    assert asked <= drawn
    assert set(kit.ICONS) == drawn


# components ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_component_renders_in_both_languages_and_themes(language, theme):
    page = kit.render(language, theme)

    assert f'data-theme="{theme}"' in page
    assert page.count("<h1") == 1
    assert " style=" not in page


def test_a_light_has_a_shape_and_a_word_beside_its_colour():
    with translation.override("zh-hans"):
        told = rendered('{% light "red" -8400 %}')

    assert 'href="#m-red"' in told
    assert "超 2:20" in told
    assert "红灯" in told


def test_a_seal_to_come_is_dashed_and_still_says_its_rung():
    with translation.override("zh-hans"):
        told = rendered('{% seal "supervise" "ahead" %}')

    assert 'class="seal ahead"' in told
    assert "督办通知书" in told


def test_a_field_keeps_what_was_typed_and_says_the_mistake_in_ink():
    class Place(Form):
        place = CharField(max_length=3)

    told = rendered("{% error_summary form %}{% field form.place %}", form=Place({"place": "沪松公路"}))

    assert 'value="沪松公路"' in told
    assert 'href="#m-err"' in told
    assert 'href="#id_place_field"' in told
    assert 'aria-describedby="id_place_error"' in told


def test_the_first_open_move_is_the_only_primary_one_and_the_irreversible_ones_stand_last():
    moves = [
        {"verb": "void", "label": "Void the notice", "is_irreversible": True},
        {"verb": "dispatch", "label": "Dispatch to Qibao"},
        {"verb": "correct", "label": "Correct the place"},
    ]

    told = rendered('{% moves open closed "desk" "/move/" %}', open=moves, closed=[])

    assert told.count("btn primary") == 1
    assert told.index("Dispatch to Qibao") < told.index("Correct the place") < told.index("Void the notice")


def test_a_closed_move_says_why_and_when_first():
    closed = [{"label": "Review", "reason": "The window for statements is open.", "first_at": at("06-23 00:00")}]

    with translation.override("en"):
        told = rendered("{% moves open closed %}", open=[], closed=closed, now=at("06-22 15:20"))

    assert "The window for statements is open." in told
    assert "at the earliest" in told
    assert "tomorrow 00:00" in told


def test_what_is_shown_is_escaped():
    told = rendered(
        '{% light "red" %}{% fact_list pairs %}{% status_pill evil %}', pairs=[("a", "<b>")], evil="<script>"
    )

    assert "<b>" not in told
    assert "<script>" not in told
