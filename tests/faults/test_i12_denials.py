"""I12: whoever was refused left a line, though the work rolled back and web and database died in between."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

import httpx
import pytest

from tests.faults.clients import LATER, PATIENCE, SOON
from tests.faults.invariants import Violation
from tests.faults.points import REFUSAL
from tests.faults.system import System
from tests.faults.tally import HOLDS

pytestmark = [pytest.mark.fault, pytest.mark.slow]
REFUSED = (401, 403, 404, 409)
KEPT = "SELECT status, count(*) FROM bureau_denial GROUP BY status"


@pytest.mark.invariant("I12")
def test_every_refusal_that_was_told_is_kept_whatever_dies(system: System, mutant: str):
    mine, other = system.act("reported", unit="qibao"), system.act("reported", unit="meilong")
    system.start_web()
    door = Door(system, mine, other)
    door.accept()

    door.try_all()
    for point in REFUSAL if mutant == HOLDS else ():
        system.arm(point)
        door.try_all()
        system.wait_for_strike(point)
    system.kill("postgres")
    door.try_all()

    kept = Counter(dict(system.ask(KEPT)))
    if missing := door.told - kept:
        raise Violation(f"told and not kept, by status: {dict(missing)}")
    if len(door.told) != len(REFUSED):
        raise Violation(f"not every kind of refusal was tried: {door.told}")


class Door:
    """Somebody who tries four doors that are closed, each until it is answered, and counts what was told."""

    def __init__(self, system: System, mine: str, other: str) -> None:
        self.system, self.told = system, Counter[int]()
        self.line = httpx.Client(base_url=f"{system.url}/api/v1", timeout=PATIENCE)
        moves = f"/issues/{mine}/moves/"
        self.doors = [
            ("nobody", "GET", "/issues/", {}),
            ("squad_officer", "POST", moves, {"json": {"verb": "accept"}}),
            ("squad_officer", "GET", f"/issues/{other}/", {}),
            ("operator", "POST", moves, {"json": {"verb": "accept"}}),
        ]

    def accept(self) -> None:
        """The one door that is open, once."""
        self.ask(*self.doors[3])

    def try_all(self) -> None:
        for door in self.doors:
            status = self.ask(*door)
            if status not in REFUSED:
                raise Violation(f"{door[:3]} was answered {status}")
            self.told[status] += 1

    def ask(self, who: str, method: str, path: str, said: dict[str, Any]) -> int:
        """The status of the first answer that is one."""
        key = self.system.facts.get(who, "")
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        until = time.monotonic() + 60
        while time.monotonic() < until:
            self.system.tend()
            try:
                answer = self.line.request(method, path, headers=headers, **said)
            except httpx.HTTPError:
                time.sleep(SOON)
                continue
            if answer.status_code != max(LATER):
                return answer.status_code
            time.sleep(SOON)
        raise Violation(f"{path} was never answered")
