"""I23: with a part away the portal says so or does without it: never a 500, never a lie, nothing half done."""

from __future__ import annotations

import resource
import signal
from random import Random

import httpx
import pytest

from tests.faults.clients import PATIENCE, a_photo
from tests.faults.invariants import Violation
from tests.faults.system import System

pytestmark = [pytest.mark.fault, pytest.mark.slow]
SMALL = 100_000  # bytes
OF_A_LARGE_PHOTO = 400  # pixels a side: some 200 kB of noise


@pytest.mark.invariant("I23")
def test_each_part_that_goes_away_is_told_or_done_without(system: System, chance: Random):
    system.start_web()
    client = Client(system)
    issue = client.reported()

    system.kill("valkey", signal.SIGSTOP)
    client.reported()
    system.kill("valkey", signal.SIGCONT)

    system.fill_the_disk("web", SMALL)
    expect(client.send_photo(issue, a_photo(chance, side=OF_A_LARGE_PHOTO)), 507, "a photo for which there is no room")
    expect(client.read(issue), 200, "reading with a full disk")
    client.reported()
    system.fill_the_disk("web", resource.RLIM_INFINITY)
    expect(client.send_photo(issue, a_photo(chance, side=OF_A_LARGE_PHOTO)), 201, "a photo with room again")

    system.kill("postgres")  # and not started again before the answers are here
    expect(client.report(), 503, "a report without a database")
    expect(client.read(issue), 503, "reading without a database")
    system.wait_for(lambda: client.read(issue).status_code == 200, "the portal reads again")
    client.reported()

    if system.count("SELECT count(*) FROM grid_issue") != client.told:
        raise Violation("what was told does not equal what stands")
    files = [path for path in (system.places.var / "media").rglob("*") if path.is_file()]
    if len(files) != 2 * system.count("SELECT count(*) FROM bureau_document"):
        raise Violation(f"files {files} do not belong to the rows")


class Client:
    """Somebody who counts what was told as done."""

    def __init__(self, system: System) -> None:
        self.place = {name: system.facts[name] for name in ("longitude", "latitude")}
        self.told = 0
        key = system.facts["inspector"]
        self.line = httpx.Client(
            base_url=f"{system.url}/api/v1", headers={"Authorization": f"Bearer {key}"}, timeout=PATIENCE
        )

    def report(self) -> httpx.Response:
        body = {"type": "C1", "description": "路口有人设摊", "channel": "patrol", "address": "1号", **self.place}
        return self.line.post("/issues/", json=body)

    def reported(self) -> str:
        answer = self.report()
        expect(answer, 201, "a report")
        self.told += 1
        return str(answer.json()["id"])

    def send_photo(self, issue: str, photo: bytes) -> httpx.Response:
        files = {"file": ("a.jpg", photo, "image/jpeg")}
        return self.line.post(f"/issues/{issue}/photos/", files=files, data={"stage": "before"})

    def read(self, issue: str) -> httpx.Response:
        return self.line.get(f"/issues/{issue}/")


def expect(answer: httpx.Response, status: int, what: str) -> None:
    if answer.status_code != status:
        raise Violation(f"{what} was answered {answer.status_code} and not {status}: {answer.text[:200]}")
    if status in (503, 507) and not answer.headers.get("Retry-After"):
        raise Violation(f"{what} was not told when to come back")
