"""Form fields as the page shows them."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext

LONG_LIST: Final = 12


def shown(bound: BoundField, *, hint: str, unit: str, css: str) -> dict[str, Any]:
    """What the field's template needs; attributes tie hint and error to the input."""
    widget = bound.field.widget
    return {
        "field": bound,
        "shape": shape_of(widget),
        "hint": hint or bound.help_text,
        "hint_id": f"{bound.auto_id}_helptext",
        "error_id": f"{bound.auto_id}_error",
        "unit": unit,
        "css": css,
        "is_optional": not bound.field.required and not isinstance(widget, forms.CheckboxInput),
        "control": bound.as_widget(attrs=attrs_of(bound, widget, hint)),
    }


def shape_of(widget: forms.Widget) -> str:
    if isinstance(widget, (forms.CheckboxSelectMultiple, forms.RadioSelect)):
        return "choices"
    return "tick" if isinstance(widget, forms.CheckboxInput) else "plain"


def attrs_of(bound: BoundField, widget: forms.Widget, hint: str) -> dict[str, str | bool]:
    attrs: dict[str, str | bool] = {}
    described = [f"{bound.auto_id}_helptext"] if hint or bound.help_text else []
    described += [f"{bound.auto_id}_error"] if bound.errors else []
    if described and shape_of(widget) != "choices":
        attrs["aria-describedby"] = " ".join(described)
    if isinstance(widget, forms.FileInput):
        attrs["data-preview"] = "1"
    if is_long_list(widget):
        attrs["data-find"] = gettext("type to find")
    return attrs


def is_long_list(widget: forms.Widget) -> bool:
    """Whether a plain select is too long to look through; it becomes find-as-you-type where script runs."""
    if not isinstance(widget, forms.Select) or isinstance(widget, (forms.RadioSelect, forms.SelectMultiple)):
        return False
    return len(list(widget.choices)) > LONG_LIST


def errors_of(form: Any) -> list[tuple[str, str, str]]:
    """Every error as (id of the field or empty, label, words), those of the whole form first."""
    if form is None or not form.errors:
        return []
    listed = [("", "", str(error)) for error in form.non_field_errors()]
    for name in form.errors:
        if name in form.fields:
            bound = form[name]
            listed += [(f"{bound.auto_id}_field", str(bound.label), str(error)) for error in bound.errors]
    return listed
