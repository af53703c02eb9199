"""What goes with a referral: everything that stood when it was handed over, each file with its hash."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import IO, Any

from django.core.files.storage import default_storage
from django.db.models import F
from django.utils import timezone

from bureau.desk.models import Document
from bureau.proofs.canonical import sha256_hex
from oversight.models import Paper, ReferralCandidate
from oversight.pack.timeline import timeline_files
from oversight.pack.writing import page
from oversight.printing import pdf_of

ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
    "application/pdf": "pdf",
}
STAGES = {"before": "处置前照片", "after": "处置后照片"}


@dataclass(frozen=True)
class File:
    """A file of the pack: its name in it, what it is called, when it was made; `open` gives its bytes."""

    name: str
    title: str
    made_at: datetime
    sha256: str
    size: int
    open: Callable[[], IO[bytes]]

    @property
    def group(self) -> str:
        """The folder in which it lies, or nothing."""
        return self.name.rpartition("/")[0]


def made(name: str, title: str, content: bytes, at: datetime) -> File:
    return File(name, title, at, sha256_hex(content), len(content), lambda: BytesIO(content))


def kept(name: str, title: str, document: Document) -> File:
    """The original as it came in; its size and hash are those written down then."""
    return File(
        name, title, document.at, document.sha256, document.size, lambda: default_storage.open(document.original)
    )


def files_of(referral: ReferralCandidate, *, at: datetime) -> list[File]:
    """Timeline, papers with what was answered, and evidence, as they stood at the hand-over. `at` is now."""
    return [*timeline_files(referral, made), *paper_files(referral, at), *evidence_files(referral)]


def paper_files(referral: ReferralCandidate, at: datetime) -> Iterator[File]:
    for place, paper in enumerate(papers_of(referral), start=1):
        stem, until = f"papers/{place:02}-{paper.kind}", referral.handed_over_at
        yield kept(f"{stem}.pdf", f"{paper.get_kind_display()}（{paper.number}）", pdf_of(paper, at=at))
        answers = list(paper.replies.filter(at__lte=until).select_related("by", "judged_by").order_by("serial"))
        if paper.received_at and until and paper.received_at <= until:
            content = page("reply", {"paper": paper, "answers": answers, "until": until})
            moment = max([paper.received_at, *(one.judged_at or one.at for one in answers)])
            yield made(f"{stem}-reply.html", f"{paper.number}的签收和答复", content, min(moment, until))
        for answer in answers:
            for number, document in enumerate(documents_about(answer, until), start=1):
                name = f"{stem}-reply-{answer.serial}-{number:02}.{ending_of(document)}"
                yield kept(name, f"{paper.number}第{answer.serial}次答复的附件：{document.file_name}", document)
        for number, document in enumerate(documents_about(paper, until).exclude(kind=Document.Kind.PAPER), start=1):
            name = f"{stem}-{number:02}.{ending_of(document)}"
            yield kept(name, f"{paper.number}的附件：{document.file_name or document.get_kind_display()}", document)


def papers_of(referral: ReferralCandidate) -> Iterable[Paper]:
    """The papers about the subject up to the hand-over, in the order of the instants at which they were due."""
    found = Paper.objects.filter(subject_type=referral.subject_type_id, subject_id=referral.subject_id)
    return found.filter(issued_at__lte=referral.handed_over_at).order_by(
        F("rung__reached_at").asc(nulls_last=True), "issued_at", "number"
    )


def evidence_files(referral: ReferralCandidate) -> Iterator[File]:
    """Photos and documents of the subject; what was superseded stays, and says so."""
    found = documents_about(referral.subject, referral.handed_over_at)
    for place, document in enumerate(found, start=1):
        title = STAGES.get(document.stage) or document.get_kind_display()
        if document.superseded_by_id:
            title += "（已被更正）"
        when = f"{timezone.localtime(document.at):%Y-%m-%d %H:%M}"
        name = f"evidence/{place:02}-{document.stage or document.kind}.{ending_of(document)}"
        yield kept(name, f"{title}，{when}收存", document)


def documents_about(subject: Any, until: datetime | None) -> Any:
    return Document.objects.about(subject).filter(at__lte=until).order_by("at", "id")


def ending_of(document: Document) -> str:
    return ENDINGS.get(document.content_type, "bin")
