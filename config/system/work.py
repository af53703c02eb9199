"""The portal's work: messages that wait or died, background work, the trail's roots, the calendar, certificates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bureau.desk.models import Job
from bureau.desk.models.calendar import CalendarYear
from bureau.desk.models.root import TrailRoot, Unsealed
from bureau.desk.outbox import health
from bureau.desk.sealing import places
from bureau.desk.sealing.sealer import silence
from bureau.models.people import Certificate
from config.system.findings import Finding, State, age_of, by_age

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ANNOUNCED = 11  # the month in which the State Council announces the next year's days off
AHEAD = 60 * DAY  # how long before its end a certificate is named


def messages(at: datetime) -> Iterator[Finding]:
    """The outbox: what waits, and what no try could deliver."""
    now = health(at=at)
    state = by_age(now.oldest_age, watch=10 * MINUTE, bad=60 * MINUTE)
    if now.queued:
        words = ngettext(
            "%(n)d message waits, the oldest for %(age)s.", "%(n)d messages wait, the oldest for %(age)s.", now.queued
        ) % {"n": now.queued, "age": age_of(at - now.oldest_age, at)}
    else:
        words = _("No message waits.")
    since = at - now.oldest_age if now.queued else None
    remedy = "" if state is State.WELL else _("See whether a worker runs, and the outbox for a channel that is down.")
    yield Finding(_("Messages"), state, words, since, remedy)
    if now.failing:
        names = _(", ").join(str(lane.get_channel_display()) for lane in now.failing)
        words = _("These ways out do not answer: %(names)s.") % {"names": names}
        since = now.failing[0].failing_since
        yield Finding(
            _("Ways out"), State.WATCH, words, since, _("Look at the channel's own server, then at the outbox.")
        )
    yield dead_letters(now.dead)


def dead_letters(count: int) -> Finding:
    if not count:
        return Finding(_("Dead letters"), State.WELL, _("Every message could be delivered."))
    words = ngettext("%(n)d message could not be delivered.", "%(n)d messages could not be delivered.", count)
    remedy = _("Open the outbox, read the reasons, try again or set aside.")
    return Finding(_("Dead letters"), State.BAD, words % {"n": count}, remedy=remedy)


def jobs(at: datetime) -> Iterator[Finding]:
    oldest = Job.objects.live().order_by("asked_at").values_list("asked_at", flat=True).first()
    if oldest is None:
        yield Finding(_("Background work"), State.WELL, _("Nothing waits."))
        return
    state = by_age(at - oldest, watch=10 * MINUTE, bad=60 * MINUTE)
    words = _("The oldest work was ordered %(age)s ago.") % {"age": age_of(oldest, at)}
    remedy = "" if state is State.WELL else _("See whether a worker runs.")
    yield Finding(_("Background work"), state, words, oldest, remedy)


def roots(at: datetime) -> Iterator[Finding]:
    """The sealer: a root each minute in which something was written, and one an hour in any case."""
    last = TrailRoot.objects.order_by("-n").values_list("at", flat=True).first()
    waits = Unsealed.objects.exists()
    remedy = _("See whether a worker runs and KEYS_DIR can be written; then the worker's log for “seal_trail”.")
    label = _("Roots of the trail")
    if last is None:
        words = _("Nothing has been sealed yet.")
        yield Finding(label, State.WATCH if waits else State.WELL, words, remedy=remedy if waits else "")
        return
    allowed = 3 * MINUTE if waits else silence(at) + 5 * MINUTE
    state = by_age(at - last, watch=allowed, bad=allowed + 10 * MINUTE)
    words = _("The last root was signed %(age)s ago.") % {"age": age_of(last, at)}
    yield Finding(label, state, words, last, "" if state is State.WELL else remedy)


def second_place(at: datetime) -> Iterator[Finding]:
    """Where roots are carried out of the house's own disk."""
    place, label = places.state(), _("Second place of roots")
    remedy = _("Name a directory on another machine in ROOTS_URL, and see that it can be written.")
    if not place.is_set:
        yield Finding(
            label, State.WATCH, _("No second place is set: the roots lie with the trail alone."), remedy=remedy
        )
    elif place.fault == "differs":
        words = _("It holds another root than the trail: the database was set back, or one of both was changed.")
        remedy = _("Keep both as they are and run “manage.py verify_trail --all --roots” on the second place.")
        yield Finding(label, State.BAD, words, remedy=remedy)
    elif place.fault:
        yield Finding(label, State.BAD, _("It cannot be reached."), remedy=remedy)
    elif place.newest:
        yield Finding(label, State.WELL, _("It holds the roots up to number %(n)d.") % {"n": place.newest})
    else:
        yield Finding(label, State.WELL, _("It is ready for the first root."))


def calendar(at: datetime) -> Iterator[Finding]:
    """This year and the next; dates that reach an unloaded year are provisional."""
    today = localdate(at)
    missing = [year for year in (today.year, today.year + 1) if not CalendarYear.objects.filter(year=year).exists()]
    late = [year for year in missing if year == today.year or today.month >= ANNOUNCED]
    remedy = _("A deputy director or director enters the days off under “Working calendar”.")
    if not late:
        yield Finding(_("Working calendar"), State.WELL, calendar_words(missing))
        return
    state = State.BAD if today.year in late else State.WATCH
    years = _(", ").join(str(year) for year in late)
    words = _("The days off of %(years)s are not entered: dates that reach it are provisional.") % {"years": years}
    yield Finding(_("Working calendar"), state, words, remedy=remedy)


def calendar_words(missing: list[int]) -> str:
    if missing:
        return _("This year is entered; the next is announced in November.")
    return _("This year and the next are entered.")


def certificates(at: datetime) -> Iterator[Finding]:
    """Enforcement certificates of people at work that end within 60 days or have ended, with none to follow."""
    today = localdate(at)
    ended, ending = (
        without_next(today - DAY * 365, today - DAY, today),
        without_next(today, today + AHEAD, today + AHEAD),
    )
    label = _("Enforcement certificates")
    if not (ended or ending):
        yield Finding(label, State.WELL, _("None ends within 60 days."))
        return
    words = _("%(ended)d have ended and %(ending)d end within 60 days, with none to follow.")
    remedy = _("Have them renewed and entered: without one an officer is never one of the two.")
    yield Finding(label, State.WATCH, words % {"ended": ended, "ending": ending}, remedy=remedy)


def without_next(first: date, last: date, on: date) -> int:
    """People at work whose valid certificate ends between two days, and who hold no other beyond `on`."""
    valid = Certificate.objects.filter(status=Certificate.Status.VALID)
    other = valid.filter(officer=OuterRef("officer")).filter(Q(valid_to=None) | Q(valid_to__gt=on))
    ending = valid.filter(valid_to__range=(first, last), officer__is_active=True)
    return ending.filter(~Exists(other)).values("officer").distinct().count()
