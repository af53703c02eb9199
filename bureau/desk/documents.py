"""Files that came in: the original sealed with its hash, a bare copy to show; the row comes after the files."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import models

from bureau.desk.models.document import Document
from bureau.desk.photos import Photo, read_photo
from bureau.desk.subject import facts_of
from bureau.models.people import Officer


def keep_photo(
    subject: models.Model, upload: UploadedFile, *, stage: str, by: Officer | None, at: datetime
) -> Document:
    """Keep one photo of the subject; the files stand before the row, so a row never points to nothing.

    Raises a Refusal for what is not a photo. The same file sent again for the same stage is kept once.
    """
    photo = read_photo(upload)
    digest = hashlib.sha256(photo.original).hexdigest()
    standing: Document | None = Document.objects.about(subject).standing().filter(sha256=digest, stage=stage).first()
    if standing:
        return standing
    return Document.objects.create(
        **facts_of(subject),
        owed_by_id=getattr(subject, "handled_by_id", None),
        kind=Document.Kind.PHOTO,
        stage=stage,
        by=by,
        at=at,
        file_name=(upload.name or "")[-120:],
        **stored(photo, digest, at),
    )


def stored(photo: Photo, digest: str, at: datetime) -> dict[str, Any]:
    """Write both files and answer the columns that tell of them."""
    folder = f"{at:%Y/%m/%d}/{digest[:2]}"
    return {
        "original": default_storage.save(f"sealed/{folder}/{digest}", ContentFile(photo.original)),
        "shown": default_storage.save(f"shown/{folder}/{digest}.jpg", ContentFile(photo.shown)),
        "content_type": photo.content_type,
        "size": len(photo.original),
        "sha256": digest,
        "width": photo.width,
        "height": photo.height,
    }


def supersede(document: Document, by_document: Document) -> None:
    """The wrong one stays, and points to the right one."""
    document.superseded_by = by_document
    document.save(update_fields=["superseded_by"])
