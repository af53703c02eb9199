from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from bureau.desk import jobs, outbox
from bureau.desk.alone import alone
from bureau.desk.api import idempotency
from bureau.desk.clock_changes import resume_due
from bureau.desk.orphans import set_orphans_aside
from bureau.desk.requests import lapse_due
from bureau.desk.sealing.places import carry_out
from bureau.desk.sealing.sealer import seal_all
from bureau.desk.skew import agreed

BATCH = 500
KNOCK = timedelta(seconds=30)


@shared_task(ignore_result=True)
def deliver_notices() -> int:
    """Deliver what waits, one short transaction a row; what remains is for the next knock.

    Urgent ones that nobody read go on. Then ring at each way out that has something due: each is a task of its own,
    so that none waits for another.
    """
    count = 0
    while count < BATCH and outbox.deliver_one(at=timezone.now()):
        count += 1
    for _count in range(BATCH):
        if not outbox.climb_one(at=timezone.now()):
            break
    for channel in outbox.due_channels(at=timezone.now()):
        relay_channel.apply_async((channel,), expires=5)
    return count


@shared_task(ignore_result=True)
def relay_channel(channel: str) -> int:
    """Send what is due on one way out; an unknown name is nothing to do."""
    return outbox.relay(channel, at=timezone.now())


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
    at = agreed(timezone.now())
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


@shared_task(ignore_result=True)
def carry_roots() -> int:
    """Write to the second place the roots it has not got; fails, and goes on at the next knock, while it is away."""
    return carry_out()
