"""Messages of an application of WeChat Work 企业微信, or of its government edition 政务微信 at an address of its own.

The protocol is `/cgi-bin/gettoken`, `/cgi-bin/message/send` with a text card, and `/cgi-bin/auth/getuserinfo` for
binding; errors come as `errcode` with HTTP 200. The token is kept for the time it lives: fetching it too often is
refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import httpx
from django.conf import settings
from django.core.cache import cache

from bureau.desk.outbox.channels.parcel import Parcel, Send
from bureau.desk.outbox.failures import Deferred, Rejected, Unreachable

TIMEOUT: Final = httpx.Timeout(5.0)
KEPT: Final = "outbox.wecom.token"
BUSY: Final = -1
STALE: Final = frozenset({40014, 42001})  # an invalid token, an expired one
TOO_MANY: Final = frozenset({45009, 45033})
NO_SUCH_USER: Final = frozenset({40003, 60111, 81013})
LONGEST_TITLE: Final = 128  # bytes
SAME_FOR: Final = 4 * 3600  # seconds in which the platform drops a repetition


class Refused(Exception):
    """The platform answered with an `errcode`."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


class Wecom:
    def is_on(self) -> bool:
        return bool(settings.WECOM)

    @contextmanager
    def open(self) -> Iterator[Send]:
        with line() as client:
            token_of(client)
            yield lambda parcel: send(client, parcel)


@contextmanager
def line() -> Iterator[httpx.Client]:
    with httpx.Client(base_url=settings.WECOM["base"], timeout=TIMEOUT, trust_env=False) as client:
        yield client


def send(client: httpx.Client, parcel: Parcel) -> None:
    try:
        answer = call_with_token(client, "POST", "/cgi-bin/message/send", json=card_of(parcel))
    except Refused as error:
        if error.code in NO_SUCH_USER:
            raise Rejected(f"recipient_refused {error.code}") from error
        if error.code in TOO_MANY:
            raise Unreachable(f"too_many {error.code}") from error
        raise Deferred(f"answered {error.code}") from error
    if answer.get("invaliduser"):
        raise Rejected("recipient_refused")


def card_of(parcel: Parcel) -> dict[str, Any]:
    title = parcel.title.encode()[:LONGEST_TITLE].decode(errors="ignore")
    return {
        "touser": parcel.address,
        "msgtype": "textcard",
        "agentid": settings.WECOM["agent"],
        "textcard": {"title": title, "description": parcel.hint, "url": parcel.url},
        "enable_duplicate_check": 1,
        "duplicate_check_interval": SAME_FOR,
    }


def user_behind(code: str) -> str:
    """The member who scanned, by the platform's one-time `code`; raises DeliveryFailed, or Refused for a bad one."""
    with line() as client:
        answer = call_with_token(client, "GET", "/cgi-bin/auth/getuserinfo", params={"code": code})
    return str(answer.get("userid") or answer.get("UserId") or "")


def call_with_token(client: httpx.Client, method: str, path: str, **said: Any) -> dict[str, Any]:
    """One call; a token that has gone stale is fetched anew, once."""
    params = said.pop("params", {})
    try:
        return call(client, method, path, params={**params, "access_token": token_of(client)}, **said)
    except Refused as error:
        if error.code not in STALE:
            raise
    cache.delete(KEPT)
    return call(client, method, path, params={**params, "access_token": token_of(client)}, **said)


def token_of(client: httpx.Client) -> str:
    kept = cache.get(KEPT)
    if kept:
        return str(kept)
    own = {"corpid": settings.WECOM["corp"], "corpsecret": settings.WECOM["secret"]}
    try:
        answer = call(client, "GET", "/cgi-bin/gettoken", params=own)
    except Refused as error:
        raise Unreachable(f"sign_in_refused {error.code}") from error
    token = str(answer["access_token"])
    cache.set(KEPT, token, max(int(answer.get("expires_in", 7200)) - 300, 60))
    return token


def call(client: httpx.Client, method: str, path: str, **said: Any) -> dict[str, Any]:
    """The answer of `errcode` 0. Raises Refused, or Unreachable when the platform is away, busy or talks nonsense."""
    try:
        response = client.request(method, path, **said)
        answer = response.raise_for_status().json()
        code = int(answer.get("errcode", 0))
    except httpx.TimeoutException as error:
        raise Unreachable("timeout") from error
    except httpx.HTTPError as error:
        raise Unreachable("no_connection") from error
    except (ValueError, AttributeError, TypeError) as error:
        raise Unreachable("server_refused") from error
    if code == BUSY:
        raise Unreachable("busy")
    if code:
        raise Refused(code)
    return dict(answer)
