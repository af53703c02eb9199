from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.catalogue import CatalogueError, build_catalogue


class Command(BaseCommand):
    help = "Merges the rooms' Chinese catalogues into the one that Django reads."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            written = build_catalogue(Path(settings.BASE_DIR) / "locale")
        except CatalogueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write("Catalogue written." if written else "Catalogue is up to date.")
