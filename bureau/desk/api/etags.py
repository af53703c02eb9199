"""Versions of what can be changed: `ETag` with every answer, `If-Match` with a change."""

from __future__ import annotations

import re
from typing import Any

from rest_framework.request import Request

from bureau.desk.api.errors import words_of
from bureau.desk.refusal import Refusal
from bureau.desk.trail import last_entry

TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e]*"')


class VersionStale(Refusal):
    status, code = 412, "version_stale"

    def __init__(self, current: str) -> None:
        super().__init__(words_of("version_stale"), pointer="/If-Match")
        self.extras = {"current": current}
        self.headers = {"ETag": current}


def etag_of(subject: Any) -> str:
    """The version of a subject: the hash of the last line of its trail, which every act moves on."""
    entry = last_entry(subject)
    return f'"{entry.hash[:20] if entry else "0"}"'


def refuse_stale(request: Request, current: str) -> None:
    """VersionStale unless the caller named this version, or none; `*` is any version."""
    asked = request.headers.get("If-Match", "").strip()
    if asked and asked != "*" and current not in TAG.findall(asked):
        raise VersionStale(current)
