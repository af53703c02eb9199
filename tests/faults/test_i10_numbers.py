"""I10: numbers of a series are 1 to n, though writers race, give up, and the database is killed under them."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from tests.faults.invariants import Violation
from tests.faults.ledger import Ledger
from tests.faults.system import System
from tests.faults.tally import HOLDS

pytestmark = [pytest.mark.fault, pytest.mark.slow]
WRITERS, EACH, KILLS = 32, 30, 5


@pytest.mark.invariant("I10")
def test_numbers_are_gap_free_though_writers_give_up_and_the_database_dies(
    system: System, mutant: str, chance: Random, tmp_path
):
    system.ask("CREATE TABLE drawn (kind text, year int, number int)")  # without a key: a double must show
    ledger = tmp_path / "ledger"
    said = {"writers": WRITERS, "each": EACH if mutant == HOLDS else 6, "seed": chance.getrandbits(32)}

    writers = system.begin_act("draw", ledger=str(ledger), **said)
    for _ in range(KILLS if mutant == HOLDS else 0):
        before = drawn(system)
        system.wait_for(lambda before=before: drawn(system) > before + 20, "numbers are drawn")
        system.kill("postgres")
    system.wait_for(lambda: writers.poll() is not None, "the writers have ended")

    if writers.returncode != 0:
        raise RuntimeError(writers.communicate()[1])
    check(system, Ledger(ledger))


def drawn(system: System) -> int:
    return system.count("SELECT count(*) FROM drawn")


def check(system: System, ledger: Ledger) -> None:
    acknowledged = Counter((event["year"], event["number"]) for event in ledger.events("drawn"))
    rows = Counter(system.ask("SELECT year, number FROM drawn"))
    if lost := acknowledged - rows:
        raise Violation(f"{len(lost)} numbers acknowledged and lost")
    for year in (2026, 2027):
        numbers = sorted(number for found, number in rows.elements() if found == year)
        if not numbers or numbers != list(range(1, len(numbers) + 1)):
            raise Violation(f"of {year}: {len(numbers)} numbers up to {numbers[-1:]}, {len(set(numbers))} different")
