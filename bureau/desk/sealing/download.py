"""An export of some days as one ZIP, for a person; itself a line of that person's trail."""

from __future__ import annotations

import tempfile
import zipfile
from datetime import datetime
from pathlib import Path
from typing import IO

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from bureau.desk.models.root import TrailRoot
from bureau.desk.refusal import BadValue
from bureau.desk.sealing.export import Span, export_trail, span_of
from bureau.desk.trail import last_entry, not_before, write_entry
from bureau.models.people import Officer

MOST_LINES = 100_000  # what a person waits for; more is for `manage.py export_trail`


def export_of(*, start: datetime, end: datetime, by: Officer, at: datetime) -> IO[bytes]:
    """The ZIP, open at its beginning. Raises BadValue where no root lies in that time, or too much does."""
    try:
        span = span_of(start, end)
    except ValueError as error:
        raise BadValue(_("No root was sealed on these days."), code="no_root", pointer="/start") from error
    within = TrailRoot.objects.filter(n__gte=span.first, n__lte=span.last)
    lines = within.aggregate(lines=Sum("lines"))["lines"] or 0
    if lines > MOST_LINES:
        raise BadValue(
            _("These days hold too many lines for a download. Ask for fewer, or have the administrator export them."),
            code="too_many_lines",
            pointer="/end",
        )
    file = zipped(span, at)
    tell(by, {"first": span.first, "last": span.last, "lines": lines}, at)
    return file


def zipped(span: Span, at: datetime) -> IO[bytes]:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "export"
        export_trail(folder, span, at=at)
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(folder.iterdir()):
                archive.write(path, f"export/{path.name}")
    file.seek(0)
    return file


@transaction.atomic
def tell(officer: Officer, facts: dict[str, int], at: datetime) -> None:
    """A bulk export is logged (security.md section 3) on the trail of whoever took it."""
    held = Officer.objects.select_for_update(of=("self",)).get(pk=officer.pk)
    write_entry(held, "export_trail", by=officer, at=not_before(last_entry(held), at), facts=facts)
