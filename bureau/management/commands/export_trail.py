from argparse import ArgumentTypeError
from datetime import datetime
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from bureau.desk.sealing.export import export_trail, span_of


def instant(text: str) -> datetime:
    at = parse_datetime(text if "T" in text or " " in text else f"{text}T00:00:00")
    if at is None:
        raise ArgumentTypeError(f"{text!r} is no date and no time; write 2026-03-02 or 2026-03-02T08:00+08:00")
    return timezone.make_aware(at) if timezone.is_naive(at) else at


class Command(BaseCommand):
    help = "Writes the trail as files that anybody checks with the stand-alone verifier: verifier.pyz verify-trail DIR."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("dir", type=Path, help="the directory to make")
        parser.add_argument("--from", dest="start", type=instant, help="what was sealed from this time on")
        parser.add_argument("--to", dest="end", type=instant, help="what was sealed before this time")
        parser.add_argument("--with-files", action="store_true", help="copy the evidence files too")

    def handle(self, *args: object, **options: object) -> None:
        place: Path = options["dir"]  # type: ignore[assignment]
        try:
            span = span_of(options["start"], options["end"])  # type: ignore[arg-type]
            about = export_trail(place, span, at=timezone.now(), with_files=bool(options["with_files"]))
        except FileExistsError as error:
            raise CommandError(f"{place}: is there already; an export is never written over another.") from error
        except ValueError as error:
            raise CommandError(f"--from, --to: {error}.") from error
        except OSError as error:
            raise CommandError(f"{place}: cannot be written ({error.strerror}).") from error
        self.stdout.write(
            f"exported to {place}: {about['entries']} lines, {about['evidence']} files, {about['roots']} roots"
        )
