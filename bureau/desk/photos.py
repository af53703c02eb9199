"""Photos as they come from phones: checked by content, and copied without what they tell of the phone and place."""

from __future__ import annotations

import io
from dataclasses import dataclass

import pillow_heif
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from bureau.desk.refusal import BadValue, LawRefused

pillow_heif.register_heif_opener()

LARGEST_BYTES = 20 * 1024 * 1024
LARGEST_PIXELS = 60_000_000
LONG_SIDE = 2048
TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "HEIF": "image/heic", "MPO": "image/jpeg"}
POINTER = "/file"


@dataclass(frozen=True)
class Photo:
    """The bytes as sent, and a JPEG of at most 2048 pixels without EXIF."""

    original: bytes
    shown: bytes
    content_type: str
    width: int
    height: int


def read_photo(upload: UploadedFile) -> Photo:
    """Raise BadValue (400), or a refusal of 413 or 422, for what is not a photo, too large, damaged or a bomb."""
    if upload.size is not None and upload.size > LARGEST_BYTES:
        refusal = LawRefused(_("The photo is over 20 MB. Send a smaller one."), code="too_large", pointer=POINTER)
        refusal.status = 413
        raise refusal
    original = upload.read()
    if not original:
        raise BadValue(_("The file is empty. Take or choose the photo again."), code="empty_file", pointer=POINTER)
    image = opened(original)
    content_type = TYPES[image.format or ""]
    copy = upright(image)
    return Photo(original, as_jpeg(copy), content_type, copy.width, copy.height)


def opened(original: bytes) -> Image.Image:
    """The image, known by its content and not by its name; its size is read before its pixels."""
    try:
        image = Image.open(io.BytesIO(original), formats=["JPEG", "PNG", "WEBP", "HEIF"])
    except Image.DecompressionBombError as error:
        raise too_many_pixels() from error
    except (UnidentifiedImageError, OSError, ValueError) as error:
        raise LawRefused(
            _("This is not a photo. JPEG, PNG, WebP and HEIC are accepted."), code="type_not_allowed", pointer=POINTER
        ) from error
    if image.width * image.height > LARGEST_PIXELS:
        raise too_many_pixels()
    return image


def too_many_pixels() -> LawRefused:
    message = _("The picture has too many pixels. Send one of at most 60 million.")
    return LawRefused(message, code="too_many_pixels", pointer=POINTER)


def upright(image: Image.Image) -> Image.Image:
    """Decoded, turned as its EXIF says, in RGB, and small enough for a phone."""
    try:
        image.load()
        turned = ImageOps.exif_transpose(image).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise LawRefused(
            _("The photo is damaged. Take or choose it again."), code="damaged_file", pointer=POINTER
        ) from error
    turned.thumbnail((LONG_SIDE, LONG_SIDE))
    return turned


def as_jpeg(image: Image.Image) -> bytes:
    """A JPEG that carries pixels only."""
    bare = Image.new("RGB", image.size)
    bare.paste(image)
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=85, optimize=True)
    return out.getvalue()
