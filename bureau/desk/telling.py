"""A message in words: the format strings of its kind over what it tells."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from bureau.desk.contributions import notice_kinds
from bureau.desk.models.notice import Notice


@dataclass(frozen=True)
class Told:
    title: str
    body: str


def told(notice: Notice) -> Told:
    """Title and body in the reader's language; a kind without words shows its code."""
    kind = notice_kinds.get(notice.kind)
    if kind is None:
        return Told(notice.kind, "")
    params = defaultdict(str, notice.params)
    return Told(str(kind.title).format_map(params), str(kind.body).format_map(params))
