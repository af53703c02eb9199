"""A signed and sealed scan, page by page: what its QR says, the page as a PDF of its own, and a picture of it."""

from __future__ import annotations

import io
import re
import threading
from dataclasses import dataclass
from typing import Any, Final

import pypdfium2
import zxingcpp
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image
from pypdf import PdfReader, PdfWriter

from bureau.desk.attachments import PDF, read_pdf
from bureau.desk.photos import as_jpeg, opened, read_photo, upright
from bureau.desk.press.imprints import normal
from bureau.desk.refusal import LawRefused

MOST_PAGES: Final = 20
LONG_SIDE: Final = (1754, 2924)  # pixels: A4 at 150 and 250 dots an inch, whatever size the scanner wrote down
ADDRESS: Final = re.compile(r"^https?://[^\s/]+/verify/([0-9A-Za-z-]{16,24})/?$")
ONE_AT_A_TIME = threading.Lock()  # PDFium is not safe for threads


@dataclass(frozen=True)
class ReadPage:
    """One page: its place from 1, the code of a paper or nothing, its own PDF, and a JPEG of it."""

    place: int
    code: str
    pdf: bytes
    picture: bytes


@dataclass(frozen=True)
class ReadScan:
    original: bytes
    content_type: str
    pages: list[ReadPage]


def read_scan(upload: UploadedFile) -> ReadScan:
    """Raises a Refusal for what is neither PDF nor picture, and for a damaged, locked, active or very large file."""
    is_pdf = upload.read(5) == b"%PDF-"
    upload.seek(0)
    if is_pdf:
        content = read_pdf(upload, most_pages=MOST_PAGES)
        return ReadScan(content, PDF, pages_of(content))
    photo = read_photo(upload)
    image = upright(opened(photo.original))
    page = io.BytesIO()
    image.save(page, "PDF", resolution=150)
    full = opened(photo.original).convert("RGB")
    code = code_on(full) or code_on(image)
    return ReadScan(photo.original, photo.content_type, [ReadPage(1, code, page.getvalue(), photo.shown)])


def pages_of(content: bytes) -> list[ReadPage]:
    singles = [single(page) for page in PdfReader(io.BytesIO(content)).pages]
    with ONE_AT_A_TIME:
        try:
            document = pypdfium2.PdfDocument(content)
            try:
                drawn = [look_at(document[place]) for place in range(len(document))]
            finally:
                document.close()
        except pypdfium2.PdfiumError as error:
            raise LawRefused(_("The PDF is damaged. Make it again."), code="damaged_file", pointer="/file") from error
    return [
        ReadPage(place, code, pdf, picture)
        for place, (pdf, (code, picture)) in enumerate(zip(singles, drawn, strict=True), start=1)
    ]


def look_at(page: Any) -> tuple[str, bytes]:
    """The code on a page, looked for again in a finer picture, and the coarse picture."""
    coarse, fine = (side / max(page.get_size()) for side in LONG_SIDE)
    picture = page.render(scale=coarse).to_pil()
    code = code_on(picture) or code_on(page.render(scale=fine).to_pil())
    return code, as_jpeg(picture.convert("RGB"))


def code_on(image: Image.Image) -> str:
    """The verification code that a QR of ours on it carries, or nothing; two different ones are nothing too."""
    read = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)
    found = {normal(match[1]) for one in read if (match := ADDRESS.match(one.text))}
    return found.pop() if len(found) == 1 else ""


def single(page: Any) -> bytes:
    return joined([page])


def joined(pages: Any) -> bytes:
    """These pages as one PDF."""
    writer = PdfWriter()
    for page in pages:
        writer.add_page(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def bound(parts: list[bytes]) -> bytes:
    """Several PDFs as one, in this order."""
    return joined(page for part in parts for page in PdfReader(io.BytesIO(part)).pages)
