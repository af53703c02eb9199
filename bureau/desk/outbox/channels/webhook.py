"""Signed webhooks (standardwebhooks.com): a POST of JSON, signed over its id, its time and its body.

The address is looked up once, checked, and spoken to by that very number, so that a name cannot first show a public
address and then lead inside (T14). Nothing is followed, and no proxy of the environment is asked.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import urlsplit

import httpx

from bureau.desk.outbox.addresses import ForbiddenAddress, UnknownHost, pinned
from bureau.desk.outbox.channels.parcel import Parcel, Send
from bureau.desk.outbox.failures import Deferred, Rejected
from bureau.proofs.canonical import canonical

TIMEOUT: Final = httpx.Timeout(5.0)
GONE: Final = 410
PREFIX: Final = "whsec_"


class Webhook:
    def is_on(self) -> bool:
        return True

    @contextmanager
    def open(self) -> Iterator[Send]:
        with httpx.Client(timeout=TIMEOUT, trust_env=False, follow_redirects=False) as client:
            yield lambda parcel: send(client, parcel)


def send(client: httpx.Client, parcel: Parcel) -> None:
    """2xx is taken, 410 says never again, anything else is tried later."""
    body = canonical({**parcel.facts, "url": parcel.url})
    host = urlsplit(parcel.address).hostname or ""
    try:
        target = pinned(parcel.address)
        headers = signed_headers(parcel, body) | {"host": target.host_header, "content-type": "application/json"}
        with client.stream(
            "POST", target.url, content=body, headers=headers, extensions={"sni_hostname": host}
        ) as answer:
            status = answer.status_code
    except ForbiddenAddress as error:
        raise Rejected("forbidden_address") from error
    except UnknownHost as error:
        raise Deferred("unknown_host") from error
    except httpx.TimeoutException as error:
        raise Deferred("timeout") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Deferred("no_connection") from error
    if status == GONE:
        raise Rejected(f"gone {status}")
    if not 200 <= status < 300:
        raise Deferred(f"answered {status}")


def signed_headers(parcel: Parcel, body: bytes) -> dict[str, str]:
    stamp = str(int(parcel.at.timestamp()))
    return {
        "webhook-id": str(parcel.id),
        "webhook-timestamp": stamp,
        "webhook-signature": signature(parcel.secret, str(parcel.id), stamp, body),
    }


def signature(secret: str, id: str, stamp: str, body: bytes) -> str:
    """`v1,` and base64 of HMAC-SHA256 over `id.stamp.body`."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    digest = hmac.new(key, b".".join((id.encode(), stamp.encode(), body)), hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()
