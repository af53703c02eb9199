from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config.keeping import status
from config.keeping.backup import back_up, place_in_use, source_in_use
from config.keeping.sealing import KeepingError


class Command(BaseCommand):
    help = (
        "Keeps the database, the documents and the keys, sealed, in BACKUP_DIR; reads the copy back; forgets what no "
        "moment of the last seven days needs. Exit status 1 says what is in the way."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--limit", type=float, default=120.0, help="minutes after which it gives up")

    def handle(self, *args: object, **options: object) -> None:
        limit = options["limit"]
        assert isinstance(limit, float)
        at = timezone.now()
        try:
            place = place_in_use()
            done = back_up(place, source_in_use(), at=at, limit=limit * 60)
            status.note(place.root, "base", tried_at=at, good_at=done.base.finished_at)
        except (KeepingError, OSError) as error:
            raise CommandError(str(error)) from error
        base = done.base
        self.stdout.write(f"base {base.stamp}: {base.size:,} bytes, read back as PostgreSQL's manifest says")
        self.stdout.write(f"{len(done.files.documents)} documents, {len(done.files.added)} of them new; keys kept")
        for path in done.files.changed:
            self.stdout.write(self.style.WARNING(f"changed since it was kept (both are kept now): {Path(path)}"))
        self.stdout.write(f"everything up to {done.complete_to.isoformat()} is kept; {len(done.forgotten)} forgotten")
