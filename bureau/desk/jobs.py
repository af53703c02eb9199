"""Work in the background: rows are the queue; a lease and a token make each job's effect happen once.

A kind of work has two halves. `make` runs outside any transaction and reports its steps; `keep` stores what was made
in the transaction that settles the job, so that whoever lost the lease keeps nothing (I03, I26).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F
from django.db.models.functions import Now

from bureau.desk.contributions import Registry
from bureau.desk.models.document import Document
from bureau.desk.models.job import MOST_TRIES, Job
from bureau.desk.refusal import Refusal, Words
from bureau.models.people import Officer

logger = logging.getLogger(__name__)
LEASE: Final = timedelta(seconds=120)
WAITS: Final = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10))
GAVE_UP, LOST = "gave_up", "unknown_work"
Step = Callable[[int, int], None]  # steps done, steps in all


class LeaseLost(Exception):
    """Another worker holds the job now; nothing of ours may be kept."""


@dataclass(frozen=True)
class Work:
    """What a room does in the background; `make` may raise a Refusal, which ends the job at once."""

    title: Words
    make: Callable[[Job, Step], Any]
    keep: Callable[[Job, Any, datetime], Document]


works: Registry[Work] = Registry()


def order(kind: str, *, key: str, facts: dict[str, Any], by: Officer, at: datetime) -> Job:
    """The person's live job of that key, or a new one at the end of the queue."""
    row = Job(kind=kind, key=key, facts=facts, asked_by=by, asked_at=at, not_before=at)
    Job.objects.bulk_create([row], ignore_conflicts=True)
    return Job.objects.filter(asked_by=by, key=key).latest("asked_at", "pk")


def work_one(*, at: datetime) -> bool:
    """Do the oldest job that is ready; False when there is none. One that fails never blocks those behind it."""
    bury_exhausted(at=at)
    job = claim(at=at)
    if job is None:
        return False
    try:
        do(job, at=at)
    except LeaseLost:
        logger.warning("Job %s was taken over by another worker", job.pk)
    except Refusal as refusal:
        end(job, refusal.code, at=at)
    except (OperationalError, InterfaceError):
        raise  # the database is away: that is no fault of this job, and its lease will run out
    except Exception:  # whatever it is, those behind it must not wait
        logger.exception("Job %s of kind %s failed at try %s", job.pk, job.kind, job.tries)
        put_back(job, at=at)
    return True


@transaction.atomic
def claim(*, at: datetime) -> Job | None:
    job = Job.objects.ready(at).order_by("asked_at").select_for_update(skip_locked=True).first()
    if job is None:
        return None
    job.token = uuid4()
    Job.objects.filter(pk=job.pk).update(
        state=Job.State.RUNNING, token=job.token, leased_until=Now() + LEASE, tries=F("tries") + 1, done_steps=0
    )
    job.refresh_from_db()
    return job


def do(job: Job, *, at: datetime) -> None:
    work = works.get(job.kind)
    if work is None:
        end(job, LOST, at=at)
        return
    made = work.make(job, lambda done, of: report(job, done, of))
    with transaction.atomic():
        document = work.keep(job, made, at)
        settle(job, state=Job.State.DONE, document=document, ended_at=at, done_steps=F("all_steps"), why="")


def report(job: Job, done: int, of: int) -> None:
    """Tell how far it is and renew the lease; raises LeaseLost when another worker holds it."""
    settle(job, done_steps=done, all_steps=of, leased_until=Now() + LEASE)


def settle(job: Job, **columns: Any) -> None:
    if not Job.objects.held_with(job.token).filter(pk=job.pk).update(**columns):
        raise LeaseLost


def end(job: Job, why: str, *, at: datetime) -> None:
    Job.objects.held_with(job.token).filter(pk=job.pk).update(state=Job.State.FAILED, why=why, ended_at=at)


def put_back(job: Job, *, at: datetime) -> None:
    """Another try later, or the end after the last one."""
    if job.tries >= MOST_TRIES:
        end(job, GAVE_UP, at=at)
        return
    wait = WAITS[min(job.tries, len(WAITS)) - 1]
    Job.objects.held_with(job.token).filter(pk=job.pk).update(
        state=Job.State.WAITING, not_before=at + wait, token=None, leased_until=None
    )


def bury_exhausted(*, at: datetime) -> None:
    """Jobs whose worker died at each of the tries."""
    Job.objects.abandoned().filter(tries__gte=MOST_TRIES).update(state=Job.State.FAILED, why=GAVE_UP, ended_at=at)
