"""The portal with one promise broken, each by a patch of its code or its tables.

`MUTANTS[name](patch)` breaks it in this process; processes of a fault test break it at their start (switch.py).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from importlib import import_module
from queue import Queue
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from celery import shared_task
from django.conf import settings
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from rest_framework.response import Response

SCHEMA = {  # what a mutant does to the tables, for whoever starts a system with it
    "no_unique": (
        "ALTER TABLE oversight_rung DROP CONSTRAINT each_rung_of_a_round_once",
        "ALTER TABLE bureau_notice DROP CONSTRAINT bureau_notice_dedupe_key_key",
        "ALTER TABLE bureau_entry DROP CONSTRAINT one_line_of_a_number_in_a_trail",
    ),
    "nextval": ("CREATE SEQUENCE trial_2026", "CREATE SEQUENCE trial_2027"),
}
TRIES = 50
ONCE = (  # what remembers that something was done
    ("bureau_notice", "bureau_notice_dedupe_key_key"),
    ("bureau_delivery", "bureau_delivery_said_once_key"),
    ("oversight_rung", "each_rung_of_a_round_once"),
)
Mutant = Callable[[pytest.MonkeyPatch], None]
MUTANTS: dict[str, Mutant] = {}


def mutant(break_it: Mutant) -> Mutant:
    MUTANTS[break_it.__name__] = break_it
    return break_it


@mutant
def ack_before_commit(patch: pytest.MonkeyPatch) -> None:
    """A report is answered as soon as it is written, and committed a moment later."""
    answer_once: Any = import_string("bureau.desk.api.views.answer_once")

    def too_early(request: Any, make: Callable[[], Any], *, at: datetime) -> Any:
        told: Queue[Any] = Queue()

        def work() -> None:
            try:
                with transaction.atomic():
                    told.put(answer_once(request, make, at=at))
                    time.sleep(0.2)
            except Exception as error:  # raised in the thread of the request
                told.put(error)
            finally:
                connection.close()

        Thread(target=work).start()
        answer = told.get(timeout=10)
        if isinstance(answer, Exception):
            raise answer
        return answer

    patch.setattr("bureau.desk.api.views.answer_once", too_early)


@mutant
def timedelta_from_now(patch: pytest.MonkeyPatch) -> None:
    """A rung is dated from the moment at which a sweep came by."""
    rungs_reached: Any = import_string("oversight.ladder.rungs_reached")

    def from_now(clock: Any, calendar: Any, *, at: datetime) -> list[Any]:
        rungs: list[Any] = rungs_reached(clock, calendar, at=at)
        for number, rung in enumerate(rungs):
            rung.reached_at = at + timedelta(seconds=number)
        return rungs

    patch.setattr("oversight.ladder.rungs_reached", from_now)


@mutant
def app_side_now(patch: pytest.MonkeyPatch) -> None:
    """Every process believes its own clock, and writes what it says."""
    patch.setattr("oversight.tasks.agreed", lambda at: at)
    patch.setattr("bureau.desk.trail.max", lambda _before, at: at, raising=False)
    patch.setattr("bureau.desk.trail.not_before", lambda _previous, at: at)


@mutant
def calendar_days(patch: pytest.MonkeyPatch) -> None:
    """Every day counts as worked."""
    patch.setattr("bureau.desk.calendar.WorkingCalendar.is_working_day", lambda calendar, on: True)


@mutant
def on_commit_delay(patch: pytest.MonkeyPatch) -> None:
    """A message is put into the queue when its transaction has ended, and nobody looks for it in the rows."""
    post_notice: Any = import_string("bureau.desk.notices.post_notice")
    deliver_one: Any = import_string("bureau.desk.outbox.deliver_one")

    @shared_task(name="faults.deliver")
    def deliver() -> None:
        deliver_one(at=timezone.now())

    def with_delay(*args: Any, **said: Any) -> None:
        post_notice(*args, **said)
        transaction.on_commit(deliver.delay)

    patch.setattr("bureau.desk.notices.post_notice", with_delay)
    patch.setattr("bureau.desk.outbox.deliver_one", lambda *, at: False)


@mutant
def sent_mark_before_send(patch: pytest.MonkeyPatch) -> None:
    """A message is marked as sent, and sent after that."""
    notices: Any = import_string("bureau.desk.models.Notice")
    spreading: Any = import_module("bureau.desk.outbox.spreading")

    def marked_first(*, at: datetime) -> bool:
        with transaction.atomic():
            notice = notices.objects.ready(at).select_for_update(skip_locked=True, of=("self",)).first()
            if notice is None:
                return False
            notice.sent_at = at
            notice.save(update_fields=["sent_at"])
        spreading.spread(notice, at=at)
        return True

    patch.setattr("bureau.desk.outbox.deliver_one", marked_first)


@mutant
def audit_on_commit(patch: pytest.MonkeyPatch) -> None:
    """The line of the trail is written when the act has been committed."""
    write_entry: Any = import_string("bureau.desk.trail.write_entry")

    def later(*args: Any, **said: Any) -> None:
        transaction.on_commit(lambda: write_entry(*args, **said))

    patch.setattr("bureau.desk.workflow.write_entry", later)


@mutant
def no_external_root(patch: pytest.MonkeyPatch) -> None:
    """Roots stay in the house."""
    patch.setattr("bureau.desk.sealing.places.write_missing", lambda place: 0)


@mutant
def denial_in_the_same_transaction(patch: pytest.MonkeyPatch) -> None:
    """A refusal is kept with the work that it refused, and goes with it."""
    write_denial: Any = import_string("bureau.desk.denials.write_denial")

    def kept_with_the_work(denied: Any, *, at: datetime) -> None:
        with transaction.atomic():
            write_denial(denied, at=at)
            transaction.set_rollback(True)

    patch.setattr("bureau.views.denials.keep_denial", kept_with_the_work)


@mutant
def infinite_retry(patch: pytest.MonkeyPatch) -> None:
    """What fails is tried again at once, and for ever."""
    patch.setattr("bureau.desk.outbox.spreading.put_back", lambda notice, *, at: None)
    patch.setattr("oversight.ladder.set_aside", lambda at, passed_by: UUID(int=0))
    patch.setattr("oversight.ladder.logger.exception", give_up_after(TRIES))


def give_up_after(tries: int) -> Callable[..., None]:
    """A worker that tries for ever is ended by the test."""
    left = iter(range(tries))

    def told(*said: Any) -> None:
        if next(left, None) is None:
            raise AssertionError("it was tried without an end")

    return told


@mutant
def no_unique(patch: pytest.MonkeyPatch) -> None:
    """Neither a row's lock nor a unique key keeps two sweeps apart; `SCHEMA` drops the keys."""
    patch.setattr(models.QuerySet, "select_for_update", lambda rows, **said: rows)


@mutant
def lease_without_expiry(patch: pytest.MonkeyPatch) -> None:
    """Whoever holds a row holds it as long as it lives."""
    options = settings.DATABASES["default"]["OPTIONS"]
    patch.setitem(options, "options", "-c statement_timeout=15s -c lock_timeout=3s")


@mutant
def drop_the_unique_key(patch: pytest.MonkeyPatch) -> None:
    """Nothing remembers what was done already."""
    with connection.cursor() as cursor:
        for table, constraint in ONCE:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")


@mutant
def swallow_exception(patch: pytest.MonkeyPatch) -> None:
    """What fails is answered as if it had been done."""
    answer_once: Any = import_string("bureau.desk.api.views.answer_once")

    def swallowed(request: Any, make: Callable[[], Any], *, at: datetime) -> Any:
        try:
            return answer_once(request, make, at=at)
        except (DatabaseError, OSError):
            return Response({"id": None}, status=201)

    for door in ("bureau.desk.api.views.answer_once", "grid.api.answer_once"):
        patch.setattr(door, swallowed)


@mutant
def receipt_not_required(patch: pytest.MonkeyPatch) -> None:
    """What was handed over counts as received: nobody is told again, and it can be answered at once."""
    flow: Any = import_string("oversight.workflow.REFERRAL_FLOW")
    freely = {verb: replace(move, sources=(*move.sources, "handed_over")) for verb, move in flow.moves.items()}
    patch.setattr(flow, "moves", freely)
    patch.setattr("oversight.querysets.ReferralQuerySet.unreceived", lambda rows, at: rows.none())


@mutant
def nextval(patch: pytest.MonkeyPatch) -> None:
    """Numbers of a sequence, which an abort does not give back."""

    def taken(body: str, kind: str, year: int) -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT nextval('{kind}_{year}')")
            return int(cursor.fetchone()[0])

    patch.setattr("bureau.desk.numbering.take_number", taken)


@mutant
def max_plus_one(patch: pytest.MonkeyPatch) -> None:
    """The highest number that is seen, and one more."""

    def taken(body: str, kind: str, year: int) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(max(number), 0) + 1 FROM drawn WHERE kind = %s AND year = %s", [kind, year])
            return int(cursor.fetchone()[0])

    patch.setattr("bureau.desk.numbering.take_number", taken)


@mutant
def no_version_check(patch: pytest.MonkeyPatch) -> None:
    """Whoever moves believes what was read before, and locks nothing."""
    patch.setattr(models.QuerySet, "select_for_update", lambda rows, **said: rows)
    patch.setattr(models.Model, "refresh_from_db", lambda *args, **said: None)
    patch.setattr("bureau.desk.api.views.refuse_stale", lambda *args: None)
