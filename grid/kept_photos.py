"""Photos that arrived with a form of which another field was refused: they wait a day for the next sending.

A browser cannot put a file back into its field, so the portal keeps it. The mark in the form is worth something only
in the session that was given it.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import get_valid_filename

from bureau.desk.photos import read_photo
from bureau.desk.refusal import Refusal
from bureau.desk.storage import DRAFT

FOLDER = "drafts"
KEY = "kept_photos"
MOST = 10
LASTS = timedelta(days=1)
TOKEN = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Kept:
    """Where photos wait: the mark, and the names of the files in the order in which they came."""

    token: str = ""
    names: Sequence[str] = ()

    @property
    def shown_names(self) -> list[str]:
        return [name.partition("-")[2] for name in self.names]

    def files(self) -> list[UploadedFile]:
        """The files, to be handed to an action as if they came now."""
        return [self._file(name) for name in self.names]

    def _file(self, name: str) -> UploadedFile:
        path = f"{FOLDER}/{self.token}/{name}"
        return UploadedFile(default_storage.open(path), name.partition("-")[2], "", default_storage.size(path))


def kept_by(session: Any, token: str) -> Kept:
    """What waits under this mark for this session; nothing for a mark that the session was not given."""
    if not TOKEN.fullmatch(token) or token not in session.get(KEY, ()):
        return Kept()
    folder = f"{FOLDER}/{token}"
    if not default_storage.exists(folder):
        return Kept()
    return Kept(token, sorted(name for name in default_storage.listdir(folder)[1] if not name.endswith(DRAFT)))


def keep(
    session: Any, kept: Kept, uploads: Iterable[UploadedFile], at: datetime
) -> tuple[Kept, list[tuple[str, Refusal]]]:
    """Put the uploads that are photos beside those that wait already; answers the others with their refusals."""
    clear_old(at)
    names, refused = list(kept.names), []
    token = kept.token or secrets.token_hex(16)
    for upload in uploads:
        try:
            upload.seek(0)
            read_photo(upload)
        except Refusal as refusal:
            refused.append((upload.name or "", refusal))
            continue
        if len(names) < MOST:
            upload.seek(0)
            stored = f"{len(names):02d}-{get_valid_filename((upload.name or 'photo')[-80:])}"
            default_storage.save(f"{FOLDER}/{token}/{stored}", upload)
            names.append(stored)
    if not names:
        return Kept(), refused
    session[KEY] = [*(known for known in session.get(KEY, ()) if known != token), token][-MOST:]
    return Kept(token, names), refused


def forget(session: Any, kept: Kept) -> None:
    """They have arrived where they belong."""
    for name in kept.names:
        default_storage.delete(f"{FOLDER}/{kept.token}/{name}")
    if kept.token:
        default_storage.delete(f"{FOLDER}/{kept.token}")
        session[KEY] = [known for known in session.get(KEY, ()) if known != kept.token]


def clear_old(at: datetime) -> None:
    """What has waited longer than a day is dropped."""
    if not default_storage.exists(FOLDER):
        return
    for token in default_storage.listdir(FOLDER)[0]:
        folder = f"{FOLDER}/{token}"
        names = default_storage.listdir(folder)[1]
        if all(default_storage.get_modified_time(f"{folder}/{name}") < at - LASTS for name in names):
            for name in names:
                default_storage.delete(f"{folder}/{name}")
            default_storage.delete(folder)
