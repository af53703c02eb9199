"""Files that go with what somebody wrote: a photo, or a PDF that only shows something."""

from __future__ import annotations

import hashlib
import io
from datetime import datetime
from typing import Any, Final

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.utils.translation import gettext_lazy as _
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from bureau.desk.documents import stored
from bureau.desk.models.document import Document
from bureau.desk.photos import LARGEST_BYTES, POINTER, read_photo
from bureau.desk.refusal import BadValue, LawRefused
from bureau.desk.subject import facts_of
from bureau.models.people import Officer

PDF: Final = "application/pdf"
MOST_PAGES: Final = 200
HIDDEN: Final = ("/JavaScript", "/EmbeddedFiles")
HARMLESS: Final = ("/GoTo", "/URI", "/Named")


def keep_attachment(
    subject: models.Model,
    upload: UploadedFile,
    *,
    by: Officer | None,
    at: datetime,
    kind: Document.Kind = Document.Kind.ATTACHMENT,
) -> Document:
    """Keep a photo or a PDF with its hash; the file stands before its row. The same file again is kept once.

    Raises a Refusal by its field for an empty, large, damaged, locked or active file, and for every other type.
    """
    is_pdf = upload.read(5) == b"%PDF-"
    upload.seek(0)
    if is_pdf:
        content = read_pdf(upload)
        digest = hashlib.sha256(content).hexdigest()
        place = f"sealed/{at:%Y/%m/%d}/{digest[:2]}/{digest}"
    else:
        photo = read_photo(upload)
        digest = hashlib.sha256(photo.original).hexdigest()
    standing: Document | None = Document.objects.about(subject).filter(sha256=digest).first()
    if standing:
        return standing
    columns: dict[str, Any]
    if is_pdf:
        columns = {
            "original": default_storage.save(place, ContentFile(content)),
            "content_type": PDF, "size": len(content), "sha256": digest,
        }  # fmt: skip
    else:
        columns = stored(photo, digest, at)
    return Document.objects.create(
        **facts_of(subject),
        **columns,
        owed_by_id=getattr(subject, "handled_by_id", None),
        kind=kind,
        by=by,
        at=at,
        file_name=(upload.name or "")[-120:],
    )


def read_pdf(upload: UploadedFile, *, most_pages: int = MOST_PAGES) -> bytes:
    """The bytes of a PDF that opens, has pages, asks for no password and does nothing by itself."""
    if upload.size is not None and upload.size > LARGEST_BYTES:
        refusal = LawRefused(_("The file is over 20 MB. Send a smaller one."), code="too_large", pointer=POINTER)
        refusal.status = 413
        raise refusal
    content: bytes = upload.read()
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise LawRefused(
                _("The PDF is locked by a password. Save it without one."), code="locked_file", pointer=POINTER
            )
        pages, is_active = len(reader.pages), acts_by_itself(reader)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OSError) as error:
        raise LawRefused(_("The PDF is damaged. Make it again."), code="damaged_file", pointer=POINTER) from error
    if not 1 <= pages <= most_pages:
        raise BadValue(_("The PDF has no page, or too many."), code="too_many_pages", pointer=POINTER)
    if is_active:
        raise LawRefused(
            _("The PDF holds scripts, forms or files. Print it into a plain PDF."), code="active_file", pointer=POINTER
        )
    return content


def acts_by_itself(reader: PdfReader) -> bool:
    """Whether opening it, or a page of it, sets something going, or whether other files hide in it."""
    root: Any = reader.trailer["/Root"]
    names: Any = root.get("/Names", {})
    if "/AA" in root or is_act(root.get("/OpenAction")) or "/XFA" in root.get("/AcroForm", {}):
        return True
    if any(name in names for name in HIDDEN):
        return True
    return any("/AA" in page or any(is_lively(note) for note in notes_of(page)) for page in reader.pages)


def notes_of(page: Any) -> list[Any]:
    return [note.get_object() for note in page.get("/Annots") or []]


def is_lively(note: Any) -> bool:
    return "/AA" in note or "/FS" in note or is_act(note.get("/A"))


def is_act(action: Any) -> bool:
    """A jump to a page or a link is none; a script, a launch or a sent form is."""
    found = action.get_object() if hasattr(action, "get_object") else action
    return isinstance(found, dict) and found.get("/S") not in HARMLESS
