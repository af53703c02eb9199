from celery import shared_task
from django.utils import timezone

from bureau.desk.skew import agreed
from oversight import actions, bulletins, ladder, pack


@shared_task(ignore_result=True)
def sweep() -> int:
    """Raise the rungs that have come; how many."""
    return ladder.climb(at=agreed(timezone.now()))


@shared_task(ignore_result=True)
def publish_bulletin() -> bool:
    """Publish the bulletin of the week when its instant has come; whether it was published now."""
    return bulletins.publish_weekly(at=agreed(timezone.now())) is not None


@shared_task(ignore_result=True)
def make_packs() -> int:
    """Make the packs of what was handed over; how many."""
    return pack.make_missing(at=timezone.now())


@shared_task(ignore_result=True)
def tell_unreceived() -> int:
    """Tell again of hand-overs that nobody received in time; how many."""
    return actions.tell_unreceived(at=timezone.now())
