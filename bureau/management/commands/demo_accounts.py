from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from bureau import demo
from bureau.actions import certify_officer, enrol_officer, post_officer
from bureau.models import Officer, Organisation, Unit


class Command(BaseCommand):
    help = "Makes the accounts of the manual with their postings and certificates; only in demo and test."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PORTAL_ENV not in ("demo", "test"):
            raise CommandError("Demo accounts share a published password: PORTAL_ENV must be demo or test.")
        organisations = {found.code: found for found in Organisation.objects.all()}
        if missing := demo.missing_organisations(organisations):
            raise CommandError(f"Load the reference data first; missing: {', '.join(missing[:5])}.")
        units = {unit.slug: unit for unit in Unit.objects.all()}
        accounts = list(demo.accounts(units))
        with transaction.atomic():
            hashed = standing_hash() or make_password(demo.PASSWORD)
            for number, account in enumerate(accounts, start=1):
                make(account, organisations[account.organisation], hashed, number)
        self.stdout.write(table(accounts, units))


def make(account: demo.Account, organisation: Organisation, hashed: str, number: int) -> None:
    since = datetime.combine(demo.SINCE, time.min, tzinfo=timezone.get_current_timezone())
    officer = enrol_officer(account.username, account.name, hashed_password=hashed)
    post_officer(officer, organisation, account.role, at=since)
    if account.is_certified:
        first, last = demo.CERTIFIED
        certify_officer(officer, f"沪闵演示{number:04}", valid_from=first, valid_to=last)


def standing_hash() -> str:
    """The hash that an earlier run stored, so that every account has the same one."""
    first = Officer.objects.filter(username=demo.DISTRICT[0].username).first()
    return first.password if first and check_password(demo.PASSWORD, first.password) else ""


def table(accounts: list[demo.Account], units: dict[str, Unit]) -> str:
    """What a person at the terminal needs to sign in."""
    lines = [f"Demo accounts, password {demo.PASSWORD} for all:"]
    lines += [f"  {account.username:<12} {account.name}" for account in accounts if account in demo.DISTRICT]
    suffixes = " ".join(f"<unit>_{suffix}" for suffix, *_rest in demo.OF_A_UNIT)
    lines += [f"  {suffixes}", f"    <unit>: {' '.join(slug for slug in demo.UNITS if slug in units)}"]
    return "\n".join(lines)
