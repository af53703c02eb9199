"""The rooms' catalogues become one, and what lacks its Chinese is found."""

import gettext
from pathlib import Path

import pytest

from config.catalogue import CatalogueError, build_catalogue
from config.translations import compare

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def room(root: Path, name: str, body: str) -> None:
    file = root / "locale" / "zh_Hans" / f"{name}.po"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(HEADER + body, encoding="utf-8")


def one(text: str, chinese: str, context: str = "") -> str:
    said = f'msgctxt "{context}"\n' if context else ""
    return f'{said}msgid "{text}"\nmsgstr "{chinese}"\n\n'


def chinese_of(root: Path) -> gettext.GNUTranslations:
    with (root / "locale/zh_Hans/LC_MESSAGES/django.mo").open("rb") as file:
        return gettext.GNUTranslations(file)


def test_the_rooms_catalogues_become_one_with_contexts_and_plurals(tmp_path: Path) -> None:
    room(tmp_path, "grid", one("Issue", "问题") + one("File", "网格立案", "grid"))
    plural = 'msgid "%(n)s day"\nmsgid_plural "%(n)s days"\nmsgstr[0] "%(n)s 天"\n'
    room(tmp_path, "cases", one("Issue", "问题") + one("File", "执法立案", "cases") + plural)

    build_catalogue(tmp_path / "locale")

    words = chinese_of(tmp_path)
    assert words.gettext("Issue") == "问题"
    assert (words.pgettext("grid", "File"), words.pgettext("cases", "File")) == ("网格立案", "执法立案")
    assert words.ngettext("%(n)s day", "%(n)s days", 3) == "%(n)s 天"


def test_two_rooms_that_say_the_same_text_differently_are_refused_by_name(tmp_path: Path) -> None:
    room(tmp_path, "grid", one("Return", "退单"))
    room(tmp_path, "cases", one("Return", "退回"))

    with pytest.raises(CatalogueError, match=r"'Return'.*退回.*cases\.po.*退单.*grid\.po"):
        build_catalogue(tmp_path / "locale")


def test_a_catalogue_is_written_only_when_a_source_changed(tmp_path: Path) -> None:
    room(tmp_path, "grid", one("Issue", "问题"))

    assert build_catalogue(tmp_path / "locale") is True
    assert build_catalogue(tmp_path / "locale") is False
    room(tmp_path, "cases", one("Case", "案件"))
    assert build_catalogue(tmp_path / "locale") is True


def test_texts_of_code_and_templates_without_chinese_are_found_and_unused_chinese_too(tmp_path: Path) -> None:
    room(
        tmp_path,
        "grid",
        one("Known", "已知") + one("Gone", "已删") + one("Many %(n)s", "多") + one("Open", "开", "verb"),
    )
    (tmp_path / "grid").mkdir()
    (tmp_path / "grid" / "models.py").write_text(
        'a = _("Known")\nb = _("Unknown " "here")\nc = pgettext("verb", "Open")\n'
    )
    (tmp_path / "templates").mkdir()
    page = '{% load i18n %}\n  {% translate "In a page" %}\n'
    page += "{% blocktranslate trimmed %}\n  Many {{ n }}\n{% endblocktranslate %}\n"
    (tmp_path / "templates" / "a.html").write_text(page)

    found = compare(tmp_path)

    assert found.missing == ["grid/models.py:2: 'Unknown here'", "templates/a.html:2: 'In a page'"]
    assert found.stale == ["grid.po: 'Gone'"]
