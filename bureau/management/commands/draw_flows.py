from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from bureau.desk.drawing import drawn_flows

PLACE = Path("docs") / "flows.md"


class Command(BaseCommand):
    help = "Draws the moves of every noun that has a status, as Mermaid, from the tables themselves."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--write", action="store_true", help=f"write {PLACE} instead of printing")
        parser.add_argument("--check", action="store_true", help=f"fail when {PLACE} is not what the tables say")

    def handle(self, *args: Any, write: bool, check: bool, **options: Any) -> None:
        drawn, place = drawn_flows(), Path(settings.BASE_DIR) / PLACE
        if write:
            place.write_text(drawn, encoding="utf-8")
        elif check and place.read_text(encoding="utf-8") != drawn:
            raise CommandError(f"{PLACE} is not what the tables say: run `manage.py draw_flows --write`.")
        elif not check:
            self.stdout.write(drawn, ending="")
