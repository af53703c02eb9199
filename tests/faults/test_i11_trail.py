"""I11: each act has its line in its own transaction, and whoever rewrites the trail is found by a root outside."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from bureau.desk.sealing.places import carry_out
from tests.faults.checks import check_trails
from tests.faults.clients import reporting
from tests.faults.invariants import Violation
from tests.faults.ledger import Ledger
from tests.faults.system import System
from tests.faults.tally import HOLDS
from tests.trail import scene as stage
from tests.trail.scene import Scene, export, told_by
from tests.trail.test_tamperings import rehash_to_the_end, reseal

pytestmark = pytest.mark.fault
POINTS = ("row inserted, no line", "before COMMIT", "after COMMIT, before the answer")


@pytest.mark.slow
@pytest.mark.invariant("I11", mutants=("audit_on_commit",))
def test_no_act_stands_without_its_line_and_no_line_without_its_act(
    system: System, mutant: str, chance: Random, tmp_path: Path
):
    system.start_web()

    with reporting(system, Ledger(tmp_path / "ledger"), chance, count=2):
        for point in POINTS if mutant == HOLDS else POINTS[-1:]:
            system.arm(point)
            system.wait_for_strike(point)
        system.let_run(1)

    acts = system.count("SELECT count(*) FROM grid_issue")
    lines = system.count("SELECT count(*) FROM bureau_entry WHERE seq = 1 AND verb = 'report'")
    if acts != lines or not acts:
        raise Violation(f"{acts} acts with {lines} lines")
    check_trails(system)


@pytest.fixture
def scene(db, tmp_path: Path, settings) -> Scene:
    settings.KEYS_DIR, settings.ROOTS_DIR = tmp_path / "keys", tmp_path / "second"
    settings.ROOTS_DIR.mkdir()
    settings.STORAGES = settings.STORAGES | {
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path / "media")}}
    }
    return stage.set_scene(tmp_path)


@pytest.mark.invariant("I11", mutants=("no_external_root",))
def test_a_trail_made_anew_with_all_its_roots_is_found_by_roots_in_a_second_place(scene: Scene, settings, tmp_path):
    carry_out()
    _kind, chain, line = rehash_to_the_end(scene)
    reseal(scene)

    outside = ("--roots", str(settings.ROOTS_DIR)) if any(settings.ROOTS_DIR.rglob("*.json")) else ()
    _status, told = told_by(scene.verifier, export(tmp_path / "export"), *outside)

    if ("rewritten-to-the-end", chain, line) not in told:
        raise Violation(f"a trail that was rewritten from line {line} on is believed: {told}")
