"""Units, organisations and people; everybody has served since 2015."""

from __future__ import annotations

from datetime import date, datetime
from itertools import count
from zoneinfo import ZoneInfo

from bureau.models import Certificate, Officer, Organisation, Posting, Role, Unit

SHANGHAI = ZoneInfo("Asia/Shanghai")
FOUNDED = date(2015, 1, 1)
SINCE = datetime(2015, 1, 1, tzinfo=SHANGHAI)
UNITS = {
    "qibao": ("310112102", "七宝镇", "Qibao Town", "town"),
    "meilong": ("310112108", "梅陇镇", "Meilong Town", "town"),
    "pujiang": ("310112114", "浦江镇", "Pujiang Town", "town"),
}
HOMES = {
    Role.UNIT_DESK: Organisation.Kind.SUB_CENTRE,
    Role.SQUAD_OFFICER: Organisation.Kind.SQUAD,
    Role.SQUAD_LEADER: Organisation.Kind.SQUAD,
    Role.AUXILIARY: Organisation.Kind.SQUAD,
    Role.STATION: Organisation.Kind.STATION,
    Role.TOWN_LEADER: Organisation.Kind.GOVERNMENT,
    Role.PARTNER: Organisation.Kind.PARTNER,
    Role.SOCIAL: Organisation.Kind.SOCIAL,
    Role.DISTRICT_SUPERVISION: Organisation.Kind.DISTRICT_SUPERVISION,
    Role.INSPECTOR: Organisation.Kind.GRID_CENTRE,
    Role.OPERATOR: Organisation.Kind.GRID_CENTRE,
    Role.SHIFT_LEADER: Organisation.Kind.GRID_CENTRE,
    Role.DISPATCHER: Organisation.Kind.GRID_CENTRE,
}
LOCAL = {
    Organisation.Kind.SUB_CENTRE,
    Organisation.Kind.SQUAD,
    Organisation.Kind.STATION,
    Organisation.Kind.GOVERNMENT,
    Organisation.Kind.LAND_OFFICE,
    Organisation.Kind.HOUSING_OFFICE,
    Organisation.Kind.MARKET_SUPERVISION,
}
_numbers = count(1)


def shanghai(text: str) -> datetime:
    """`2026-06-22 09:00` in the portal's zone."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def unit(slug: str = "qibao") -> Unit:
    code, name_zh, name_en, kind = UNITS[slug]
    found, _ = Unit.objects.get_or_create(
        code=code,
        defaults={
            "slug": slug,
            "name_zh": name_zh,
            "name_en": name_en,
            "kind": kind,
            "longitude": 121.35,
            "latitude": 31.15,
            "valid_from": FOUNDED,
        },
    )
    return found


def organisation(kind: str, unit: Unit | None = None) -> Organisation:
    """The organisation of that kind in the unit; the district's own without one."""
    code = f"{unit.slug}-{kind}" if unit else kind
    found, _ = Organisation.objects.get_or_create(
        code=code.replace("_", "-"),
        defaults={
            "kind": kind,
            "unit": unit,
            "name_zh": f"{unit or '区'}{kind}",
            "name_en": code,
            "valid_from": FOUNDED,
        },
    )
    return found


def squad(unit: Unit) -> Organisation:
    return organisation(Organisation.Kind.SQUAD, unit)


def officer(
    unit: Unit | None = None,
    role: str = Role.SQUAD_OFFICER,
    *,
    organisation_of: Organisation | None = None,
    username: str = "",
) -> Officer:
    """A person with one posting: in the organisation that goes with the role, of the unit where it is a local one."""
    number = next(_numbers)
    person = Officer.objects.create(username=username or f"{role}-{number}", name=f"某{number}")
    home = organisation_of or home_of(role, unit)
    post(person, home, role)
    return person


def home_of(role: str, unit: Unit | None) -> Organisation:
    kind = HOMES.get(Role(role), Organisation.Kind.BUREAU)
    return organisation(kind, unit if kind in LOCAL else None)


def post(
    person: Officer,
    home: Organisation,
    role: str,
    *,
    starts_at: datetime = SINCE,
    ends_at: datetime | None = None,
) -> Posting:
    """A further posting; what the person may do is read anew."""
    posting = Posting.objects.create(officer=person, organisation=home, role=role, starts_at=starts_at, ends_at=ends_at)
    person.__dict__.pop("postings_now", None)
    return posting


MONDAY_NOON = shanghai("2026-06-22 12:00")
PASSWORD = "a-long-way-to-the-river"


def certificate(
    person: Officer, *, valid_from: date = FOUNDED, valid_to: date | None = date(2030, 12, 31), **said: str
) -> Certificate:
    """An enforcement certificate, valid unless said otherwise."""
    number = f"沪闵{next(_numbers):05}"
    return Certificate.objects.create(officer=person, number=number, valid_from=valid_from, valid_to=valid_to, **said)


def with_password(person: Officer, password: str = PASSWORD) -> Officer:
    """The person can sign in."""
    person.set_password(password)
    person.save()
    return person
