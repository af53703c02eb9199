"""Why this date: the working behind a deadline, as a value for machines and in words for people."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bureau.desk.calendar import WorkingCalendar
from bureau.desk.clockwork import Extension, Kind, Limit, Pause, Roll, Timing, Unit, project
from bureau.desk.day_names import day_name_in_words
from bureau.desk.pauses import as_instant
from bureau.desk.spans import Span, spans_of

CALENDAR_MISSING: Final = "E_CALENDAR_MISSING"


def explain(
    start: date | datetime,
    limit: Limit,
    calendar: WorkingCalendar,
    *,
    roll: Roll = "none",
    suspensions: Sequence[Pause] = (),
    extensions: Sequence[Limit] = (),
    strict: bool = False,
) -> dict[str, Any]:
    """The JSON of `explain_deadline` (interfaces.md).

    With `strict` a due date that hangs on a year that is not loaded gives only `{"error": "E_CALENDAR_MISSING"}`.
    Raises BadLimit and BeyondCalendar.
    """
    granted = [Extension(extension) for extension in extensions]
    timing = project(start, limit, calendar, pauses=suspensions, extensions=granted, roll=roll)
    return {"error": CALENDAR_MISSING} if strict and timing.due_provisional else as_json(timing)


def as_json(timing: Timing) -> dict[str, Any]:
    """A timing and its spans; instants with offset, dates bare, spans half-open (`to` is not in the span)."""
    return {
        "start": timing.start.isoformat(),
        "limit": str(timing.limit),
        "warn_at": _iso(timing.warn_at),
        "due_at": _iso(timing.due_at),
        "due_on": _iso(timing.due_on),
        "rolled_from": _iso(timing.rolled_from),
        "provisional": timing.due_provisional,
        "spans": [_span_as_json(span) for span in spans_of(timing)],
        "error": None,
    }


def sentence(timing: Timing) -> str:
    """The working in words, in the language in force: start, what was left out, the date, and how sure it is."""
    parts = [_beginning(timing), *_left_out(spans_of(timing), timing.kind), _ending(timing)]
    if timing.rolled_from is not None:
        parts.append(_("It was moved from %(day)s, which is a rest day.") % {"day": _day(timing.rolled_from)})
    if timing.due_provisional:
        parts.append(
            _("Provisional: the days of a year are not loaded yet; weekends and statutory holidays were assumed.")
        )
    return " ".join(parts)


def limit_in_words(limit: Limit) -> str:
    """`5 working days`, in the language in force."""
    n = limit.amount
    whole = 2 if n != 1 else 1
    match limit.unit:
        case Unit.WORKING_HOURS:
            words = ngettext("%(n)s working hour", "%(n)s working hours", whole)
        case Unit.WORKING_DAYS:
            words = ngettext("%(n)s working day", "%(n)s working days", whole)
        case Unit.NATURAL_DAYS:
            words = ngettext("%(n)s natural day", "%(n)s natural days", whole)
        case Unit.MONTHS:
            words = ngettext("%(n)s month", "%(n)s months", whole)
        case Unit.YEARS:
            words = ngettext("%(n)s year", "%(n)s years", whole)
        case Unit.CLOCK_HOURS:
            words = ngettext("%(n)s clock hour", "%(n)s clock hours", whole)
    return words % {"n": n}


def span_in_words(span: Span) -> str:
    """What a span was, with its name."""
    words = {
        "excluded": _("first day, not counted"),
        "counted": _("counted"),
        "extended": _("counted, granted by extension"),
        "rest": _("rest day"),
        "suspended": _("suspended"),
        "stopped": _("handed back, under check"),
        "rolled": _("moved to this working day"),
    }[span.kind]
    name = day_name_in_words(span.name) if span.kind == "rest" else span.name
    return f"{words} ({name})" if name else words


def _beginning(timing: Timing) -> str:
    granted = [limit_in_words(timing.limit), *(limit_in_words(extension.limit) for extension in timing.extensions)]
    limit = " + ".join(granted)
    if timing.kind is Kind.DATES:
        return _("%(limit)s from %(start)s, the first day not counted.") % {"limit": limit, "start": _day(timing.start)}
    if timing.counting_from > as_instant(timing.start):
        return _("%(limit)s from %(start)s, counted from %(from)s, when work begins.") % {
            "limit": limit,
            "start": _moment(timing.start),
            "from": _moment(timing.counting_from),
        }
    return _("%(limit)s from %(start)s.") % {"limit": limit, "start": _moment(timing.start)}


def _left_out(spans: Iterable[Span], kind: Kind) -> list[str]:
    days: Counter[str] = Counter()
    for span in spans:
        if span.kind == "rest":
            days[day_name_in_words(span.name) or _("weekend")] += -(
                -(as_instant(span.end) - as_instant(span.start)) // timedelta(days=1)
            )
    parts = []
    if days:
        listed = _(", ").join(
            ngettext("%(name)s %(n)s day", "%(name)s %(n)s days", n) % {"name": name, "n": n}
            for name, n in days.items()
        )
        parts.append(_("Not worked: %(days)s.") % {"days": listed})
    worked = dict.fromkeys(as_instant(s.start).date() for s in spans if s.name and s.kind in ("counted", "extended"))
    if worked:
        parts.append(_("Worked on make-up days: %(days)s.") % {"days": _(", ").join(_day(on) for on in worked)})
    for span in spans:
        if span.kind in ("suspended", "stopped"):
            shown = _day if kind is Kind.DATES else _moment
            words = {"what": span_in_words(span), "from": shown(span.start), "to": shown(span.end)}
            parts.append(_("Clock stopped: %(what)s, %(from)s to %(to)s.") % words)
    return parts


def _ending(timing: Timing) -> str:
    if timing.due_at is None:
        return _("No due date can be known before the clock goes on.")
    if timing.due_on is not None and timing.kind is Kind.DATES:
        return _("The last day is %(day)s, to 24:00.") % {"day": _day(timing.due_on)}
    return _("Due %(due)s; yellow after %(warn)s.") % {"due": _moment(timing.due_at), "warn": _moment(timing.warn_at)}


def _span_as_json(span: Span) -> dict[str, Any]:
    facts = {"from": span.start.isoformat(), "to": span.end.isoformat(), "kind": span.kind}
    if span.name:
        facts["reason" if span.kind in ("suspended", "stopped") else "name"] = span.name
    return facts


def _iso(at: date | datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _day(on: date) -> str:
    return formats.date_format(on, "Y-m-d l")


def _moment(at: date | datetime | None) -> str:
    return "" if at is None else f"{at:%Y-%m-%d %H:%M}"
