"""Runs each test of an invariant as it is, where it must hold, and once with each of its mutants, which it must see.

`@pytest.mark.invariant("I07")` makes `test_x[holds]` and `test_x[calendar_days]`. With a mutant only an AssertionError
counts as seen: any other exception is an error of the test. At the end the tally is printed, summed over the workers
of xdist. Named by `-p` because the controller of xdist collects nothing.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from random import Random, randrange
from typing import Any

import pytest

from tests.faults.invariants import INVARIANTS

HOLDS = "holds"
PROPERTY = "invariant"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    mark = metafunc.definition.get_closest_marker("invariant")
    if mark:
        metafunc.fixturenames.insert(0, "mutant")
        names = [HOLDS, *mark.kwargs.get("mutants", INVARIANTS[mark.args[0]].mutants)]
        metafunc.parametrize("mutant", names, indirect=True)


@pytest.fixture
def mutant(request: pytest.FixtureRequest) -> str:
    """The mutant of this run, or `holds`."""
    return str(request.param)


@pytest.fixture
def chance() -> Random:
    """Chance that can be had again: the seed is printed where a test fails, and taken from FAULTS_SEED."""
    seed = int(os.environ.get("FAULTS_SEED") or randrange(2**32))
    print(f"FAULTS_SEED={seed}")  # noqa: T201 - pytest shows it with a failure only
    return Random(seed)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: Any) -> None:
    """Known before anything can fail, so that a fault of the setup is told of its invariant too."""
    if mark := item.get_closest_marker("invariant"):
        item.user_properties.append((PROPERTY, f"{mark.args[0]} {item.callspec.params['mutant']}"))


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, Any, Any]:
    mark = pyfuncitem.get_closest_marker("invariant")
    if mark is None:
        return (yield)
    name = pyfuncitem.callspec.params["mutant"]
    if name == HOLDS:
        return (yield)
    return (yield from seeing(name))


def seeing(name: str) -> Generator[None, Any, Any]:
    """The test with the mutant at work: passes when the test fails."""
    from tests.faults.mutants import MUTANTS  # noqa: PLC0415 - names the nouns, which stand only after the settings

    with pytest.MonkeyPatch.context() as patch:
        MUTANTS[name](patch)
        try:
            result = yield
        except AssertionError as seen:
            print(f"{name} was seen: {seen}")  # noqa: T201 - for whoever asks pytest for it with -rP
            return True
    pytest.fail(f"The mutant {name} was not seen: the test passes although the promise is broken.")
    return result


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """One line an invariant, and the tally; nothing when none ran."""
    broken = set(told(terminalreporter, "failed")) | set(told(terminalreporter, "error"))
    good = set(told(terminalreporter, "passed")) - broken
    if not good | broken:
        return
    terminalreporter.section("invariants under faults")
    for code in INVARIANTS:
        terminalreporter.write_line(line_of(code, good, broken), red=any(one.startswith(f"{code} ") for one in broken))
    names = [(code, name) for code, invariant in INVARIANTS.items() for name in invariant.mutants]
    holding = sum(f"{code} {HOLDS}" in good for code in INVARIANTS)
    seen = sum(f"{code} {name}" in good for code, name in names)
    terminalreporter.write_line(
        f"faults: {holding} of {len(INVARIANTS)} invariants hold, {seen} of {len(names)} mutants seen"
    )


def line_of(code: str, good: set[str], broken: set[str]) -> str:
    invariant = INVARIANTS[code]
    state = {True: "holds", False: "not run"}[f"{code} {HOLDS}" in good]
    state = "BROKEN" if f"{code} {HOLDS}" in broken else state
    seen = [name for name in invariant.mutants if f"{code} {name}" in good]
    unseen = [name for name in invariant.mutants if f"{code} {name}" in broken]
    line = f"{code} {state:7} {invariant.says}; mutants seen: {', '.join(seen) or 'none'}"
    return f"{line}; NOT SEEN: {', '.join(unseen)}" if unseen else line


def told(terminalreporter: Any, outcome: str) -> Iterator[str]:
    for report in terminalreporter.stats.get(outcome, ()):
        yield from (str(value) for name, value in getattr(report, "user_properties", ()) if name == PROPERTY)
