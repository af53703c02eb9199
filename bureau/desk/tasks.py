from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from bureau.desk import jobs, notices
from bureau.desk.alone import alone
from bureau.desk.api import idempotency
from bureau.desk.clock_changes import resume_due
from bureau.desk.orphans import set_orphans_aside
from bureau.desk.requests import lapse_due
from bureau.desk.sealing.sealer import seal_all

BATCH = 500
KNOCK = timedelta(seconds=30)


@shared_task(ignore_result=True)
def deliver_notices() -> int:
    """Deliver what waits, one short transaction a row; what remains is for the next knock."""
    for count in range(BATCH):
        if not notices.deliver_one(at=timezone.now()):
            return count
    return BATCH


@shared_task(ignore_result=True)
def work_jobs() -> int:
    """Do the jobs that people wait for, for half a minute at most; how many were done.

    One worker at a time: long work never takes the place of the sweep.
    """
    began, count = timezone.now(), 0
    with alone("jobs") as is_alone:
        while is_alone and timezone.now() - began < KNOCK and jobs.work_one(at=timezone.now()):
            count += 1
    return count


@shared_task(ignore_result=True)
def settle_requests() -> int:
    """Refuse what nobody decided in time, and let the clocks go on whose day of resuming has come; how many."""
    at = timezone.now()
    return lapse_due(at=at) + resume_due(at=at)


@shared_task(ignore_result=True)
def forget_answers() -> int:
    """Delete the answers to creations that are kept for repetition, once nobody may ask for them again."""
    return idempotency.forget_answers(at=timezone.now())


@shared_task(ignore_result=True)
def sweep_orphans() -> int:
    """Set files aside to which no row points; how many."""
    return set_orphans_aside(at=timezone.now())


@shared_task(ignore_result=True)
def seal_trail() -> int:
    """Sign what was written since the last root of the trail; how many roots were made."""
    return seal_all(at=timezone.now())
