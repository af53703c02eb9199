"""A pack is made once, right after the hand-over, and is the very same file ever after."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO, Any

from django.core.files.base import File as StoredFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import override

from bureau.desk.models import Document
from bureau.desk.press import printed
from bureau.desk.signing import written
from bureau.desk.subject import facts_of
from bureau.desk.trail import last_entry, not_before, write_entry
from bureau.proofs.pack import BLOCK
from oversight.models import ReferralCandidate
from oversight.pack.archive import write_archive
from oversight.pack.contents import File, files_of, kept, made
from oversight.pack.letter import TITLE, letter_of
from oversight.pack.writing import STYLE, page, style

logger = logging.getLogger(__name__)


def packed(referral: ReferralCandidate) -> Document | None:
    """The pack of this hand-over, if it was made already."""
    found: Document | None = Document.objects.about(referral).filter(kind=Document.Kind.PACK).first()
    return found


def pack_of(referral: ReferralCandidate, *, at: datetime) -> Document:
    """The pack, made now if it does not stand yet; two who ask at once get one file.

    It holds what stood at the hand-over, whenever it is made. Raises DamagedOriginal, and keeps nothing, where an
    original is no longer what came in.
    """
    standing = packed(referral)
    if standing:
        return standing
    with transaction.atomic():
        one = ReferralCandidate.objects.select_for_update(of=("self",)).get(pk=referral.pk)
        if one.handed_over_at is None:
            raise ValueError("Only what was handed over has a pack.")
        return packed(one) or make_pack(one, at=at)


def letter_from(referral: ReferralCandidate, *, at: datetime) -> Document:
    """The letter as it lies in the pack: both are made together, so its list names the very files of the pack."""
    pack_of(referral, at=at)
    referral.refresh_from_db()
    with override("zh-hans"):
        return printed(referral) or letter_of(referral, files_of(referral, at=at), at=at)


def make_pack(referral: ReferralCandidate, *, at: datetime) -> Document:
    with override("zh-hans"):  # as the papers are, whoever's request makes it
        files = all_files(referral, at=at)
    with TemporaryFile() as out:
        write_archive(out, about(referral, at=at), files, at=at)
        digest, size = measured(out)
        place = default_storage.save(f"packs/{at:%Y/%m/%d}/{digest}.zip", StoredFile(out))
    document = Document.objects.create(
        **facts_of(referral), owed_by_id=referral.owed_by_id, kind=Document.Kind.PACK, at=at, original=place,
        file_name=f"{referral.number}.zip", content_type="application/zip", size=size, sha256=digest,
    )  # fmt: skip
    facts = {"sha256": digest, "size": size, "files": len(files)}
    write_entry(referral, "make_pack", by=None, at=not_before(last_entry(referral), at), facts=facts)
    return document


def all_files(referral: ReferralCandidate, *, at: datetime) -> list[File]:
    """The letter and what goes with it, and the page that leads through them."""
    going = files_of(referral, at=at)
    letter = kept("letter.pdf", TITLE, letter_of(referral, going, at=at))
    shown = {"referral": referral, "letter": letter, "groups": grouped(going)}
    handed_over_at = referral.handed_over_at or at
    return [
        made("index.html", "目录", page("index", shown), handed_over_at),
        made(STYLE, "版式", style(), handed_over_at),
        letter,
        *going,
    ]


def grouped(files: Sequence[File]) -> list[tuple[str, list[File]]]:
    titles = {"": "时间线", "papers": "历次文书", "evidence": "证据原件"}
    return [(title, [one for one in files if one.group == group]) for group, title in titles.items()]


def about(referral: ReferralCandidate, *, at: datetime) -> dict[str, Any]:
    """What the list says of the whole, in values that every machine writes alike."""
    return {
        "kind": "referral-pack",
        "version": 1,
        "number": referral.number,
        "year": referral.year,
        "serial": referral.serial,
        "subject": str(referral.subject_id),
        "unit": referral.unit_id,
        "handed_over_at": written(referral.handed_over_at or at),
        "made_at": written(at),
    }


def measured(out: IO[bytes]) -> tuple[str, int]:
    """Hash and size of what was written; leaves the file at its beginning."""
    digest, size = hashlib.sha256(), 0
    out.seek(0)
    while block := out.read(BLOCK):
        digest.update(block)
        size += len(block)
    out.seek(0)
    return digest.hexdigest(), size


def make_missing(*, at: datetime) -> int:
    """Make the packs of hand-overs that have none yet; one that fails holds up no other. Answers how many were made."""
    having = Document.objects.filter(kind=Document.Kind.PACK).values("subject_id")
    made_now = 0
    for referral in ReferralCandidate.objects.handed_over().exclude(pk__in=having).order_by("handed_over_at")[:20]:
        try:
            pack_of(referral, at=at)
            made_now += 1
        except Exception:
            logger.exception("The pack of %s could not be made", referral.number)
    return made_now
