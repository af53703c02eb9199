"""Who asks: personal keys made as `make_token` makes them, and one kept connection to the web server."""

from __future__ import annotations

import http.client
import itertools
import json
import socket
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bureau.desk.keys import issue_key
from bureau.models import Officer


def keys_of(username: str, number: int, at: datetime) -> list[str]:
    """Several keys of one person, for one key may ask 1,200 times a minute and a bench asks more."""
    officer = Officer.objects.get(username=username)
    return [issue_key(officer, at=at)[1] for _ in range(number)]


class Caller:
    """One kept connection; its keys take turns. Raises AssertionError with the answer when that is not the status."""

    def __init__(self, port: int, keys: list[str]) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.line.connect()
        self.line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.keys: Iterator[str] = itertools.cycle(keys)

    def get(self, path: str) -> dict[str, Any]:
        return self.ask("GET", path, None, 200)

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return self.ask("POST", path, body, 201)

    def page(self, path: str, cookie: str) -> None:
        """A page as a browser that is signed in gets it."""
        self._send("GET", path, None, {"Cookie": cookie}, 200)

    def ask(self, method: str, path: str, body: dict[str, Any] | None, status: int) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {next(self.keys)}", "Content-Type": "application/json"}
        told: dict[str, Any] = json.loads(self._send(method, path, body and json.dumps(body), headers, status))
        return told

    def _send(self, method: str, path: str, body: str | None, headers: dict[str, str], status: int) -> bytes:
        self.line.request(method, path, body, headers)
        answer = self.line.getresponse()
        content = answer.read()
        if answer.status != status:
            raise AssertionError(f"{method} {path} answered {answer.status}: {content[:400]!r}")
        return content

    def close(self) -> None:
        self.line.close()
