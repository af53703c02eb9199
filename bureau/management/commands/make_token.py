from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bureau.desk.keys import PERSONAL_KEY_LIVES, issue_key
from bureau.models import Officer, Organisation

PARTNER_KEY_LIVES = timedelta(days=365)


class Command(BaseCommand):
    help = (
        "Prints a new API key once: a personal key acts as that person for at most 30 days; with --partner the key "
        "acts as that organisation, for at most 365 days."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", help="staff number")
        parser.add_argument("--scope", action="append", default=[], help="read, write, LIST, LIST:read or LIST:write")
        parser.add_argument("--days", type=int, help="1 to 30; a partner's key 1 to 365")
        parser.add_argument("--partner", metavar="CODE", help="the partner organisation for which the key acts")

    def handle(self, *args: Any, **options: Any) -> None:
        officer = Officer.objects.filter(username=options["user"], is_active=True).first()
        if officer is None:
            raise CommandError(f"No active account has the staff number {options['user']!r}.")
        partner = partner_of(options["partner"])
        longest = PARTNER_KEY_LIVES.days if partner else PERSONAL_KEY_LIVES.days
        days = longest if options["days"] is None else options["days"]
        if not 1 <= days <= longest:
            raise CommandError(f"--days: 1 to {longest}.")
        at = timezone.now()
        until = at + timedelta(days=days)
        _key, plain = issue_key(officer, at=at, scopes=options["scope"], partner=partner, expires_at=until)
        last = timezone.localtime(until)
        self.stderr.write(f"Key of {partner or officer.username}, until {last:%Y-%m-%d %H:%M}. It is shown only now.")
        self.stdout.write(plain)


def partner_of(code: str | None) -> Organisation | None:
    if not code:
        return None
    found = Organisation.objects.filter(code=code, kind=Organisation.Kind.PARTNER).first()
    if found is None:
        raise CommandError(f"There is no partner organisation {code!r}.")
    return found
