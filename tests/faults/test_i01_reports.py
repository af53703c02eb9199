"""I01: every acknowledged report exists once, whatever is killed and wherever, and with it the photo it was sent."""

from __future__ import annotations

import hashlib
from collections import Counter
from random import Random

import pytest

from tests.faults.clients import LATER, Reporter, reporting
from tests.faults.invariants import Violation
from tests.faults.ledger import Ledger
from tests.faults.points import REPORT
from tests.faults.system import System
from tests.faults.tally import HOLDS

pytestmark = [pytest.mark.fault, pytest.mark.slow]
TOLD = {201, *LATER}
VICTIMS = ("web child", "web child", "web child", "web", "postgres", "valkey")


@pytest.mark.invariant("I01")
def test_every_acknowledged_report_exists_once_whatever_is_killed(
    system: System, mutant: str, chance: Random, tmp_path
):
    points, kills = (list(REPORT), 6) if mutant == HOLDS else (["before COMMIT"] * 2, 0)
    ledger = Ledger(tmp_path / "ledger")
    system.start_web()

    with reporting(system, ledger, chance) as people:
        for point in points:
            system.arm(point)
            system.wait_for_strike(point)
        for _ in range(kills):
            system.let_run(chance.uniform(0.2, 1.0))
            kill_one(system, chance)
        system.let_run(0.5)

    system.wait_for(lambda: all_settled(people), "every report was answered at last")
    check(system, ledger, people)


def all_settled(people: list[Reporter]) -> bool:
    return sum(not person.settle() for person in people) == 0  # everybody asks


def kill_one(system: System, chance: Random) -> None:
    victim = chance.choice(VICTIMS)
    if victim == "web child":
        system.kill_child("web", chance)
    else:
        system.kill(victim)


def check(system: System, ledger: Ledger, people: list[Reporter]) -> None:
    """Ledger minus table, table minus ledger, and what belongs to each report."""
    acknowledged = {event["key"]: event["id"] for event in ledger.events("report acknowledged")}
    sent = {event["key"] for event in ledger.events("report sent")}
    rows = system.ask("SELECT description, id::text, status FROM grid_issue")
    twice = [key for key, count in Counter(key for key, _id, _status in rows).items() if count > 1]
    lost = [key for key, pk in acknowledged.items() if (key, pk, "reported") not in set(rows)]
    if twice or lost or len(rows) != len(acknowledged) or len(acknowledged) != len(sent):
        raise Violation(f"{len(lost)} lost, {len(twice)} twice, {len(rows)} rows for {len(acknowledged)} acknowledged")
    strange = Counter(event["status"] for event in ledger.events("answer")) - Counter(dict.fromkeys(TOLD, 10**9))
    if strange:
        raise Violation(f"answers that must not be: {dict(strange)}")
    check_parts(system, len(rows))
    check_photos(system, ledger)


def check_parts(system: System, issues: int) -> None:
    """One opening line, one running clock and one number of the day's series for each."""
    lines = system.count("SELECT count(*) FROM bureau_entry WHERE verb = 'report' AND seq = 1")
    clocks = system.count("SELECT count(*) FROM bureau_clock WHERE kind = 'accept' AND met_at IS NULL")
    last = system.count("SELECT sum(last) FROM bureau_numberseries WHERE body = 'grid' AND kind = 'issue'")
    if (lines, clocks, last) != (issues, issues, issues):
        raise Violation(f"{issues} issues with {lines} opening lines, {clocks} clocks and {last} numbers")


def check_photos(system: System, ledger: Ledger) -> None:
    """Acknowledged photos, and only they, are rows, and the bytes of each are those that were sent."""
    acknowledged = {event["key"] for event in ledger.events("photo acknowledged")}
    kept = system.ask("SELECT sha256, original FROM bureau_document")
    if {digest for digest, _place in kept} != acknowledged or len(kept) != len(acknowledged):
        raise Violation(f"{len(kept)} photos kept, {len(acknowledged)} acknowledged")
    media = system.places.var / "media"
    changed = [digest for digest, place in kept if hashlib.sha256((media / place).read_bytes()).hexdigest() != digest]
    if changed:
        raise Violation(f"{len(changed)} photos are not what was sent")
