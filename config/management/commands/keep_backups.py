import os
import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config.keeping.backup import place_in_use, source_in_use
from config.keeping.rounds import Keeper, make_round
from config.keeping.sealing import KeepingError
from config.launcher.places import Places

ROUND = 60.0  # seconds from one round's beginning to the next


class Command(BaseCommand):
    help = (
        "The keeper: until it is stopped it keeps the log and new files each minute, takes a base each night at 02:30 "
        "and restores it once a week into a directory that it throws away. Run one for a portal."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="one round, then stop")

    def handle(self, *args: object, **options: object) -> None:
        try:
            place = place_in_use()
        except KeepingError as error:
            raise CommandError(str(error)) from error
        place.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.nice(10)  # people's requests go first
        drill = Places.from_environment().var / "drill"
        keeper = Keeper(place, source_in_use(), Path(settings.BACKUP_KEY_FILE), drill)
        while True:
            begun = time.monotonic()
            make_round(keeper, clock=timezone.now, say=self.stderr.write)
            if options["once"]:
                return
            time.sleep(max(1.0, ROUND - (time.monotonic() - begun)))
