"""Files that outlive a power cut: written aside, flushed, then given their name, which nothing takes over."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage

DRAFT = ".part"  # ends the name of a file that is still being written


class DurableStorage(FileSystemStorage):
    """Django's own storage, but a name appears only when all of its bytes are on the disk (security.md I15)."""

    def _save(self, name: str, content: Any) -> str:
        full = Path(self.path(name))
        self._make(full.parent)
        draft = full.with_name(f".{secrets.token_hex(8)}{DRAFT}")
        try:
            write_flushed(draft, content, self.file_permissions_mode)
            while True:
                try:
                    os.link(draft, full)  # unlike a rename it never takes the place of another file
                    break
                except FileExistsError:
                    name = self.get_available_name(name)
                    full = Path(self.path(name))
        finally:
            with contextlib.suppress(FileNotFoundError):
                draft.unlink()
        flush_directory(full.parent)
        return str(name)

    def _make(self, directory: Path) -> None:
        """Make the directories that are missing, each flushed into the one above."""
        missing = [path for path in (directory, *directory.parents) if not path.exists()]
        for path in reversed(missing):
            path.mkdir(mode=self.directory_permissions_mode or 0o777, exist_ok=True)
            flush_directory(path.parent)


def write_flushed(path: Path, content: Any, mode: int | None) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode or 0o666), "wb") as file:
        for chunk in content.chunks():
            file.write(chunk if isinstance(chunk, bytes) else chunk.encode())
        file.flush()
        os.fsync(file.fileno())


def flush_directory(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
