"""Remembers by fingerprint what a start has already done, so that the next one need not do it again."""

import hashlib
from collections.abc import Iterable
from pathlib import Path


class Stamps:
    """One small file a step below `directory`; removing the directory forgets everything."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def is_done(self, step: str, fingerprint: str) -> bool:
        file = self.directory / step
        return file.exists() and file.read_text() == fingerprint

    def done(self, step: str, fingerprint: str) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        (self.directory / step).write_text(fingerprint)


def fingerprint(paths: Iterable[Path], *words: str) -> str:
    """A hash over the names, sizes and times of all files below `paths`, and over `words`."""
    mark = hashlib.sha256("\0".join(words).encode())
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                state = file.stat()
                mark.update(f"{file}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return mark.hexdigest()
