"""Text messages through a gateway that takes an HTTP POST: fields named by SMS_FIELDS, a bearer token if it has one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import httpx
from django.conf import settings

from bureau.desk.outbox.channels.parcel import Parcel, Send
from bureau.desk.outbox.failures import Deferred, Rejected, Unreachable

TIMEOUT: Final = httpx.Timeout(5.0)
SIGN_IN: Final = (401, 403)
NEVER: Final = (400, 404, 410, 422)


class Sms:
    def is_on(self) -> bool:
        return bool(settings.SMS_URL)

    @contextmanager
    def open(self) -> Iterator[Send]:
        headers = {"Authorization": f"Bearer {settings.SMS_TOKEN}"} if settings.SMS_TOKEN else {}
        with httpx.Client(headers=headers, timeout=TIMEOUT, trust_env=False) as client:
            yield lambda parcel: send(client, parcel)


def send(client: httpx.Client, parcel: Parcel) -> None:
    """2xx is taken; a refused sign-in or a silent gateway closes the way, a refused number is refused for good."""
    known = {"id": str(parcel.id), "to": parcel.address, "text": f"{parcel.title} {parcel.url}".strip()}
    body = {theirs: known[ours] for ours, theirs in settings.SMS_FIELDS.items()}
    try:
        status = client.post(settings.SMS_URL, json=body).status_code
    except httpx.TimeoutException as error:
        raise Unreachable("timeout") from error
    except httpx.HTTPError as error:
        raise Unreachable("no_connection") from error
    if status in SIGN_IN:
        raise Unreachable(f"sign_in_refused {status}")
    if status in NEVER:
        raise Rejected(f"recipient_refused {status}")
    if not 200 <= status < 300:
        raise Deferred(f"answered {status}")
