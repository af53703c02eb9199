"""The guards of the guards: a mutant that nobody sees fails, every mutant exists, and none gets into a real portal."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from config.launcher.places import ROOT
from tests.faults.invariants import INVARIANTS
from tests.faults.mutants import MUTANTS
from tests.faults.tally import seeing


def test_a_mutant_that_a_test_does_not_see_fails_it():
    run = seeing("calendar_days")
    next(run)

    with pytest.raises(pytest.fail.Exception, match="was not seen"):
        run.send(None)


def test_a_mutant_that_a_test_sees_passes_it_and_is_taken_back():
    run = seeing("calendar_days")
    next(run)

    with pytest.raises(StopIteration):
        run.throw(AssertionError())


def test_an_error_of_another_kind_is_no_sight():
    run = seeing("calendar_days")
    next(run)

    with pytest.raises(ZeroDivisionError):
        run.throw(ZeroDivisionError())


def test_every_invariant_has_a_mutant_and_every_mutant_an_invariant():
    named = [name for invariant in INVARIANTS.values() for name in invariant.mutants]

    assert sorted(named) == sorted(MUTANTS)
    assert all(invariant.mutants for invariant in INVARIANTS.values())


def test_the_settings_with_faults_refuse_production():
    environment = os.environ | {"PORTAL_ENV": "production"}
    command = [sys.executable, "-c", "import tests.faults.settings"]

    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode != 0
    assert "faults are for PORTAL_ENV=demo only" in done.stderr
