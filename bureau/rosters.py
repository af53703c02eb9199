"""Who serves where now, and who may read that."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.db.models import Prefetch, QuerySet

from bureau.models import Certificate, Officer, Organisation, Posting, Role

OUTSIDERS: Final = frozenset({Role.PARTNER, Role.SOCIAL, Role.STATION})


def sees_people(officer: Any) -> bool:
    """The staff of the system read names and posts; partners, stations and social supervisors do not."""
    return bool(officer.roles_now - OUTSIDERS)


def people_visible_to(officer: Any) -> QuerySet[Officer]:
    """Active people with their posts of now (`posts_now`); oneself alone for an outsider."""
    posts = Posting.objects.current().select_related("organisation").order_by("starts_at", "pk")
    found = Officer.objects.filter(is_active=True).prefetch_related(Prefetch("postings", posts, to_attr="posts_now"))
    return found if sees_people(officer) else found.filter(pk=officer.pk)


def posted_now(people: QuerySet[Officer], **of: Any) -> QuerySet[Officer]:
    """The people among these who hold such a post now; `of` are lookups of a posting."""
    return people.filter(pk__in=Posting.objects.current().filter(**of).values("officer"))


def postings_in(body: Organisation) -> QuerySet[Posting]:
    """Posts held there now by active people, with their people."""
    held = Posting.objects.current().held_by_active().filter(organisation=body)
    found: QuerySet[Posting] = held.select_related("officer").order_by("role", "officer__username")
    return found


def certified_in(body: Organisation, on: date) -> int:
    """How many people posted there now hold a certificate that is valid on that day."""
    people = postings_in(body).order_by().values("officer")
    valid = Certificate.objects.in_force(on).filter(status=Certificate.Status.VALID, officer__in=people)
    return int(valid.values("officer").distinct().count())
