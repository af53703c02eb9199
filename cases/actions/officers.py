"""The two officers of a case: distinct, posted in the squad, certified on the day (law.md 5.5 G02; security.md D3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from bureau.desk.refusal import LawRefused, Refusal, Words
from bureau.models import Certificate, Officer, Organisation, Posting, Role

TWO = 2
TOO_FEW, NO_CERTIFICATE = "E_OFFICERS_LT2", "E_CERT_INVALID"


def named_officers(names: Sequence[str], squad: Organisation, *, at: datetime, on: date) -> list[Officer]:
    """The two officers of that squad by username; raises E_OFFICERS_LT2 or E_CERT_INVALID naming the person."""
    names = [name.strip() for name in names if name.strip()]
    if len(names) != TWO or len(set(names)) != TWO:
        raise too_few(_("Enforcement is done by two officers: name two different ones."))
    found = {person.username: person for person in Officer.objects.filter(username__in=names, is_active=True)}
    posted = set(
        Posting.objects.at(at)
        .filter(organisation=squad, role=Role.SQUAD_OFFICER, officer__in=found.values())
        .values_list("officer_id", flat=True)
    )
    strangers = [name for name in names if name not in found or found[name].pk not in posted]
    if strangers:
        raise too_few(
            format_lazy(
                _("{names} is no officer of {squad} now, so there are not two officers."),
                names=", ".join(name_of(found.get(name), name) for name in strangers),
                squad=squad,
            )
        )
    two = [found[name] for name in names]
    refuse_uncertified(two, on)
    return two


def name_of(person: Officer | None, typed: str) -> str:
    return person.name if person else typed[:40]


def refuse_uncertified(
    officers: Iterable[Officer], on: date, *, pointer: str = "/officers", remedy: Words = ""
) -> None:
    """Raises E_CERT_INVALID unless everybody holds a certificate that is valid on that day."""
    without = [person.name for person in officers if person.certificate_on(on) is None]
    if without:
        raise LawRefused(
            format_lazy(
                _("{names} holds no enforcement certificate valid on {day}."),
                names=", ".join(without),
                day=on.isoformat(),
            ),
            code=NO_CERTIFICATE,
            pointer=pointer,
            remedy=remedy or _("Name an officer whose certificate is valid on that day."),
        )


def too_few(words: Words) -> Refusal:
    return LawRefused(
        words, code=TOO_FEW, pointer="/officers", remedy=_("Auxiliaries and people of other squads do not count.")
    )


def certified_officers(squad: Organisation, at: datetime, on: date) -> list[Officer]:
    """Officers of the squad who may be named, by staff number."""
    serving = Posting.objects.at(at).filter(organisation=squad, role=Role.SQUAD_OFFICER).values("officer")
    valid = Certificate.objects.filter(status=Certificate.Status.VALID).in_force(on).values("officer")
    return list(Officer.objects.filter(pk__in=serving, is_active=True).filter(pk__in=valid).order_by("username"))
