from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from bureau.desk.sealing.resume import resume
from bureau.proofs.roots import read_roots


class Command(BaseCommand):
    help = "After a restore: goes on with roots of the trail after the last one outside, and says so in the next root."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--roots", type=Path, default=settings.ROOTS_DIR, help="roots kept outside; ROOTS_URL")

    def handle(self, *args: object, roots: Path | None, **options: object) -> None:
        if roots is None or not roots.exists():
            raise CommandError("--roots: name the file or directory of the roots that are kept outside.")
        outside, unread = read_roots(roots)
        for finding in unread:
            self.stderr.write(str(finding))
        try:
            root, resumed = resume(outside, at=timezone.now())
        except ValueError as error:
            raise CommandError(f"{roots}: {error}.") from error
        self.stdout.write(
            f"root {root.n} goes on after root {resumed.known} outside; "
            f"the portal was set back to root {resumed.agreed}"
        )
