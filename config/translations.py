"""Which texts of code and templates lack their Chinese, and which Chinese nobody uses any more."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.extract import extract
from django.utils.translation import templatize

from config.catalogue import Message, catalogue_files, read

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "p_": ((1, "c"), 2),  # pgettext_lazy where a table of words needs it short
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
SKIPPED = {".venv", "var", "tests", "bench", "node_modules", ".git", "migrations", "docs"}


@dataclass
class Findings:
    """What is wrong with the catalogues; both lists are empty when nothing is."""

    missing: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)


def compare(root: Path) -> Findings:
    """The texts used below `root` against the catalogues in `root/locale`."""
    used = dict(used_messages(root))
    translated = {
        (entry.msgctxt, entry.msgid): (file.name, bool(entry.fuzzy))
        for file in catalogue_files(root / "locale")
        for entry in read(file)
    }
    missing = [f"{place}: {text!r}" for (context, text), place in used.items() if (context, text) not in translated]
    missing += [f"{name}: {text!r} is fuzzy" for (_context, text), (name, fuzzy) in translated.items() if fuzzy]
    stale = [f"{name}: {message[1]!r}" for message, (name, _fuzzy) in translated.items() if message not in used]
    return Findings(sorted(missing), sorted(stale))


def used_messages(root: Path) -> Iterator[tuple[Message, str]]:
    """Every text marked for translation, with the first place that uses it as `file:line`."""
    for file in sorted(root.rglob("*")):
        parts = file.relative_to(root).parts
        if file.suffix not in (".py", ".html", ".txt") or SKIPPED & set(parts):
            continue
        if file.suffix != ".py" and "templates" not in parts:
            continue
        yield from _messages_of(file, str(file.relative_to(root)))


def _messages_of(file: Path, name: str) -> Iterator[tuple[Message, str]]:
    source = file.read_text(encoding="utf-8")
    if file.suffix != ".py":
        source = re.sub(r"^\s+", "", templatize(source, origin=name), flags=re.MULTILINE)
    for line, text, _comments, context in extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS):
        # A plural is found by its singular, as gettext does.
        message = text[0] if isinstance(text, tuple) else text
        if message:
            yield (context, message), f"{name}:{line}"
