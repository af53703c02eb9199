"""What the tests of the outbox share: people with confirmed addresses, a notice to them, and a way out that obeys."""

from __future__ import annotations

from contextlib import contextmanager

from bureau.desk.models import Channel, Contact, Delivery, Notice
from bureau.desk.notices import post_notice
from bureau.desk.outbox import deliver_one
from tests import make

NOON = make.shanghai("2026-06-22 10:00")


def contact(officer, channel=Channel.MAIL, address=""):
    return Contact.objects.create(
        officer=officer,
        channel=channel,
        address=address or f"{officer.username}@example.org",
        asked_at=make.SINCE,
        confirmed_at=make.SINCE,
    )


def notice(subject, key="one", *, at=NOON, kind="clock_urge", params=None, **told):
    told.setdefault("is_urgent", True)
    params = params or {
        "number": "20260622-0001",
        "paper": "闵城管催〔2026〕1号",
        "place": "七莘路3655号",
        "by": "王五",
    }
    post_notice(subject, kind, at=at, dedupe_key=key, params=params, **told)
    return Notice.objects.get(dedupe_key=key)


def spread(*, at=NOON):
    count = 0
    while deliver_one(at=at):
        count += 1
    return count


def queued(subject, officer, key="one", *, at=NOON, **said):
    """A delivery to that person by mail, as the relay finds it."""
    if not Contact.objects.filter(officer=officer, ended_at=None).exists():
        contact(officer)
    one = notice(subject, key, at=at, to_officer=officer, **said)
    spread(at=at)
    return Delivery.objects.get(notice=one)


class Way:
    """A way out whose answers the test writes: `answers` are exceptions or None, in order; then all goes well."""

    def __init__(self, *answers, at_open=None):
        self.sent, self.answers, self.at_open, self.opened = [], list(answers), at_open, 0

    def is_on(self):
        return True

    @contextmanager
    def open(self):
        self.opened += 1
        if self.at_open:
            raise self.at_open
        yield self.send

    def send(self, parcel):
        self.sent.append(parcel)
        answer = self.answers.pop(0) if self.answers else None
        if callable(answer):
            answer()
        elif answer:
            raise answer
