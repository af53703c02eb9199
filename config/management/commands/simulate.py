from argparse import ArgumentParser
from datetime import datetime

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from cases.models import Case
from config.simulation.month import Month
from grid.models import Issue


class Command(BaseCommand):
    help = "Plays days of a district through the actions, on a moved clock that ends now; all of it or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, default=30)
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument("--issues-per-day", type=float, default=12.0)

    def handle(self, *args: object, days: int, seed: int, issues_per_day: float, **options: object) -> None:
        if settings.PORTAL_ENV == "production":
            raise CommandError("simulate: not in production. PORTAL_ENV must be demo or test.")
        if not 1 <= days <= 366 or not 0 < issues_per_day <= 500:
            raise CommandError("simulate: --days 1 to 366, --issues-per-day above 0 and at most 500.")
        if Issue.objects.exists() or Case.objects.exists():
            raise CommandError("simulate: this database holds issues or cases already; it plays on an empty one only.")
        month = Month(days=days, seed=seed, issues_per_day=issues_per_day, end=timezone.now())
        with transaction.atomic():
            month.play(tell=self.tell)
        self.stdout.write(self.style.SUCCESS(month.summary()))

    def tell(self, at: datetime) -> None:
        self.stdout.write(f"  {timezone.localtime(at):%Y-%m-%d}", ending="\r")
        self.stdout.flush()
