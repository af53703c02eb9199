from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.translations import compare


class Command(BaseCommand):
    help = "Names every text without Chinese and every Chinese that no text uses; exit status 1 if any."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        found = compare(Path(settings.BASE_DIR))
        for title, lines in (("Without Chinese", found.missing), ("Used nowhere", found.stale)):
            for line in lines:
                self.stdout.write(f"{title}: {line}")
        if found.missing or found.stale:
            raise CommandError(f"{len(found.missing)} texts without Chinese, {len(found.stale)} used nowhere.")
        self.stdout.write("Every text has its Chinese.")
