"""Builds into a process of a fault test what was asked of it: a mutant, points at which it dies, a wrong clock."""

from __future__ import annotations

import os
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import AppConfig
from django.utils import timezone

from tests.faults.points import arm_points

BATCH = 20  # clocks a transaction, so that a sweep has many ends at which it can die

LEASE = timedelta(seconds=3)  # of a message that is being sent; 120 s in the portal


class Breakage(AppConfig):
    """Last of all apps, so that everything that it breaks stands.

    FAULTS_SKEW is how many seconds the clock of this one process is off; FAULTS_TIME moves the time of all.
    """

    name = "tests.faults"
    label = "faults"

    def ready(self) -> None:
        from oversight import ladder  # noqa: PLC0415 - names nouns
        from tests.faults.mutants import MUTANTS  # noqa: PLC0415 - names nouns

        patch = pytest.MonkeyPatch()
        ladder.climb.__kwdefaults__["limit"] = BATCH
        patch.setattr(import_module("bureau.desk.outbox.relay"), "LEASE", LEASE)
        arm_points(patch)
        if name := os.environ.get("FAULTS_MUTANT"):
            MUTANTS[name](patch)
        if skew := os.environ.get("FAULTS_SKEW"):
            turn_the_clock(patch, timedelta(seconds=float(skew)))
        if time := os.environ.get("FAULTS_TIME"):
            turn_the_clock(patch, timedelta(seconds=float(time)))
            patch.setattr("bureau.desk.skew.database_time", timezone.now)


def turn_the_clock(patch: pytest.MonkeyPatch, skew: timedelta) -> None:
    """This process believes another time."""
    right: Any = timezone.now
    patch.setattr(timezone, "now", lambda: right() + skew)
