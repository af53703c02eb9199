"""Documents of the portal as lines that outsiders can check; entries become lines in bureau.desk.trail."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType

from bureau.desk import signing
from bureau.desk.models.document import Document
from bureau.proofs.lines import EVIDENCE, Line, evidence_of_row


def document_row(document: Document) -> dict[str, Any]:
    """A document as its row in an export says it; `superseded_by` is left out, for it comes later."""
    kind = ContentType.objects.get_for_id(document.subject_type_id)
    return {
        "chain": f"{EVIDENCE}/{document.pk}",
        "sha256": document.sha256,
        "subject": f"{kind.app_label}.{kind.model}/{document.subject_id}",
        "kind": document.kind,
        "stage": document.stage,
        "file_name": document.file_name,
        "content_type": document.content_type,
        "size": document.size,
        "by": str(document.by_id or ""),
        "at": signing.written(document.at),
        "place": document.original,
    }


def document_line(document: Document, found: str | None = None) -> Line:
    return evidence_of_row(document_row(document), found)
