"""A signed and sealed scan goes back to its paper by the QR on each page; what no QR tells, a clerk assigns by hand."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from datetime import datetime
from typing import Any, Final

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bureau.desk.attachments import PDF
from bureau.desk.models import Document
from bureau.desk.press import imprint_of
from bureau.desk.refusal import BadValue, IllegalTransition, NotYourMove
from bureau.desk.subject import facts_of
from bureau.desk.trail import write_entry
from bureau.models import Officer, Posting
from oversight.actions.papers import lock_subject, tidy
from oversight.models import Paper, Scan, ScanPage
from oversight.scan_reading import ReadPage, ReadScan, bound, read_scan
from oversight.workflow import BUREAU

LONGEST_WHY: Final = 200


def file_scan(upload: UploadedFile, *, by: Officer, at: datetime) -> Scan:
    """Read every page, file those whose code is of a paper that this person reads, put the others into the tray.

    The same file again answers the scan that stands. Raises NotYourMove, and what `read_scan` raises.
    """
    posting = clerk(by)
    name = (upload.name or "")[-120:]
    read = read_scan(upload)
    digest = hashlib.sha256(read.original).hexdigest()
    with transaction.atomic():
        scan, is_new = Scan.objects.get_or_create(sha256=digest, defaults={"file_name": name, "by": by, "at": at})
        if is_new:
            keep(scan, read.original, kind=Document.Kind.SCAN, content_type=read.content_type, by=by, at=at)
            file_pages(scan, read, posting, by=by, at=at)
    return scan


def file_pages(scan: Scan, read: ReadScan, posting: Posting, *, by: Officer, at: datetime) -> None:
    """The pages of each paper become one file of it, in their order."""
    papers: dict[Any, Paper] = {}
    of_paper: dict[Any, list[ReadPage]] = defaultdict(list)
    waiting: list[ReadPage] = []
    for page in read.pages:
        paper = paper_of(page.code, by)
        if paper is None:
            waiting.append(page)
        else:
            papers[paper.pk] = paper
            of_paper[paper.pk].append(page)
    for key in sorted(papers):
        paper, pages = papers[key], of_paper[key]
        document = file_to(paper, bound([page.pdf for page in pages]), posting, by=by, at=at, is_by_hand=False)
        for page in pages:
            ScanPage.objects.create(
                scan=scan, place=page.place, code=page.code, paper=paper, document=document, settled_by=by,
                settled_at=at,
            )  # fmt: skip
    for page in waiting:
        row = ScanPage.objects.create(scan=scan, place=page.place, code=page.code)
        keep(row, page.pdf, kind=Document.Kind.SCAN, content_type=PDF, by=by, at=at, picture=page.picture)
    facts = {"pages": len(read.pages), "waiting": len(waiting), "sha256": scan.sha256}
    write_entry(scan, "file_scan", by=by, at=at, posting=posting, facts=facts, is_first=True)


def paper_of(code: str, by: Officer) -> Paper | None:
    """The paper that bears this code, if it is a notice that this person reads."""
    imprint = imprint_of(code) if code else None
    about = imprint.document if imprint else None
    if about is None or about.subject_type.model_class() is not Paper:
        return None
    return Paper.objects.visible_to(by).filter(pk=about.subject_id).first()


@transaction.atomic
def assign_page(page: ScanPage, number: str, *, by: Officer, at: datetime) -> ScanPage:
    """File a waiting page to the paper of that number. Raises NotYourMove, IllegalTransition `already_settled`."""
    posting = clerk(by)
    lock_waiting(page, by)
    wanted = tidy("number", number).replace("[", "〔").replace("]", "〕").replace(" ", "")
    paper = Paper.objects.visible_to(by).filter(number=wanted).first() if wanted else None
    if paper is None:
        raise BadValue(_("No paper of yours bears this number."), code="unknown_number", pointer="/number")
    single = page_file(page)
    with default_storage.open(single.original) as file:
        page.document = file_to(paper, file.read(), posting, by=by, at=at, is_by_hand=True)
    page.paper = paper
    page.settled_by, page.settled_at = by, at
    page.save()
    return page


@transaction.atomic
def set_page_aside(page: ScanPage, why: str, *, by: Officer, at: datetime) -> ScanPage:
    """Take a page that belongs to no paper out of the tray; it stays on file with the reason."""
    posting = clerk(by)
    lock_waiting(page, by)
    page.set_aside_for = tidy("why", why)[:LONGEST_WHY]
    if not page.set_aside_for:
        raise BadValue(_("Say why the page belongs to no paper."), code="required", pointer="/why")
    page.settled_by, page.settled_at = by, at
    page.save()
    facts = {"page": page.place}
    write_entry(page.scan, "set_page_aside", by=by, at=at, posting=posting, note=page.set_aside_for, facts=facts)
    return page


def lock_waiting(page: ScanPage, by: Officer) -> None:
    page.refresh_from_db(from_queryset=ScanPage.objects.visible_to(by).select_for_update(of=("self",)))
    if page.settled_at is not None:
        raise IllegalTransition(_("This page was filed or set aside already."), code="already_settled")


def file_to(paper: Paper, content: bytes, posting: Posting, *, by: Officer, at: datetime, is_by_hand: bool) -> Document:
    """The scan becomes a document of its paper; both trails say so."""
    subject = lock_subject(paper)
    document = keep(paper, content, kind=Document.Kind.SCAN, content_type=PDF, by=by, at=at)
    facts = {"document": str(document.pk), "sha256": document.sha256, "is_by_hand": is_by_hand}
    write_entry(paper, "file_scan", by=by, at=at, posting=posting, facts=facts)
    told = {"paper": paper.number, "paper_id": str(paper.pk)}
    write_entry(subject, "file_scan", by=by, at=at, posting=posting, facts=told)
    return document


def keep(
    subject: Any, content: bytes, *, kind: Document.Kind, content_type: str, by: Officer, at: datetime,
    picture: bytes = b"",
) -> Document:  # fmt: skip
    """The bytes sealed with their hash, and the picture beside them; the files stand before the row."""
    digest = hashlib.sha256(content).hexdigest()
    folder = f"{at:%Y/%m/%d}/{digest[:2]}"
    number = getattr(subject, "number", "")
    return Document.objects.create(
        **facts_of(subject),
        owed_by_id=getattr(subject, "owed_by_id", None),
        kind=kind,
        by=by,
        at=at,
        original=default_storage.save(f"sealed/{folder}/{digest}", ContentFile(content)),
        shown=default_storage.save(f"shown/{folder}/{digest}.jpg", ContentFile(picture)) if picture else "",
        file_name=f"{number}扫描件.pdf" if number else getattr(subject, "file_name", ""),
        content_type=content_type,
        size=len(content),
        sha256=digest,
    )


def page_file(page: ScanPage) -> Document:
    found: Document = Document.objects.about(page).get()
    return found


def clerk(by: Officer) -> Posting:
    posting = next((post for post in by.postings_now if post.role in BUREAU.roles), None)
    if posting is None:
        raise NotYourMove(_("Scans are filed by the bureau."))
    return posting
