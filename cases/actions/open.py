"""A lead is opened as an enforcement case under verification (law.md 5.2, rows 1 and 2; 5.5, G01 G02 G04 G05)."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from bureau.desk.calendar import add_years
from bureau.desk.refusal import BadValue, LawRefused, NotYourMove, Refusal, as_errors, raise_all, required
from bureau.models import Officer, Organisation, Posting, Role
from cases.actions.officers import named_officers
from cases.models import Case, Party
from cases.numbers import next_lead_number
from cases.workflow import CASE_FLOW
from grid.actions.report import gather
from grid.models import Issue
from grid.words import tidy_phone, tidy_text
from powers.kinds import Category
from powers.lookup import ask_category, power_in_force
from powers.models import Power

YEARS_OF_LIMITATION = 2
SAME_ACT = "one_open_case_of_a_party_and_act"
PARTY_FIELDS = ("kind", "name", "phone", "address")


def open_case(
    *,
    power: str,
    act_on: date,
    discovered_on: date,
    party: Mapping[str, str],
    place: str,
    officers: Sequence[str],
    by: Officer,
    at: datetime,
    issue: Issue | str | None = None,
    continuing: bool = False,
    continuing_reason: str = "",
) -> Case:
    """Open a lead in the squad of `by`: number it, start the verification clock; all or nothing.

    `power` is a code of the list in force on `act_on` (a local day), `party` holds `kind` and `name` and may hold
    `phone` and `address`, `officers` are two usernames, `issue` an issue or its id. The issue and its clock are not
    touched. Raises every defect together, E_DUPLICATE (422), and NotYourMove for who is no officer of a squad.
    """
    case = Case(opened_by=by, opened_at=at, is_continuing=continuing)
    case.issue = issue_of(issue, by)
    posting = posting_of(by, case.issue)
    case.handled_by, case.unit_id = posting.organisation, posting.organisation.unit_id
    whose = read_all(
        case, power=power, days=(act_on, discovered_on), party=party, place=place, officers=officers,
        continuing_reason=continuing_reason, at=at,
    )  # fmt: skip
    refuse_double(case, by)
    try:
        return save_opened(case, whose, posting, by=by, at=at)
    except IntegrityError as error:
        if SAME_ACT not in str(error):
            raise
        raise doubled(None) from error


@transaction.atomic
def save_opened(case: Case, party: Party, posting: Posting, *, by: Officer, at: datetime) -> Case:
    case.lead_number = next_lead_number(timezone.localdate(at))
    CASE_FLOW.begin(case, "open", by=by, at=at, facts=said_of(case), posting=posting)
    party.case = case
    party.save(force_insert=True)
    return case


def read_all(
    case: Case, *, power: str, days: tuple[date, date], party: Mapping[str, str], place: str,
    officers: Sequence[str], continuing_reason: str, at: datetime,
) -> Party:  # fmt: skip
    """Put what was said on the case, and answer its party; every defect is raised together."""
    defects: list[Refusal] = []
    today = timezone.localdate(at)
    case.act_on, case.discovered_on = days
    gather(defects, lambda: refuse_wrong_days(*days, today))
    gather(defects, lambda: refuse_too_late(case))
    chosen = gather(defects, lambda: penalty_power(power, case.act_on))
    whose = gather(defects, lambda: party_of(party))
    named = gather(defects, lambda: named_officers(officers, case.handled_by, at=at, on=today))
    case.place = gather(defects, lambda: tidy_text(place, "place", longest=200))
    case.continuing_reason = gather(defects, lambda: reason_of(case.is_continuing, continuing_reason))
    raise_all([defect for told in defects for defect in as_errors(told)])
    case.power, (case.first_officer, case.second_officer) = chosen, named
    case.same_act = fingerprint(whose, chosen, case.act_on)
    return whose


def issue_of(issue: Issue | str | None, by: Officer) -> Issue | None:
    """The issue that the lead comes from, if this person may know of it."""
    if issue is None or issue == "":
        return None
    found = Issue.objects.visible_to(by).filter(pk=getattr(issue, "pk", issue)).first()
    if found is None:
        raise BadValue(_("There is no such issue."), code="unknown_issue", pointer="/issue")
    return found


def posting_of(by: Officer, issue: Issue | None) -> Posting:
    """As which squad's officer this person opens the lead; with an issue, that of its unit or of its handler first."""
    squads = [posting for posting in by.postings_now if opens_cases(posting)]
    if not squads:
        raise NotYourMove(_("Only an officer of a squad opens an enforcement case."))
    return next((posting for posting in squads if issue and is_near(posting, issue)), squads[0])


def opens_cases(posting: Posting) -> bool:
    home = posting.organisation
    return posting.role == Role.SQUAD_OFFICER and home.kind == Organisation.Kind.SQUAD and home.unit_id is not None


def is_near(posting: Posting, issue: Issue) -> bool:
    return posting.organisation_id == issue.handled_by_id or posting.organisation.unit_id == issue.unit_id


def can_open_case(by: Any) -> bool:
    return any(opens_cases(posting) for posting in by.postings_now)


def squad_of(by: Officer, issue: Issue | None = None) -> Organisation:
    """The squad in which this person would open a lead; NotYourMove when there is none."""
    return posting_of(by, issue).organisation


def penalty_power(code: str, on: date) -> Power:
    power = power_in_force(code.strip(), on)
    ask_category(power, Category.PENALTY)
    return power


def refuse_wrong_days(act_on: date, discovered_on: date, today: date) -> None:
    """The act is not discovered before it is done, and neither lies in the future."""
    wrong: list[Refusal] = [
        BadValue(_("This day lies in the future."), code="in_future", pointer=f"/{name}")
        for name, day in (("act_on", act_on), ("discovered_on", discovered_on))
        if day > today
    ]
    if act_on > discovered_on:
        wrong.append(
            BadValue(
                _("The act cannot be discovered before it was done."), code="before_the_act", pointer="/discovered_on"
            )
        )
    raise_all(wrong)


def refuse_too_late(case: Case) -> None:
    """Discovered more than two years after the act (law.md G05), unless the act goes on."""
    last = add_years(case.act_on, YEARS_OF_LIMITATION)
    if case.discovered_on > last and not case.is_continuing:
        raise LawRefused(
            format_lazy(_("The limitation of two years ended on {day}."), day=last.isoformat()),
            code="E_LIMITATION",
            pointer="/discovered_on",
            remedy=_("If the act was still going on, say so and why."),
        )


def reason_of(continuing: bool, reason: str) -> str:
    tidy = tidy_text(reason, "continuing_reason", longest=200, may_be_blank=True)
    if continuing and not tidy:
        raise required("continuing_reason", _("Say why the act counts as going on."))
    return tidy if continuing else ""


def party_of(said: Mapping[str, str]) -> Party:
    """The party as it is kept; all its defects together."""
    defects: list[Refusal] = [
        BadValue(_("A party has no such field."), code="unknown_field", pointer=f"/party/{name}")
        for name in said
        if name not in PARTY_FIELDS
    ]
    if said.get("kind") not in Party.Kind.values:
        defects.append(BadValue(_("There is no such kind of party."), code="invalid_choice", pointer="/party/kind"))
    party = Party(
        kind=said.get("kind"),
        name=gather(defects, lambda: tidy_text(said.get("name", ""), "party/name", longest=80)),
        phone=gather(defects, lambda: tidy_phone(said.get("phone", ""), "party/phone")),
        address=gather(
            defects, lambda: tidy_text(said.get("address", ""), "party/address", longest=200, may_be_blank=True)
        ),
    )
    raise_all([defect for told in defects for defect in as_errors(told)])
    return party


def fingerprint(party: Party, power: Power, on: date) -> str:
    """The same party, power and day give the same text, whatever blanks and widths were typed."""
    name = "".join(unicodedata.normalize("NFKC", party.name).casefold().split())
    return hashlib.sha256(f"{party.kind}|{name}|{power.code}|{on.isoformat()}".encode()).hexdigest()


def refuse_double(case: Case, by: Officer) -> None:
    double = Case.objects.open().filter(same_act=case.same_act).first()
    if double is not None:
        raise doubled(double if Case.objects.visible_to(by).filter(pk=double.pk).exists() else None)


def doubled(known: Case | None) -> LawRefused:
    """Names the other case only to whom may read it."""
    remedy = format_lazy(_("It is {number}."), number=known.number) if known else _("Ask the bureau who pursues it.")
    return LawRefused(
        _("An open case about the same party, power and day of the act is there already."),
        code="E_DUPLICATE",
        pointer="/party/name",
        remedy=remedy,
    )


def said_of(case: Case) -> dict[str, Any]:
    """What the trail keeps of the opening: nothing about the party."""
    return {
        "lead_number": case.lead_number,
        "issue": str(case.issue_id) if case.issue_id else None,
        "power": case.power.code,
        "edition": case.power.edition_id,
        "act_on": case.act_on.isoformat(),
        "discovered_on": case.discovered_on.isoformat(),
        "continuing": case.is_continuing,
        "officers": [person.username for person in case.officers],
    }
