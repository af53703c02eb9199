"""`manage.py explain_deadline START LIMIT`: the working behind a date."""

import argparse
import json
import re
from datetime import date, datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils.translation import gettext as _

from bureau.desk.almanac import current_calendar
from bureau.desk.calendar import FIRST_YEAR, LAST_YEAR, SHANGHAI, BeyondCalendar, WorkingCalendar
from bureau.desk.clockwork import BadLimit, Extension, Limit, Pause, Timing, project
from bureau.desk.explain import CALENDAR_MISSING, as_json, sentence, span_in_words
from bureau.desk.spans import Span, spans_of

DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?", re.ASCII)


class Command(BaseCommand):
    help = "Show the working behind a deadline. START: a date counts as the law counts periods, an instant counts time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("start", metavar="START", type=moment, help="2026-09-30 or 2026-09-30T14:00[+08:00]")
        parser.add_argument(
            "limit", metavar="LIMIT", type=limit, help="'N working_hours|working_days|natural_days|...'"
        )
        parser.add_argument("--roll", choices=["forward", "none"], default="none")
        parser.add_argument(
            "--suspend", metavar="A/B", type=pause, action="append", default=[], help="stops on A, resumes on B"
        )
        parser.add_argument("--extend", metavar="LIMIT", type=limit, action="append", default=[])
        parser.add_argument("--strict", action="store_true", help="refuse a date that hangs on a year not loaded")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        timing = self.timing_of(options)
        if options["strict"] and timing.due_provisional:
            if options["json"]:
                self.stdout.write(json.dumps({"error": CALENDAR_MISSING}))
            raise CommandError(
                f"{CALENDAR_MISSING}: " + _("the date hangs on a year whose days are not loaded."), returncode=1
            )
        if options["json"]:
            self.stdout.write(json.dumps(as_json(timing), ensure_ascii=False, indent=2))
            return
        self.stdout.write(sentence(timing))
        for span in spans_of(timing):
            self.stdout.write(f"  {shown(span)}  {span_in_words(span)}")

    def calendar(self) -> WorkingCalendar:
        try:
            return current_calendar()
        except DatabaseError as error:
            raise CommandError(
                _("the calendar cannot be read: run migrate and load_reference first."), returncode=3
            ) from error

    def timing_of(self, options: dict[str, Any]) -> Timing:
        start, pauses = options["start"], options["suspend"]
        for stopped in pauses:
            if isinstance(stopped.start, datetime) != isinstance(start, datetime):
                raise CommandError(
                    _("argument --suspend: give dates when START is a date, instants when it is an instant."),
                    returncode=2,
                )
        try:
            return project(
                start,
                options["limit"],
                self.calendar(),
                pauses=pauses,
                extensions=[Extension(extension) for extension in options["extend"]],
                roll=options["roll"],
            )
        except BadLimit as error:
            raise CommandError(f"argument LIMIT: {error}", returncode=2) from error
        except (BeyondCalendar, OverflowError) as error:
            raise CommandError(
                f"argument LIMIT: {options['limit']} reaches beyond {LAST_YEAR}", returncode=2
            ) from error


def moment(text: str) -> date | datetime:
    """A date, or an instant; without an offset it is Asia/Shanghai."""
    try:
        if DATE.fullmatch(text):
            return in_range(date.fromisoformat(text))
        if INSTANT.fullmatch(text):
            instant = datetime.fromisoformat(text)
            return in_range(instant.astimezone(SHANGHAI) if instant.tzinfo else instant.replace(tzinfo=SHANGHAI))
    except (ValueError, OverflowError) as error:
        raise argparse.ArgumentTypeError(f"{text!r}: {error}") from error
    raise argparse.ArgumentTypeError(f"{text!r} is neither a date (2026-09-30) nor an instant (2026-09-30T14:00)")


def in_range(on: date) -> date:
    if not FIRST_YEAR <= on.year <= LAST_YEAR:
        raise ValueError(f"the year must lie between {FIRST_YEAR} and {LAST_YEAR}")
    return on


def limit(text: str) -> Limit:
    try:
        return Limit.parse(text)
    except BadLimit as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def pause(text: str) -> Pause:
    """`A/B`: the clock stops on A and resumes on B; `A/` still stands."""
    start, slash, end = text.partition("/")
    if not slash:
        raise argparse.ArgumentTypeError(f"{text!r} is not A/B")
    stopped, resumed = moment(start), moment(end) if end else None
    if resumed is not None and isinstance(stopped, datetime) != isinstance(resumed, datetime):
        raise argparse.ArgumentTypeError(f"{text!r}: give two dates or two instants")
    if resumed is not None and resumed < stopped:
        raise argparse.ArgumentTypeError(f"{text!r}: it ends before it begins")
    return Pause(stopped, resumed)


def shown(span: Span) -> str:
    """Instants as they are, dates with their last day included."""
    if isinstance(span.start, datetime):
        return f"{span.start:%Y-%m-%d %H:%M} – {span.end:%Y-%m-%d %H:%M}"
    last = span.end - timedelta(days=1)
    return f"{span.start}" if span.start == last else f"{span.start} – {last}"
