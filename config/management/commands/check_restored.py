from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from config.keeping import proof


class Command(BaseCommand):
    help = "Proves that database and documents belong together, and prints the heads of all chains in one mark."

    def handle(self, *args: object, **options: object) -> None:
        found = 0
        for fault in proof.faults(Path(settings.MEDIA_ROOT)):
            found += 1
            self.stdout.write(fault)
        if found:
            raise SystemExit(1)
        heads = proof.heads()
        last = f"the last at {heads.last_at.isoformat()}" if heads.last_at else "none yet"
        self.stdout.write(f"trail whole: {heads.entries} entries in {heads.chains} chains, {last}")
        self.stdout.write(f"chain heads {heads.mark}")
        self.stdout.write("every document is there and as it came in")
