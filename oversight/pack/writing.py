"""The pages inside a pack: they open offline, in Chinese, with nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override

STYLE = "style.css"


def page(name: str, values: Mapping[str, Any]) -> bytes:
    """`templates/oversight/pack/<name>.html` with these values."""
    with override("zh-hans"):
        return render_to_string(f"oversight/pack/{name}.html", dict(values)).encode()


def style() -> bytes:
    return (Path(settings.BASE_DIR) / "templates" / "oversight" / "pack" / STYLE).read_bytes()
