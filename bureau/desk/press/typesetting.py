"""A template and values become a PDF: typst reads only below the templates, and values are data, never markup."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import segno
import typst
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

FREE_FONTS: Final = "pylopdf_fonts_zh_cn"
BODY: Final = ("FangSong", "FangSong_GB2312", "STFangsong", "Noto Serif SC")
HEAD: Final = ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "Noto Serif SC")


def typeset(template: str, values: Mapping[str, Any], *, at: datetime) -> bytes:
    """PDF of `templates/press/<template>.typ` with `values` (plain JSON); `at` is the time it bears.

    The bureau's own fonts (仿宋, 小标宋) are taken from the folder PRESS_FONTS; without it a free serif serves.
    """
    folder = press_folder()
    inputs = {**values, "fonts": {"body": list(BODY), "head": list(HEAD)}}
    made: bytes = typst.compile(
        folder / f"{template}.typ",
        root=folder,
        font_paths=font_folders(),
        ignore_system_fonts=True,
        sys_inputs={"values": json.dumps(inputs, ensure_ascii=False, default=str)},
        timestamp=at.astimezone(UTC).replace(microsecond=0),
    )
    return made


def press_folder() -> Path:
    """Where the templates of papers stand; typst may read nothing outside it."""
    return Path(settings.BASE_DIR) / "templates" / "press"


def font_folders() -> list[Path]:
    """The bureau's fonts first, then the free ones of the package."""
    found = find_spec(FREE_FONTS)
    if found is None or found.origin is None:
        raise ImproperlyConfigured(f"The package {FREE_FONTS} with the fonts of papers is not installed.")
    own = [Path(settings.PRESS_FONTS)] if settings.PRESS_FONTS else []
    return [*own, Path(found.origin).parent]


def qr_of(address: str) -> str:
    """The address as an SVG of dark modules on white."""
    svg: str = segno.make(address, error="m").svg_inline(scale=4, border=2, dark="#000", light="#fff")
    return svg
