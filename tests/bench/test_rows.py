"""The rows that the bench copies in are rows that the portal could have made."""

import io
from datetime import timedelta
from itertools import chain

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from bench import rows
from bureau.desk.models import Clock, Entry
from bureau.desk.sealing.readings import holdings
from bureau.proofs.judgement import judge
from bureau.proofs.keys import KeyRing
from config.launcher.places import ROOT
from grid.models import Issue
from oversight.models import Rung

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def copied() -> None:
    """A hundred issues of a year, through the connection of the test."""
    call_command("load_reference", str(ROOT / "reference" / "minhang"), stdout=io.StringIO())
    call_command("demo_accounts", stdout=io.StringIO())
    found = list(chain.from_iterable(rows.mixed_issues(100)))
    connection.ensure_connection()
    for model in rows.TABLES:
        rows.copy(connection.connection, rows.Blank(model), [values for of, values in found if of is model])


def test_copied_issues_are_whole(copied):
    connection.check_constraints()

    assert Issue.objects.count() == Entry.objects.count() == 100
    assert list(judge(holdings(), {}, KeyRing([]))) == []


def test_an_open_issue_has_its_running_clock_a_dispatched_one_the_response_too_and_a_closed_one_none(copied):
    running = Clock.objects.running()

    assert running.exclude(kind="response").count() == Issue.objects.open().count() > 0
    assert running.filter(kind="response").count() == Issue.objects.filter(status="dispatched").count()


def test_every_rung_that_a_copied_clock_passed_was_raised(copied):
    red = Clock.objects.red(timezone.now() - timedelta(minutes=1))

    assert {rung.clock_id for rung in Rung.objects.filter(name="urge")} == set(red.values_list("pk", flat=True))


def test_no_copied_clock_waits_for_a_sweep(copied):
    assert not Clock.objects.newly_due(timezone.now() - timedelta(minutes=1)).exists()
