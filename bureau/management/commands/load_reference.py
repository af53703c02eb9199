"""Load a district's first-day data: all or nothing, and a second time nothing."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bureau.desk.contributions import reference_loaders
from bureau.desk.refusal import Refusal, as_errors


class Command(BaseCommand):
    help = "Loads a district's first-day data from a folder; idempotent; all or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="the folder, such as reference/minhang")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        if not folder.is_dir():
            raise CommandError(_("%(folder)s is not a folder.") % {"folder": folder})
        with transaction.atomic():
            told, refusals = load_all(folder)
            if refusals:
                transaction.set_rollback(True)
        if refusals:
            for refusal in refusals:
                self.stderr.write(str(refusal))
            words = ngettext("%(n)s error; nothing was loaded.", "%(n)s errors; nothing was loaded.", len(refusals))
            raise CommandError(words % {"n": len(refusals)})
        for name, summary in told:
            self.stdout.write(f"{name}: {summary}")


def load_all(folder: Path) -> tuple[list[tuple[str, str]], list[Refusal]]:
    """Ask every room's loader in its order, also after one has refused, so that all defects are told together."""
    told: list[tuple[str, str]] = []
    refusals: list[Refusal] = []
    for name, load in reference_loaders.items():
        try:
            told.append((name, str(load(folder))))
        except Refusal as refusal:
            refusals += as_errors(refusal)
    return told, refusals
