"""Several papers as one PDF: small stacks at once, large ones in the background."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from bureau.desk import jobs
from bureau.desk.jobs import Step, Work
from bureau.desk.models import Document, Job
from bureau.desk.refusal import BadValue
from bureau.desk.subject import facts_of
from bureau.models import Officer
from oversight.models import Paper
from oversight.printing import pdf_of
from oversight.scan_reading import bound

KIND: Final = "paper_stack"
AT_ONCE: Final = 20
MOST: Final = 500


def chosen(keys: Sequence[Any], by: Officer) -> list[Paper]:
    """The papers chosen, in the order of their numbers' issue; only those that this person reads.

    Raises BadValue for none, and for more than 500.
    """
    found = list(Paper.objects.visible_to(by).filter(pk__in=keys).for_list().order_by("issued_at", "number"))
    if not found:
        raise BadValue(_("Choose at least one paper to print."), code="required", pointer="/papers")
    if len(found) > MOST:
        raise BadValue(_("Choose at most 500 papers at once."), code="too_many_papers", pointer="/papers")
    return found


def printed_stack(papers: Iterable[Paper], *, at: datetime) -> bytes:
    return bound([content_of(paper, at) for paper in papers])


def content_of(paper: Paper, at: datetime) -> bytes:
    with default_storage.open(pdf_of(paper, at=at).original) as file:
        content: bytes = file.read()
        return content


def order_stack(papers: Sequence[Paper], *, by: Officer, at: datetime) -> Job:
    """The job that prints them, one for the same choice while it runs."""
    keys = [str(paper.pk) for paper in papers]
    digest = hashlib.sha256(" ".join(keys).encode()).hexdigest()
    return jobs.order(KIND, key=f"{KIND} {digest}", facts={"papers": keys}, by=by, at=at)


def make(job: Job, step: Step) -> bytes:
    """What the orderer may still read, paper by paper."""
    papers = chosen(job.facts["papers"], job.asked_by)
    parts = []
    for done, paper in enumerate(papers):
        step(done, len(papers))
        parts.append(content_of(paper, job.asked_at))
    return bound(parts)


def keep(job: Job, content: bytes, at: datetime) -> Document:
    """The file is about the job, so whoever ordered it opens it and nobody else."""
    digest = hashlib.sha256(content).hexdigest()
    place = default_storage.save(f"papers/{at:%Y/%m/%d}/{digest}.pdf", ContentFile(content))
    document: Document = Document.objects.create(
        **facts_of(job), kind=Document.Kind.PAPER, by=job.asked_by, at=at, original=place, sha256=digest,
        file_name=f"文书{at:%Y%m%d%H%M}.pdf", content_type="application/pdf", size=len(content),
    )  # fmt: skip
    return document


WORK: Final = Work(_("Printing papers"), make, keep)
