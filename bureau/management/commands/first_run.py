from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bureau.actions import Person, enrol_first_people
from bureau.desk.refusal import Refusal
from bureau.invitations import invitation_path
from bureau.models import Organisation, Role

POSTS = (
    ("admin", Role.SYSADMIN, "系统管理员"),
    ("director", Role.DIRECTOR, "局长"),
    ("deputy", Role.DEPUTY, "分管局长"),
    ("auditor", Role.AUDITOR, "审计员"),
)


class Command(BaseCommand):
    help = (
        "Makes the first four accounts of a new portal (administrator, director, deputy director, auditor) and prints "
        "a sign-in link for each that works once; then it is locked for good."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        for name, _role, title in POSTS:
            parser.add_argument(
                f"--{name}", metavar="NUMBER[:NAME]", default=f"{name}:{title}", help="staff number, name"
            )

    def handle(self, *args: Any, **options: Any) -> None:
        bureau = Organisation.objects.filter(kind=Organisation.Kind.BUREAU).order_by("valid_from").first()
        if bureau is None:
            raise CommandError("Load the reference data first: manage.py load_reference reference/minhang")
        people = [person_of(options[name], role, title, bureau) for name, role, title in POSTS]
        try:
            officers = enrol_first_people(people, at=timezone.now())
        except Refusal as refusal:
            raise CommandError(f"{refusal} ({refusal.code})") from refusal
        self.stdout.write("Each link works once, within three days, and asks its person to choose a password:")
        for officer, person in zip(officers, people, strict=True):
            link = f"{settings.PUBLIC_URL}{invitation_path(officer)}"
            self.stdout.write(f"  {officer.username:<12} {person.role.value:<10} {link}")


def person_of(text: str, role: Role, title: str, bureau: Organisation) -> Person:
    username, _colon, name = text.partition(":")
    if not username.strip():
        raise CommandError(f"Give a staff number for the {role.value}.")
    return Person(username.strip(), name.strip() or title, role, bureau)
