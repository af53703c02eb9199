"""The ZIP itself: the same files give the same bytes; a list of all hashes, and the signature over that list."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import IO, Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from bureau.desk.refusal import Refusal
from bureau.desk.signing import sign, written
from bureau.proofs.canonical import canonical
from bureau.proofs.pack import BLOCK, MANIFEST, PURPOSE, SIGNATURE
from oversight.pack.contents import File

STAMP = (1980, 1, 1, 0, 0, 0)  # the first moment that a ZIP can name: no machine's clock stands in it


class DamagedOriginal(Refusal):
    """A kept file is no longer what was written down when it came in; nothing is handed over in its name."""

    status, code = 409, "original_damaged"

    def __init__(self, name: str) -> None:
        super().__init__(
            format_lazy(_("The pack cannot be made: {name} is missing or no longer as it came in."), name=name),
            remedy=_("Let the administrator restore this file from the backup; the pack is then made by itself."),
        )


def manifest_of(about: Mapping[str, Any], files: Iterable[File]) -> bytes:
    listed = {one.name: {"sha256": one.sha256, "size": one.size} for one in files}
    return canonical({**about, "files": listed})


def write_archive(out: IO[bytes], about: Mapping[str, Any], files: Sequence[File], *, at: datetime) -> None:
    """Write the pack. Raises DamagedOriginal where a file's bytes are not those on the list."""
    manifest = manifest_of(about, files)
    signature = sign(PURPOSE, manifest, at=at)
    row = {"key": signature.key_id, "at": written(at), "signature": signature.value.hex()}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(entry(MANIFEST), manifest)
        archive.writestr(entry(SIGNATURE), canonical(row))
        for one in files:
            put(archive, one)


def put(archive: zipfile.ZipFile, one: File) -> None:
    """Block by block, so that a large original never stands in memory whole."""
    digest = hashlib.sha256()
    try:
        with one.open() as source, archive.open(entry(one.name, one.size), "w") as target:
            while block := source.read(BLOCK):
                digest.update(block)
                target.write(block)
    except FileNotFoundError as error:
        raise DamagedOriginal(one.name) from error
    if digest.hexdigest() != one.sha256:
        raise DamagedOriginal(one.name)


def entry(name: str, size: int = 0) -> zipfile.ZipInfo:
    """Every field fixed: made on any machine, in any year, the bytes are the same."""
    info = zipfile.ZipInfo(name, date_time=STAMP)
    info.create_system, info.external_attr = 3, 0o644 << 16
    info.file_size = size
    return info
