"""Sets the stage of a running portal: an issue that was dispatched some time ago and that nobody handled.

`python -m tests.journeys.stage HOURS [LIMIT]` goes through the actions on the database of its environment and prints
what came of it as JSON. With a LIMIT such as `2 clock_hours` the handling clock is given that one from its own start.
"""

import io
import json
import os
import sys
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402 - as below
from django.utils import timezone  # noqa: E402 - the nouns can be named only after the settings were read
from PIL import Image  # noqa: E402

from bureau.desk.clocks import relimit_clock  # noqa: E402
from bureau.desk.clockwork import Limit  # noqa: E402
from bureau.desk.models import Clock  # noqa: E402
from bureau.models import Officer  # noqa: E402
from grid.actions import move_issue, report_issue  # noqa: E402
from grid.models import Issue  # noqa: E402

STEPS = (("accept", "operator"), ("file", "shift"), ("dispatch", "dispatcher"))
INSTANTS = ("warn_at", "due_at", "supervise_at", "refer_at")


def dispatched_before(hours: float) -> Issue:
    """An issue of 七宝镇 whose handling clock began that many hours ago."""
    at = timezone.now() - timedelta(hours=hours)
    issue = report_issue(
        type="D3",  # the one type without a response limit: one clock climbs
        description="墙面有乱张贴",
        channel="patrol",
        address="无人处置路1号",
        longitude=121.352,
        latitude=31.153,
        photos=[photo_before()],
        by=Officer.objects.get(username="inspector"),
        at=at - timedelta(minutes=1),
    )
    for verb, username in STEPS:
        move_issue(issue, verb, by=Officer.objects.get(username=username), at=at)
    return issue


def photo_before() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (320, 240), "firebrick").save(out, "JPEG")
    return SimpleUploadedFile("before.jpg", out.getvalue(), "image/jpeg")


def told(issue: Issue, clock: Clock) -> dict[str, str]:
    instants = {name: getattr(clock, name).isoformat() for name in INSTANTS}
    return {"number": issue.number, "clock": str(clock.pk), **instants}


def main(hours: str, limit: str = "") -> None:
    issue = dispatched_before(float(hours))
    clock = issue.clocks.get(kind="handling")
    if limit:
        clock = relimit_clock(clock, Limit.parse(limit), at=timezone.now())
    print(json.dumps(told(issue, clock)))  # noqa: T201 - this is what it is asked for


if __name__ == "__main__":
    main(*sys.argv[1:])
