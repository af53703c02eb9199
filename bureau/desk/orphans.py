"""Files to which no row points: left by work that was rolled back or killed, set aside, never taken for evidence.

A file stands before its row, so a death between the two leaves a file. After a restore of the database the files of
the lost hours look the same; therefore they are moved to `orphans/` under their own names, not deleted.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.core.files.storage import default_storage
from django.db.models import Q

from bureau.desk.models.document import Document
from bureau.desk.storage import DRAFT

FOLDERS: Final = ("sealed", "shown", "papers")
ASIDE: Final = "orphans"
GRACE: Final = timedelta(hours=1)  # longer than any transaction may take
LOOKS_BACK: Final = timedelta(days=3)
BATCH: Final = 500
logger = logging.getLogger(__name__)


def set_orphans_aside(*, at: datetime, since: datetime | None = None) -> int:
    """Move aside the files written from `since` (three days ago) until an hour ago that no row names; how many."""
    root = Path(default_storage.path(""))
    found = 0
    for batch in batches(written_between(root, since or at - LOOKS_BACK, at - GRACE)):
        for name in without_row(batch):
            aside = root / ASIDE / name
            aside.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            (root / name).rename(aside)
            found += 1
    if found:
        logger.warning("%s files without a row were set aside below %s", found, ASIDE)
    return found


def written_between(root: Path, first: datetime, last: datetime) -> Iterator[str]:
    """Names below the storage's root. Days lie in folders of their own, so old ones are passed by unread."""
    for folder in FOLDERS:
        for day in (root / folder).glob("*/*/*"):
            if day.is_dir() and day.stat().st_mtime >= first.timestamp() - LOOKS_BACK.total_seconds():
                for path in day.rglob("*"):
                    if path.is_file() and first.timestamp() <= path.stat().st_mtime <= last.timestamp():
                        yield str(path.relative_to(root))


def batches(names: Iterator[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    for name in names:
        batch.append(name)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def without_row(names: list[str]) -> list[str]:
    whole = [name for name in names if not name.endswith(DRAFT)]
    rows = Document.objects.filter(Q(original__in=whole) | Q(shown__in=whole)).values_list("original", "shown")
    known = {place for row in rows for place in row}
    return [name for name in names if name not in known]
