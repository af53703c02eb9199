"""The same creation asked twice is made once: `Idempotency-Key`, after draft-ietf-httpapi-idempotency-key-header.

The answer is kept in the transaction of its effect, so a crash leaves both or neither.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from bureau.desk.api.errors import words_of
from bureau.desk.api.keys import is_partner_key, owner_of
from bureau.desk.models.keys import IdempotencyRecord
from bureau.desk.refusal import BadValue, Refusal, required

HEADER = "Idempotency-Key"
SHAPE = re.compile(r"[\x21-\x7e]{1,200}")
KEPT_FOR = timedelta(days=3)
KEPT_HEADERS = ("Location", "ETag")


class KeyReused(Refusal):
    status, code = 422, "key_reused"


class InFlight(Refusal):
    status, code = 409, "in_flight"
    headers = {"Retry-After": "1"}


def answer_once(request: Request, make: Callable[[], Response], *, at: datetime) -> HttpResponse:
    """What `make` answers, once for each key of this caller; without a key it is simply made.

    Raises BadValue (a key that is none; a partner without one), KeyReused, InFlight. Costs three queries.
    """
    key = key_of(request)
    if not key:
        return make()
    owner, digest = owner_of(request), digest_of(request)
    with transaction.atomic():
        claim(owner, key)
        record = IdempotencyRecord.objects.filter(owner=owner, key=key).first()
        if record is not None:
            return replay(record, digest)
        response = make()
        keep(IdempotencyRecord(owner=owner, key=key, request_digest=digest, created_at=at), response)
    return response


def key_of(request: Request) -> str:
    key = str(request.headers.get(HEADER, ""))
    if not key and is_partner_key(request):
        raise required(HEADER, _("A partner sends an Idempotency-Key with every creation."))
    if key and not SHAPE.fullmatch(key):
        raise BadValue(
            _("An Idempotency-Key is 1 to 200 visible ASCII characters."), code="invalid", pointer=f"/{HEADER}"
        )
    return key


def claim(owner: str, key: str) -> None:
    """Hold this key until the transaction ends; InFlight when another request holds it."""
    number = int.from_bytes(hashlib.sha256(f"{owner}\n{key}".encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        if not cursor.fetchone()[0]:
            raise InFlight(words_of("in_flight"))


def digest_of(request: Request) -> str:
    """SHA-256 over method, address and content; the order of names does not matter."""
    found = hashlib.sha256(f"{request.method} {request.path}\n".encode())
    sent: Any = request.data
    for name in sorted(sent):
        values = sent.getlist(name) if hasattr(sent, "getlist") else [sent[name]]
        for value in values:
            told = digest_of_file(value) if hasattr(value, "chunks") else value
            found.update(json.dumps([name, told], sort_keys=True, default=str).encode())
    return found.hexdigest()


def digest_of_file(file: Any) -> str:
    found = hashlib.sha256()
    for chunk in file.chunks():
        found.update(chunk)
    file.seek(0)
    return found.hexdigest()


def keep(record: IdempotencyRecord, response: Response) -> None:
    """Keep an answer of success as the very text that was sent."""
    if response.status_code >= 400:
        return
    record.status = response.status_code
    record.body = JSONRenderer().render(response.data).decode()
    record.headers = {name: response[name] for name in KEPT_HEADERS if response.has_header(name)}
    record.save(force_insert=True)


def replay(record: IdempotencyRecord, digest: str) -> HttpResponse:
    if record.request_digest != digest:
        raise KeyReused(words_of("key_reused"), pointer=f"/{HEADER}")
    response = HttpResponse(record.body, status=record.status, content_type="application/json")
    for name, value in record.headers.items():
        response[name] = value
    response["Idempotent-Replayed"] = "true"
    return response


def forget_answers(*, at: datetime) -> int:
    """Delete the answers that nobody can ask for again; how many."""
    deleted: Any = IdempotencyRecord.objects.filter(created_at__lt=at - KEPT_FOR).delete()
    return int(deleted[0])
