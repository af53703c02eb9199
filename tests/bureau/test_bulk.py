"""Many rows in one statement: what is written is what was held, and a row that stands already is left out."""

from __future__ import annotations

import gc
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from bureau.desk.bulk import insert_rows, uncollected
from bureau.desk.models import Clock, Entry, Notice
from bureau.desk.subject import facts_of
from tests.make import bureau, grid
from tests.make import oversight as make

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 22, 1, 2, 3, 456789, tzinfo=UTC)


@pytest.fixture
def issue(db):
    make.real_calendar()
    return make.reported_at(grid.MONDAY, bureau.unit())


def messages(issue, *keys: str) -> list[Notice]:
    centre = bureau.organisation("grid_centre")
    about = {**facts_of(issue), "to_organisation": centre, "kind": "clock_warn", "created_at": AT}
    return [Notice(**about, dedupe_key=key, params={"place": "七莘路\n“3”号\\", "n": 7, "none": None}) for key in keys]


def test_rows_come_back_as_they_were_held(issue):
    clock = make.clock_on(issue, "4 working_hours", at=grid.MONDAY)
    twin = Clock(
        **facts_of(issue),
        kind="other",
        ladder="full",
        limit_amount=Decimal("0.50"),
        limit_unit="working_hours",
        started_at=AT,
        owed_officers=[clock.pk, issue.pk],
    )

    inserted = insert_rows([twin])

    fresh = Clock.objects.get(pk=twin.pk)
    assert inserted == {twin.pk}
    assert (fresh.limit_amount, fresh.started_at, fresh.owed_officers) == (Decimal("0.50"), AT, [clock.pk, issue.pk])
    assert (fresh.met_at, fresh.is_provisional, fresh.round) == (None, False, 0)


def test_text_and_json_keep_every_character(issue):
    (message,) = messages(issue, "a")

    insert_rows([message])

    assert Notice.objects.get().params == {"place": "七莘路\n“3”号\\", "n": 7, "none": None}


def test_what_the_database_fills_is_left_to_it(issue):
    line = Entry(**facts_of(issue), seq=2, verb="urge", at=AT, hash="0" * 64)

    keys = insert_rows([line])

    fresh = Entry.objects.get(seq=2)
    assert keys == {fresh.pk}
    assert fresh.recorded_at is not None


def test_a_row_that_stands_already_is_left_out_and_not_answered(issue):
    first, again, other = messages(issue, "a", "a", "b")

    inserted = insert_rows([first, again, other], unless_there=True)

    assert inserted == {first.pk, other.pk}
    assert Notice.objects.count() == 2


def test_a_row_that_stands_already_is_refused_where_it_may_not_be(issue):
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows(messages(issue, "a", "a"))

    assert not Notice.objects.exists()


def test_a_value_that_would_not_come_back_is_refused(issue):
    (message,) = messages(issue, "a")
    message.params = {"on": date(2026, 6, 22)}

    with pytest.raises(TypeError, match="date"):
        insert_rows([message])


def test_no_rows_ask_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert insert_rows([]) == set()


def test_the_collector_goes_on_after_a_batch_also_when_that_failed():
    seen = []

    def batch() -> None:
        with uncollected():
            seen.append(gc.isenabled())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        batch()

    assert (seen, gc.isenabled()) == ([False], True)
