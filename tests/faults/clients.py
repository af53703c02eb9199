"""People who report without pause while the system is killed under them, and remember what they were told."""

from __future__ import annotations

import hashlib
import io
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from threading import Event, Thread
from typing import Any

import httpx
from PIL import Image

from tests.faults.ledger import Ledger
from tests.faults.system import System

PATIENCE = 12  # seconds for one answer
LATER = (409, 503)  # the same key is at work; the database is away
SOON = 0.2  # seconds before asking again


class Reporter:
    """Reports, now and then with a photo; whatever was not answered is asked again under the same key."""

    def __init__(self, system: System, ledger: Ledger, seed: int) -> None:
        self.system, self.ledger, self.chance = system, ledger, Random(seed)
        self.line = httpx.Client(
            base_url=f"{system.url}/api/v1",
            headers={"Authorization": f"Bearer {system.facts['inspector']}"},
            timeout=PATIENCE,
        )
        self.open: list[tuple[str, str, dict[str, Any]]] = []  # sent, and not answered yet

    def run(self, is_over: Event) -> None:
        while not is_over.is_set():
            if not self.settle():
                continue  # nothing new before the old is known, as a careful client does
            issue = self.report()
            if issue and self.chance.random() < 0.5:
                self.add_photo(issue)

    def report(self) -> str | None:
        key = str(uuid.UUID(int=self.chance.getrandbits(128)))
        place = {name: self.system.facts[name] for name in ("longitude", "latitude")}
        body = {"type": "C1", "description": key, "channel": "patrol", "address": "七莘路1号", **place}
        return self.send("report", "/issues/", {"json": body}, key)

    def add_photo(self, issue: str) -> str | None:
        photo = a_photo(self.chance)
        key = hashlib.sha256(photo).hexdigest()
        files = {"file": ("a.jpg", photo, "image/jpeg")}
        return self.send("photo", f"/issues/{issue}/photos/", {"files": files, "data": {"stage": "before"}}, key)

    def send(self, kind: str, path: str, said: dict[str, Any], key: str) -> str | None:
        """The id that was acknowledged; None for a refusal, and while the outcome is unknown, which is remembered."""
        self.ledger.write(kind=f"{kind} sent", key=key)
        try:
            answer = self.line.post(path, headers={"Idempotency-Key": key}, **said)
        except httpx.HTTPError:
            self.open.append((kind, path, said | {"key": key}))
            time.sleep(SOON)
            return None
        self.ledger.write(kind="answer", status=answer.status_code, key=key)
        if answer.status_code == 201:
            self.ledger.write(kind=f"{kind} acknowledged", key=key, id=answer.json()["id"])
            return str(answer.json()["id"])
        if answer.status_code in LATER:
            self.open.append((kind, path, said | {"key": key}))
            time.sleep(SOON)
        return None

    def settle(self) -> bool:
        """Ask again for everything unanswered; whether nothing is left."""
        waiting, self.open = self.open, []
        for kind, path, said in waiting:
            self.send(kind, path, {name: value for name, value in said.items() if name != "key"}, said["key"])
        return not self.open


@contextmanager
def reporting(system: System, ledger: Ledger, chance: Random, count: int = 4) -> Iterator[list[Reporter]]:
    """They report as long as the block lasts; a failure of one of them is a failure of the block."""
    people = [Reporter(system, ledger, chance.getrandbits(32)) for _ in range(count)]
    is_over, failures = Event(), list[BaseException]()

    def run(person: Reporter) -> None:
        try:
            person.run(is_over)
        except BaseException as failure:  # told below, in the thread of the test
            failures.append(failure)

    threads = [Thread(target=run, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    try:
        yield people
    finally:
        is_over.set()
        for thread in threads:
            thread.join()
    if failures:
        raise failures[0]


def a_photo(chance: Random, side: int = 16) -> bytes:
    """A JPEG unlike any other."""
    out = io.BytesIO()
    Image.frombytes("RGB", (side, side), chance.randbytes(side * side * 3)).save(out, "JPEG", quality=95)
    return out.getvalue()
