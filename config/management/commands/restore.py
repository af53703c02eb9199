from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config.keeping.backup import place_in_use
from config.keeping.restoring import Wishes, latest, restore
from config.keeping.sealing import KeepingError


class Command(BaseCommand):
    help = (
        "Restores the portal from BACKUP_DIR into an empty directory, to a moment of the last seven days, and proves "
        "what it restored. A gap, a changed byte or a wrong key is named and refused, and nothing is left behind."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, required=True, help="a directory that is empty or not there")
        moment = parser.add_mutually_exclusive_group(required=True)
        moment.add_argument("--at", type=_moment, help="2026-11-25T14:30:00, Shanghai time unless it names a zone")
        moment.add_argument("--latest", action="store_true", help="to the last moment of which everything is kept")
        help_ = "to the last commit of the log, though its last files may be missing; what is, is named"
        moment.add_argument("--end-of-log", action="store_true", help=help_)

    def handle(self, *args: object, **options: object) -> None:
        to, moment = options["to"], options["at"]
        assert isinstance(to, Path)
        assert moment is None or isinstance(moment, datetime)
        strict = not options["end_of_log"]
        wishes = Wishes(to, Path(settings.BACKUP_KEY_FILE), settings.DATABASE_URL, strict=strict)
        try:
            place = place_in_use()
            moment = latest(place) if options["latest"] else moment
            restore(place, wishes, moment=moment, say=self.stdout.write)
        except (KeepingError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"restored into {to}; docs/operations.md says how it is put to work")


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else timezone.make_aware(moment)
