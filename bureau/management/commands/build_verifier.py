from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bureau.desk.sealing.verifier import build_verifier


class Command(BaseCommand):
    help = "Makes the stand-alone verifier: one file that runs with `python3 -I verifier.pyz`, without the portal."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("out", help="the file to write, verifier.pyz")

    def handle(self, *args: object, out: str, **options: object) -> None:
        try:
            build_verifier(Path(out))
        except OSError as error:
            raise CommandError(f"{out}: cannot be written ({error.strerror}).") from error
        self.stdout.write(f"verifier written: {out}")
