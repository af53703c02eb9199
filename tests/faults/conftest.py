"""A system to be killed: one for each test, with the test's mutant in all of its processes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.mutants import SCHEMA
from tests.faults.system import System


@pytest.fixture
def system(mutant: str) -> Iterator[System]:
    system = System(mutant)
    for statement in SCHEMA.get(mutant, ()):
        system.ask(statement)
    yield system
    system.throw_away()
