"""Sealed originals: who may see one, and each look is on the subject's trail (security.md section 3)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bureau.desk.models.document import Document
from bureau.desk.refusal import NotYourMove
from bureau.desk.trail import last_entry, not_before, write_entry
from bureau.models.people import Officer, Posting
from bureau.models.roles import Role

ANYWHERE: Final = frozenset({Role.DEPUTY, Role.DIRECTOR, Role.SUPERVISION})
WHEN_MINE: Final = frozenset({Role.SQUAD_OFFICER, Role.SQUAD_LEADER})


def posting_for_original(subject: Any, officer: Any) -> Posting | None:
    """As which posting this person may see originals of the subject: a leader or inspectorate anywhere, else the
    squad that handles it."""
    holder = getattr(subject, "handled_by_id", None)
    return next(
        (
            posting
            for posting in officer.postings_now
            if posting.role in ANYWHERE or (posting.role in WHEN_MINE and posting.organisation_id == holder)
        ),
        None,
    )


@transaction.atomic
def open_original(document: Document, *, by: Officer, at: datetime, reason: str) -> str:
    """Where the original lies; the look and its reason are written first. 403 `not_your_move` for other posts."""
    model: Any = document.subject_type.model_class()
    subject = model.objects.visible_to(by).select_for_update(of=("self",)).get(pk=document.subject_id)
    posting = posting_for_original(subject, by)
    if posting is None:
        raise NotYourMove(_("Originals are for the leaders, the inspectorate and the squad that handles it."))
    facts = {"document": str(document.pk), "sha256": document.sha256}
    at = not_before(last_entry(subject), at)
    write_entry(subject, "view_original", by=by, at=at, posting=posting, note=reason, facts=facts)
    return document.original
