"""The messages that reached a person."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef

from bureau.desk.models.notice import Notice, NoticeQuerySet, NoticeReceipt


def sent_to(officer: Any) -> NoticeQuerySet:
    """Delivered messages addressed to this person, newest first, each with `is_read`."""
    read = NoticeReceipt.objects.filter(notice=OuterRef("pk"), officer=officer.pk)
    delivered = Notice.objects.addressed_to(officer).exclude(sent_at=None)
    return delivered.annotate(is_read=Exists(read)).order_by("-created_at", "-pk")
