from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bureau.desk.keys import PERSONAL_KEY_LIVES, issue_key
from bureau.models import Officer


class Command(BaseCommand):
    help = "Prints a new personal API key once; it acts as that person, for at most 30 days."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", help="staff number")
        parser.add_argument("--scope", action="append", default=[], help="read, write, LIST, LIST:read or LIST:write")
        parser.add_argument("--days", type=int, default=PERSONAL_KEY_LIVES.days, help="1 to 30")

    def handle(self, *args: Any, **options: Any) -> None:
        officer = Officer.objects.filter(username=options["user"], is_active=True).first()
        if officer is None:
            raise CommandError(f"No active account has the staff number {options['user']!r}.")
        if not 1 <= options["days"] <= PERSONAL_KEY_LIVES.days:
            raise CommandError("--days: 1 to 30.")
        at = timezone.now()
        key, plain = issue_key(officer, at=at, scopes=options["scope"], expires_at=at + timedelta(days=options["days"]))
        self.stderr.write(
            f"Key of {officer.username}, until {timezone.localtime(key.expires_at):%Y-%m-%d %H:%M}. It is shown only now."
        )
        self.stdout.write(plain)
