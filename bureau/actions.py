"""People come, are posted, are certified and leave: rows with dates, never edited rights."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from bureau.desk.refusal import Refusal
from bureau.models import Certificate, Officer, Organisation, Posting, Role


@dataclass(frozen=True)
class Person:
    """Somebody to be enrolled: staff number, name, and the post."""

    username: str
    name: str
    role: Role
    organisation: Organisation


def enrol_officer(username: str, name: str, *, mobile: str = "", hashed_password: str = "") -> Officer:
    """One account for one natural person; without a hashed password nobody can sign in to it yet.

    Enrolling the same staff number again brings the name up to date and changes no password.
    """
    officer = Officer(username=username, name=name, mobile=mobile or None, password=hashed_password)
    if not hashed_password:
        officer.set_unusable_password()
    found, is_new = Officer.objects.get_or_create(
        username=username, defaults={"name": name, "mobile": mobile or None, "password": officer.password}
    )
    if not is_new and found.name != name:
        found.name = name
        found.save(update_fields=["name"])
    return found


def post_officer(officer: Officer, organisation: Organisation, role: Role, *, at: datetime) -> Posting:
    """Give the post from `at`, open-ended; the same open post is given once."""
    posting, _is_new = Posting.objects.get_or_create(
        officer=officer, organisation=organisation, role=role, ends_at=None, defaults={"starts_at": at}
    )
    return posting


def end_posting(posting: Posting, *, at: datetime) -> None:
    """Rights are read at each request, so they end with the posting."""
    posting.ends_at = at
    posting.save(update_fields=["ends_at"])


def certify_officer(officer: Officer, number: str, *, valid_from: date, valid_to: date) -> Certificate:
    """An enforcement certificate of that number, both days included; the same number is given once."""
    certificate, _is_new = Certificate.objects.get_or_create(
        number=number, defaults={"officer": officer, "valid_from": valid_from, "valid_to": valid_to}
    )
    return certificate


@transaction.atomic
def enrol_first_people(people: Iterable[Person], *, at: datetime) -> list[Officer]:
    """The first accounts of an empty portal; refused for good once any account exists."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE bureau_officer IN SHARE ROW EXCLUSIVE MODE")
    if Officer.objects.exists():
        raise Refusal(_("This portal already has accounts; the first run is over."), code="already_run")
    enrolled = []
    for person in people:
        officer = enrol_officer(person.username, person.name)
        post_officer(officer, person.organisation, person.role, at=at)
        enrolled.append(officer)
    return enrolled


def choose_password(officer: Officer, password: str) -> None:
    officer.set_password(password)
    officer.save(update_fields=["password"])


def choose_language(officer: Officer, code: str) -> None:
    officer.language = code
    officer.save(update_fields=["language"])
