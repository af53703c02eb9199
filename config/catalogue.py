"""One message catalogue out of the rooms' own: `locale/zh_Hans/*.po` become `LC_MESSAGES/django.mo`."""

from pathlib import Path

import polib

LANGUAGE = "zh_Hans"
Message = tuple[str | None, str]  # context and English text


class CatalogueError(Exception):
    """The catalogues contradict each other or cannot be read; the message names files and texts."""


def build_catalogue(locale: Path) -> bool:
    """Writes the merged catalogue when a source is newer; answers whether it wrote. Raises CatalogueError."""
    sources = catalogue_files(locale)
    target = locale / LANGUAGE / "LC_MESSAGES" / "django.mo"
    names = target.with_suffix(".sources")
    listed = "\n".join(f"{file.name} {file.stat().st_mtime_ns}" for file in sources)
    if target.exists() and names.exists() and names.read_text() == listed:
        return False
    merged = merge(sources)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(".draft")
    merged.save_as_mofile(str(draft))
    draft.rename(target)
    names.write_text(listed)
    return True


def catalogue_files(locale: Path) -> list[Path]:
    return sorted((locale / LANGUAGE).glob("*.po"))


def merge(sources: list[Path]) -> polib.POFile:
    """All entries of all files; one text may stand in several files if they agree on its translation."""
    merged = polib.POFile()
    merged.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": LANGUAGE,
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    seen: dict[Message, tuple[polib.POEntry, Path]] = {}
    quarrels: list[str] = []
    for file in sources:
        for entry in read(file):
            known = seen.setdefault((entry.msgctxt, entry.msgid), (entry, file))
            if _texts(known[0]) != _texts(entry):
                quarrels.append(
                    f"{entry.msgid!r}: {_texts(known[0])} in {known[1].name}, {_texts(entry)} in {file.name}"
                )
    if quarrels:
        raise CatalogueError("The catalogues contradict each other:\n  " + "\n  ".join(quarrels))
    merged.extend(_plain(entry) for entry, _file in seen.values())
    return merged


def read(file: Path) -> list[polib.POEntry]:
    """The translated entries of one file; raises CatalogueError when it is not a catalogue."""
    try:
        return [entry for entry in polib.pofile(str(file)) if not entry.obsolete and any(_texts(entry))]
    except (OSError, ValueError) as error:
        raise CatalogueError(f"{file}: {error}") from error


def _texts(entry: polib.POEntry) -> list[str]:
    plural: dict[int, str] = entry.msgstr_plural
    return [plural[number] for number in sorted(plural)] if plural else [entry.msgstr]


def _plain(entry: polib.POEntry) -> polib.POEntry:
    return polib.POEntry(
        msgctxt=entry.msgctxt,
        msgid=entry.msgid,
        msgid_plural=entry.msgid_plural,
        msgstr=entry.msgstr,
        msgstr_plural=entry.msgstr_plural,
    )
