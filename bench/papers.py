"""A bulletin of 500 red lights as PDF, from the order to the kept file."""

from __future__ import annotations

from django.utils import timezone

from bench.figures import Figure, median, seconds
from bureau.desk import jobs
from bureau.desk.models import Job
from bureau.models import Officer
from oversight.bulletin_print import order_pdf
from oversight.bulletins import content_at, digest_of
from oversight.models import Bulletin

REDS = 500
RUNS = 5


def measure() -> list[Figure]:
    found = []
    for number in range(1, RUNS + 1):
        bulletin = bulletin_of(REDS, number)
        job = order_pdf(bulletin, by=bulletin.ordered_by, at=timezone.now())
        found.append(seconds(lambda: jobs.work_one(at=timezone.now())))
        job.refresh_from_db()
        if job.state != Job.State.DONE:
            raise AssertionError(f"The job is {job.state}.")
    return [Figure(f"bulletin of {REDS} reds as PDF, in the background", median(found), "s")]


def bulletin_of(reds: int, number: int) -> Bulletin:
    """A bulletin of what is red now, cut down to as many."""
    at = timezone.now()
    content = content_at(at)
    if len(content["reds"]) < reds:
        raise AssertionError(f"Only {len(content['reds'])} clocks are red.")
    content["reds"] = content["reds"][:reds]
    return Bulletin.objects.create(
        number=f"bench {number}", frozen_at=at, content=content, sha256=digest_of(content),
        ordered_by=Officer.objects.order_by("pk").first(),
    )  # fmt: skip
