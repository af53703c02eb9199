from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from bureau.desk import signing


class Command(BaseCommand):
    help = "Turns to a new signing key of one purpose (trail, pack, receipt); the old public key stays listed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("purpose", help="what the key signs: trail, pack, receipt")

    def handle(self, *args: object, purpose: str, **options: object) -> None:
        try:
            key = signing.rotate(purpose, at=timezone.now())
        except ValueError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"KEYS_DIR: cannot be written ({error.strerror}).") from error
        self.stdout.write(f"new key of {purpose}: {key.key_id} {key.value.hex()}")
        self.stdout.write("Hand the public key to those who check: they trust only keys that they hold.")
