"""A trail nobody can rewrite: append-only in the database, chained, and proved by a command."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from bureau.desk import trail
from bureau.desk.models import Entry
from bureau.desk.refusal import OutOfTime
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit_trail():
    """A subject with three lines."""
    return make.issue_in("filed", make.unit("qibao"))


def run_verify() -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("verify_trail", stdout=out)
    except SystemExit as ended:
        return int(ended.code), out.getvalue()
    return 0, out.getvalue()


@pytest.mark.parametrize(
    "statement", ["UPDATE bureau_entry SET note = 'other'", "DELETE FROM bureau_entry", "TRUNCATE bureau_entry"]
)
def test_a_line_of_the_trail_cannot_be_changed_or_removed_by_sql(unit_trail, statement):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_whole_trail_is_said_to_be_whole(unit_trail):
    status, said = run_verify()

    assert status == 0
    assert said.startswith("trail whole")


def test_verify_trail_names_a_row_that_was_changed_behind_a_dropped_trigger(unit_trail):
    victim = Entry.objects.about(unit_trail).latest("seq")
    without_triggers("UPDATE bureau_entry SET verb = 'approve' WHERE id = %s", [victim.pk])

    status, said = run_verify()

    assert status == 1
    assert f"edited: grid.issue/{unit_trail.pk} line {victim.seq}: its content was changed" in said


def test_verify_trail_sees_that_a_line_was_taken_out(unit_trail):
    first = Entry.objects.about(unit_trail).earliest("seq")
    without_triggers("DELETE FROM bureau_entry WHERE id = %s", [first.pk])

    status, said = run_verify()

    assert status == 1
    assert "a line before it is missing" in said


def test_an_act_before_the_last_line_is_refused(unit_trail):
    last = Entry.objects.about(unit_trail).latest("seq")

    with pytest.raises(OutOfTime) as refused:
        trail.write_entry(unit_trail, "remark", by=None, at=last.at - timedelta(minutes=1))

    assert refused.value.code == "E_TIME_REVERSED"


def test_an_act_that_waited_a_moment_for_the_lock_takes_the_time_of_the_line_before(unit_trail):
    last = Entry.objects.about(unit_trail).latest("seq")

    entry = trail.write_entry(unit_trail, "remark", by=None, at=last.at - timedelta(seconds=1))

    assert entry.at == last.at


def without_triggers(statement: str, params: list) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE bureau_entry DISABLE TRIGGER USER")
        cursor.execute(statement, params)
        cursor.execute("ALTER TABLE bureau_entry ENABLE TRIGGER USER")
